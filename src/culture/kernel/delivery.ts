/**
 * Sends a spike down its axon: every synapse of the row adds weight x resource to the delay ring at the step and
 * cell where it will arrive. The resource is the depressing synapse of Tsodyks & Markram 1997
 * (https://doi.org/10.1073/pnas.94.2.719), kept once per presynaptic cell: it recovers towards 1 between spikes, and
 * a spike that found it at x leaves x (1 - U).
 */
import { exponential } from "./exponential";
import { ARRIVAL_SHIFT, Layout } from "./layout";

/** The resource that a spike of `cell` (slot * 4) at `step` finds; spends the released part. */
export function release(layout: Layout, cell: usize, step: i32): f32 {
  const elapsed = f32(step - load<i32>(layout.lastSpike + cell));
  const missing = <f32>1 - load<f32>(layout.resource + cell);
  const found = <f32>1 - missing * exponential(-elapsed * load<f32>(layout.recoveryRate + cell));
  store<f32>(layout.resource + cell, found * (<f32>1 - load<f32>(layout.release + cell)));
  store<i32>(layout.lastSpike + cell, step);
  return found;
}

/**
 * Adds `scale` x weight to the delay ring for entries [from, to) of a row. `row` is the offset of this step's ring
 * row, `ringOffset` has each synapse's place counted from there. In blocks (`Slot` is u32) it leaves a mark in `arrivals`.
 */
export function deliver<Slot>(layout: Layout, row: usize, from: i32, to: i32, scale: f32): void {
  const ring = layout.ring;
  const ringBytes = usize(layout.ringBytes);
  let offset = layout.ringOffset + (usize(from) << 2);
  const end = layout.weight + (usize(to) << 2);
  for (let at = layout.weight + (usize(from) << 2); at < end; at += 4) {
    let place = row + load<usize>(offset);
    if (place >= ringBytes) place -= ringBytes;
    if (sizeof<Slot>() == 4) store<u8>(layout.arrivals + (place >> ARRIVAL_SHIFT), 1);
    place += ring;
    store<f32>(place, load<f32>(place) + scale * load<f32>(at));
    offset += 4;
  }
}

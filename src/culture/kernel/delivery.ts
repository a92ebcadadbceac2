/**
 * Sends a spike down its axon: every synapse of the row adds weight x resource to the delay ring at the step and
 * cell where it will arrive. The resource is the depressing synapse of Tsodyks & Markram 1997
 * (https://doi.org/10.1073/pnas.94.2.719), kept once per presynaptic cell: it recovers towards 1 between spikes, and
 * a spike that found it at x leaves x (1 - U).
 */
import { exponential } from "./exponential";
import { Layout } from "./layout";

/** The resource that a spike of `cell` (slot * 4) at `step` finds; spends the released part. */
export function release(layout: Layout, cell: usize, step: i32): f32 {
  const elapsed = f32(step - load<i32>(layout.lastSpike + cell));
  const missing = <f32>1 - load<f32>(layout.resource + cell);
  const found = <f32>1 - missing * exponential(-elapsed * load<f32>(layout.recoveryRate + cell));
  store<f32>(layout.resource + cell, found * (<f32>1 - load<f32>(layout.release + cell)));
  store<i32>(layout.lastSpike + cell, step);
  return found;
}

/** Adds `scale` x weight to the delay ring for every synapse of `cell`. `row` is the offset of this step's ring row. */
export function deliver(layout: Layout, row: usize, cell: usize, scale: f32): void {
  const weight = layout.weight;
  const ring = layout.ring;
  const ringOffset = layout.ringOffset;
  const ringBytes = usize(layout.ringBytes);
  const end = load<usize>(layout.rowEnd + cell);
  for (let at = load<usize>(layout.rowStart + cell); at < end; at += 4) {
    let target = row + load<usize>(ringOffset + at);
    if (target >= ringBytes) target -= ringBytes;
    target += ring;
    store<f32>(target, load<f32>(target) + scale * load<f32>(weight + at));
  }
}

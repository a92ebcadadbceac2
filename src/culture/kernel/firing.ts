/**
 * The first half of an epoch of a block (blocks.ts): its membranes live all of its steps. Spikes, with the resource that each finds, and
 * traces go to the places of their steps.
 */
import { release } from "./delivery";
import { ARRIVAL_SHIFT, Layout, State } from "./layout";
import { integrate, refreshBlock, reset } from "./membrane";
import { decayKept, growKept } from "./plasticity";

/** Fills places [first, first + epoch) of block `b`; `State.step` is then the step after them. */
export function fireEpoch(layout: Layout, block: Layout, b: i32, first: i32, epoch: i32): void {
  const state = changetype<State>(block.state);
  for (let kept = first; kept < first + epoch; kept++) {
    for (let inhibitory = 0; inhibitory < 2; inhibitory++)
      fireKind(layout, block, heardAt(layout, kept, fromOf(block, inhibitory)), countAt(layout, kept, b, inhibitory), inhibitory);
    state.step++;
  }
  for (let inhibitory = 0; inhibitory < 2; inhibitory++) keepTraces(layout, block, b, first, epoch, inhibitory);
}

/** A step of the block's cells, of the inhibitory ones where `inhibitory` is 1: their spikes go to `spikes`, the number of these to `count`. */
function fireKind(layout: Layout, block: Layout, spikes: usize, count: usize, inhibitory: i32): void {
  store<i32>(count, 0);
  const from = fromOf(block, inhibitory);
  const to = toOf(block, inhibitory);
  if (from == to) return;
  const leak = inhibitory != 0 ? layout.leakInhibitory : layout.leakExcitatory;
  const noise = inhibitory != 0 ? layout.noiseInhibitory : layout.noiseExcitatory;
  const refractory = inhibitory != 0 ? layout.refractoryInhibitory : layout.refractoryExcitatory;
  const adaptation = inhibitory != 0 ? layout.adaptationInhibitory : layout.adaptationExcitatory;
  const step = changetype<State>(block.state).step;
  const row = usize(step % layout.ringSlots) * (usize(layout.slots) << 3);
  refreshBlock(block, from, to);
  const fired = integrate<u32>(block, row, from, to, leak, noise);
  memory.fill(layout.arrivals + ((row + (usize(from) << 3)) >> ARRIVAL_SHIFT), 0, usize(to - from) >> 4);
  const end = reset(block, fired, refractory, adaptation, spikes);
  for (let at = spikes; at < end; at += 8) {
    const cell = usize(load<i32>(at, 4)) << 2;
    store<f32>(at, release(layout, cell, step));
    if (inhibitory == 0) store<i32>(layout.spikeCount + cell, load<i32>(layout.spikeCount + cell) + 1);
  }
  store<i32>(count, i32((end - spikes) >> 3));
}

/**
 * The traces of block `b`'s cells of a kind (`inhibitory`) through the epoch whose steps are kept from place `first` on: each step they decay, are
 * kept, and grow by the step's spikes.
 */
function keepTraces(layout: Layout, block: Layout, b: i32, first: i32, epoch: i32, inhibitory: i32): void {
  const row = usize(layout.slots) << 2;
  const from = usize(fromOf(block, inhibitory)) << 2;
  const bytes = (usize(toOf(block, inhibitory)) << 2) - from;
  const kept = usize(first) * row + from;
  if (inhibitory == 0) {
    decayKept(layout.preTrace + from, layout.preTraceKept + kept, bytes, row, epoch, layout.preTraceDecay);
    if (layout.postTrace != layout.preTrace)
      decayKept(layout.postTrace + from, layout.postTraceKept + kept, bytes, row, epoch, layout.postTraceDecay);
    if (layout.triplet != 0)
      decayKept(layout.slowTrace + from, layout.slowTraceKept + kept, bytes, row, epoch, layout.slowTraceDecay);
    if (layout.tripletDepression != 0)
      decayKept(layout.slowPreTrace + from, layout.slowPreTraceKept + kept, bytes, row, epoch, layout.slowPreTraceDecay);
  }
  if (layout.inhibitoryPlastic != 0)
    decayKept(layout.inhibitoryTrace + from, layout.inhibitoryTraceKept + kept, bytes, row, epoch, layout.inhibitoryTraceDecay);
  for (let k = 0; k < epoch; k++) {
    const spikes = heardAt(layout, first + k, fromOf(block, inhibitory));
    const end = spikes + (usize(load<i32>(countAt(layout, first + k, b, inhibitory))) << 3);
    for (let at = spikes; at < end; at += 8) growTraces(layout, usize(load<i32>(at, 4)) << 2, first + k, epoch - 1 - k, inhibitory);
  }
}

/** A spike of `cell` (slot * 4), `inhibitory` or not, at place `kept`, `later` steps before the epoch's last. */
function growTraces(layout: Layout, cell: usize, kept: i32, later: i32, inhibitory: i32): void {
  const row = usize(layout.slots) << 2;
  const at = usize(kept) * row + cell;
  if (inhibitory == 0) {
    growKept(layout.preTrace + cell, layout.preTraceKept + at, row, later, layout.preTraceDecay);
    if (layout.postTrace != layout.preTrace)
      growKept(layout.postTrace + cell, layout.postTraceKept + at, row, later, layout.postTraceDecay);
    if (layout.triplet != 0) growKept(layout.slowTrace + cell, layout.slowTraceKept + at, row, later, layout.slowTraceDecay);
    if (layout.tripletDepression != 0)
      growKept(layout.slowPreTrace + cell, layout.slowPreTraceKept + at, row, later, layout.slowPreTraceDecay);
  }
  if (layout.inhibitoryPlastic != 0)
    growKept(layout.inhibitoryTrace + cell, layout.inhibitoryTraceKept + at, row, later, layout.inhibitoryTraceDecay);
}

// @ts-ignore: decorator
@inline
function fromOf(block: Layout, inhibitory: i32): i32 {
  return inhibitory != 0 ? block.inhibitoryFrom : block.excitatoryFrom;
}

// @ts-ignore: decorator
@inline
function toOf(block: Layout, inhibitory: i32): i32 {
  return inhibitory != 0 ? block.inhibitoryTo : block.excitatoryTo;
}

/** Where the spikes of slot `from` and those after it of its block and kind are kept, as pairs (resource found, slot). */
// @ts-ignore: decorator
@inline
export function heardAt(layout: Layout, kept: i32, from: i32): usize {
  return layout.heard + (usize(kept * layout.slots + from) << 3);
}

/** Where the number of a block's spikes of a kind is kept. */
// @ts-ignore: decorator
@inline
export function countAt(layout: Layout, kept: i32, b: i32, inhibitory: i32): usize {
  return layout.heardCount + (usize((kept * layout.blocks + b) * 2 + inhibitory) << 2);
}

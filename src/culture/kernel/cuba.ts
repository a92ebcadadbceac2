/**
 * The current-based network of Vogels & Abbott 2005 (https://doi.org/10.1523/JNEUROSCI.3508-05.2005) in the form of
 * Brette et al. 2007, benchmark 2 (https://doi.org/10.1007/s10827-007-0038-6): the yardstick of network simulators. Linear
 * between spikes, so each step is exact; no delays. Optional additive pair plasticity on the excitatory synapses.
 */
import { decay, depress, flush, potentiate } from "./plasticity";

const FLUSH_STEPS: i32 = 64;

/** Three arrays of 4096 floats at fixed distances: potential less rest, excitation, inhibition. */
const EXCITATION: usize = 16384;
const INHIBITION: usize = 32768;

/** Written by bench/cuba.ts in this order. Row and column bounds are entry numbers; potentials count from rest. */
@unmanaged
class CubaLayout {
  /** A multiple of 16, at most 4096; the excitatory ones come first. */
  slots: i32;
  excitatorySlots: i32;
  step: i32;
  refractorySteps: i32;
  plastic: i32;
  /** Spikes since the start, and synaptic events they made. */
  spikes: i32;
  events: i32;
  /** Refractory cells, oldest first: `slots` places of (slot, first step when free), used in a circle. */
  refractory: usize;
  oldest: i32;
  refractoryCount: i32;
  fired: usize;
  marks: usize;
  cells: usize;
  rowStart: usize;
  post: usize;
  columnStart: usize;
  columnSynapse: usize;
  columnPre: usize;
  preTrace: usize;
  postTrace: usize;
  weight: usize;

  threshold: f32;
  reset: f32;
  leakDecay: f32;
  excitationDecay: f32;
  inhibitionDecay: f32;
  /** What a unit of excitation or inhibition adds to the potential in a step. */
  excitationGain: f32;
  inhibitionGain: f32;
  traceDecay: f32;
  depression: f32;
  potentiation: f32;
  maximumWeight: f32;
}

export function cubaLayoutBytes(): i32 {
  return i32(offsetof<CubaLayout>());
}

export function runCuba(layoutAddress: usize, steps: i32): void {
  const layout = changetype<CubaLayout>(layoutAddress);
  for (let done = 0; done < steps; done++) {
    const marked = integrate(layout);
    holdRefractory(layout);
    const end = findSpikes(layout, marked);
    for (let at = layout.fired; at < end; at += 4) fire(layout, load<i32>(at));
    if (layout.plastic != 0) learn(layout, end);
    layout.step++;
    if (layout.step % FLUSH_STEPS == 0) flushAll(layout);
  }
}

/** Advances all cells by a step, refractory ones too; leaves every sixteenth slot before a possible spike in `marks`. */
function integrate(layout: CubaLayout): usize {
  const thresholds = f32x4.splat(layout.threshold);
  const leak = f32x4.splat(layout.leakDecay);
  const eDecay = f32x4.splat(layout.excitationDecay);
  const iDecay = f32x4.splat(layout.inhibitionDecay);
  const eGain = f32x4.splat(layout.excitationGain);
  const iGain = f32x4.splat(layout.inhibitionGain);
  let mark = layout.marks;
  let at = layout.cells;
  const end = at + (usize(layout.slots) << 2);
  do {
    let over = f32x4.gt(integrateFour(at, leak, eDecay, iDecay, eGain, iGain), thresholds);
    over = v128.or(over, f32x4.gt(integrateFour(at + 16, leak, eDecay, iDecay, eGain, iGain), thresholds));
    over = v128.or(over, f32x4.gt(integrateFour(at + 32, leak, eDecay, iDecay, eGain, iGain), thresholds));
    over = v128.or(over, f32x4.gt(integrateFour(at + 48, leak, eDecay, iDecay, eGain, iGain), thresholds));
    store<usize>(mark, at);
    mark += usize(i32x4.bitmask(over) != 0) << 2;
    at += 64;
  } while (at < end);
  return mark;
}

/**
 * Advances the four cells at `at`; returns their potentials. In every lane the same number: `leak`, `eDecay` and `iDecay`
 * are what is left of potential, excitation and inhibition after a step, `eGain` and `iGain` what the latter two add to it.
 */
// @ts-ignore: decorator
@inline
function integrateFour(at: usize, leak: v128, eDecay: v128, iDecay: v128, eGain: v128, iGain: v128): v128 {
  const e = v128.load(at, EXCITATION);
  const i = v128.load(at, INHIBITION);
  const input = f32x4.add(f32x4.mul(e, eGain), f32x4.mul(i, iGain));
  const v = f32x4.add(f32x4.mul(v128.load(at), leak), input);
  v128.store(at, v);
  v128.store(at, f32x4.mul(e, eDecay), EXCITATION);
  v128.store(at, f32x4.mul(i, iDecay), INHIBITION);
  return v;
}

/** Puts the cells that are still refractory back to the reset potential; lets go of those that no longer are. */
function holdRefractory(layout: CubaLayout): void {
  const places = layout.slots;
  let place = layout.oldest;
  while (layout.refractoryCount > 0 && load<i32>(layout.refractory + (usize(place) << 3), 4) <= layout.step) {
    place = place + 1 == places ? 0 : place + 1;
    layout.refractoryCount--;
  }
  layout.oldest = place;
  for (let k = 0; k < layout.refractoryCount; k++) {
    store<f32>(layout.cells + (usize(load<i32>(layout.refractory + (usize(place) << 3))) << 2), layout.reset);
    place = place + 1 == places ? 0 : place + 1;
  }
}

/** Lists the slots over threshold at `layout.fired`; returns the list's end. */
function findSpikes(layout: CubaLayout, marked: usize): usize {
  let out = layout.fired;
  for (let mark = layout.marks; mark < marked; mark += 4) {
    const from = load<usize>(mark);
    for (let at = from; at < from + 64; at += 4)
      if (load<f32>(at) > layout.threshold) {
        store<i32>(out, i32((at - layout.cells) >> 2));
        out += 4;
      }
  }
  return out;
}

/** Resets a cell and sends its spike. */
function fire(layout: CubaLayout, slot: i32): void {
  const offset = usize(slot) << 2;
  store<f32>(layout.cells + offset, layout.reset);
  let place = layout.oldest + layout.refractoryCount;
  if (place >= layout.slots) place -= layout.slots;
  store<i32>(layout.refractory + (usize(place) << 3), slot);
  store<i32>(layout.refractory + (usize(place) << 3), layout.step + 1 + layout.refractorySteps, 4);
  layout.refractoryCount++;

  const target = layout.cells + (slot < layout.excitatorySlots ? EXCITATION : INHIBITION);
  const from = load<i32>(layout.rowStart + offset);
  const to = load<i32>(layout.rowStart + offset + 4);
  let post = layout.post + (usize(from) << 1);
  const end = layout.weight + (usize(to) << 2);
  for (let at = layout.weight + (usize(from) << 2); at < end; at += 4) {
    const cell = target + (usize(load<u16>(post)) << 2);
    store<f32>(cell, load<f32>(cell) + load<f32>(at));
    post += 2;
  }
  layout.spikes++;
  layout.events += to - from;
}

function learn(layout: CubaLayout, end: usize): void {
  decay(layout.preTrace, usize(layout.excitatorySlots) << 2, layout.traceDecay);
  decay(layout.postTrace, usize(layout.slots) << 2, layout.traceDecay);
  for (let at = layout.fired; at < end; at += 4) {
    const slot = load<i32>(at);
    if (slot >= layout.excitatorySlots) break;
    const bounds = layout.rowStart + (usize(slot) << 2);
    depress<CubaLayout, u16>(layout, load<i32>(bounds), load<i32>(bounds, 4), layout.depression);
  }
  for (let at = layout.fired; at < end; at += 4) {
    const bounds = layout.columnStart + (usize(load<i32>(at)) << 2);
    potentiate<CubaLayout, u16>(layout, load<i32>(bounds), load<i32>(bounds, 4), layout.potentiation, 0);
  }
  for (let at = layout.fired; at < end; at += 4) {
    const offset = usize(load<i32>(at)) << 2;
    store<f32>(layout.postTrace + offset, load<f32>(layout.postTrace + offset) + 1);
    if (load<i32>(at) < layout.excitatorySlots) store<f32>(layout.preTrace + offset, load<f32>(layout.preTrace + offset) + 1);
  }
}

function flushAll(layout: CubaLayout): void {
  const bytes = usize(layout.slots) << 2;
  flush(layout.preTrace, usize(layout.excitatorySlots) << 2);
  flush(layout.postTrace, bytes);
  flush(layout.cells + EXCITATION, bytes);
  flush(layout.cells + INHIBITION, bytes);
}

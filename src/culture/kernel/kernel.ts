/**
 * The simulated culture's inner loop, compiled to wasm SIMD. Floating point is IEEE single precision in a fixed
 * order without relaxed instructions, so the same memory gives the same spikes on every machine.
 */
import { deliver, release } from "./delivery";
import { freshness, markDown, markUp, settle } from "./eligibility";
import { restoreInputs } from "./consolidation";
import { homeostasis } from "./homeostasis";
import { flushInhibition, learnInhibition } from "./inhibition";
import { Group, GROUP_BYTES, Layout, State } from "./layout";
import { integrate, refreshBlock, reset } from "./membrane";
import { fillGaussian } from "./noise";
import { decay, depress, flush, potentiate, relieve } from "./plasticity";
import { depressByWeight, potentiateByWeight } from "./weight-dependence";

export { cubaLayoutBytes, runCuba } from "./cuba";
export { reward } from "./eligibility";

/** Steps between two sweeps for denormal numbers. */
const FLUSH_STEPS: i32 = 32;
/** Steps between two settlements of the eligibilities: e^(age / tau) must stay a 32-bit float. */
const SETTLE_STEPS: i32 = 512;

export function layoutBytes(): i32 {
  return i32(offsetof<Layout>());
}

export function stateBytes(): i32 {
  return i32(offsetof<State>());
}

/**
 * Advances by up to `steps` steps; returns how many were done: fewer when the spike buffer cannot be sure to hold
 * the next step's. `State.spikeCount` pairs (step, slot) are then in the buffer, ordered by step and slot.
 */
export function run(layoutAddress: usize, steps: i32): i32 {
  const layout = changetype<Layout>(layoutAddress);
  const state = changetype<State>(layout.state);
  const last = layout.spikes + (usize(layout.spikeCapacity - layout.slots) << 3);
  let out = layout.spikes;
  let done = 0;
  while (done < steps && out <= last) {
    const step = state.step;
    const row = usize(step % layout.ringSlots) * (usize(layout.slots) << 3);
    const input = layout.ring + row;
    const first = out;
    fillGaussian(state, layout.gaussian, usize(layout.slots) << 2);
    refreshBlock(layout);
    if (layout.excitatorySlots > 0) {
      const fired = integrate(layout, input, 0, layout.excitatorySlots, layout.leakExcitatory, layout.noiseExcitatory);
      out = reset(layout, fired, layout.refractoryExcitatory, layout.adaptationExcitatory, out);
    }
    const inhibitory = out;
    if (layout.excitatorySlots < layout.slots) {
      const fired = integrate(layout, input, layout.excitatorySlots, layout.slots, layout.leakInhibitory, layout.noiseInhibitory);
      out = reset(layout, fired, layout.refractoryInhibitory, layout.adaptationInhibitory, out);
    }
    for (let at = first; at < out; at += 8) {
      const cell = usize(load<i32>(at, 4)) << 2;
      const scale = release(layout, cell, step);
      deliver(layout, row, load<i32>(layout.rowStart + cell), load<i32>(layout.rowEnd + cell), scale);
    }
    learn(layout, state.plasticity, first, inhibitory);
    if (layout.inhibitoryPlastic != 0) learnInhibition(layout, state.plasticity, first, inhibitory, out);
    if ((step + 1) % layout.homeostasisSteps == 0) homeostasis(layout, state.plasticity != 0);
    if ((step + 1) % FLUSH_STEPS == 0) flushAll(layout);
    if (layout.eligible != 0 && (step + 1) % SETTLE_STEPS == 0) settle(layout);
    state.step = step + 1;
    done++;
  }
  state.spikeCount = i32((out - layout.spikes) >> 3);
  return done;
}

/** Plasticity for this step's excitatory spikes, in [from, to) of the spike buffer. */
function learn(layout: Layout, plasticity: f32, from: usize, to: usize): void {
  const bytes = usize(layout.excitatorySlots) << 2;
  decay(layout.preTrace, bytes, layout.preTraceDecay);
  decay(layout.postTrace, bytes, layout.postTraceDecay);
  if (layout.triplet != 0) decay(layout.slowTrace, bytes, layout.slowTraceDecay);
  if (layout.tripletDepression != 0) decay(layout.slowPreTrace, bytes, layout.slowPreTraceDecay);
  if (from == to) return;
  const down = layout.depression * plasticity;
  const up = layout.potentiation * plasticity;
  if (layout.eligible != 0) mark(layout, from, to, down, up);
  else if (plasticity != 0) {
    for (let at = from; at < to; at += 8) {
      const cell = usize(load<i32>(at, 4)) << 2;
      const start = load<i32>(layout.rowStart + cell);
      const end = load<i32>(layout.rowPlasticEnd + cell);
      const rate = layout.tripletDepression != 0 ? down * (load<f32>(layout.slowPreTrace + cell) + layout.tripletDepressionOffset) : down;
      if (layout.weightDependent != 0) depressByWeight(layout, start, end, rate);
      else if (rate > 0) depress(layout, start, end, rate);
      else relieve(layout, start, end, -rate);
    }
    for (let at = from; at < to; at += 8) {
      const cell = usize(load<i32>(at, 4)) << 2;
      const start = load<i32>(layout.columnStart + cell);
      const end = load<i32>(layout.columnStart + cell, 4);
      const rate = layout.triplet != 0 ? up * (load<f32>(layout.slowTrace + cell) + layout.tripletOffset) : up;
      if (layout.weightDependent != 0) potentiateByWeight(layout, start, end, rate, rate * layout.heterosynaptic);
      else potentiate(layout, start, end, rate, layout.heterosynaptic);
      if (layout.restore != 0) restoreInputs(layout, cell, max<f32>(plasticity, 0));
    }
  }
  for (let at = from; at < to; at += 8) {
    const cell = usize(load<i32>(at, 4)) << 2;
    store<f32>(layout.preTrace + cell, load<f32>(layout.preTrace + cell) + 1);
    store<f32>(layout.postTrace + cell, load<f32>(layout.postTrace + cell) + 1);
    store<f32>(layout.slowTrace + cell, load<f32>(layout.slowTrace + cell) + 1);
    store<i32>(layout.spikeCount + cell, load<i32>(layout.spikeCount + cell) + 1);
    if (layout.tripletDepression != 0) store<f32>(layout.slowPreTrace + cell, load<f32>(layout.slowPreTrace + cell) + 1);
  }
}

/** As `learn` for the spikes in [from, to), but to the synapses' eligibilities; `down` and `up` are the rates of change. */
function mark(layout: Layout, from: usize, to: usize, down: f32, up: f32): void {
  const fresh = freshness(layout);
  for (let at = from; at < to; at += 8) {
    const cell = usize(load<i32>(at, 4)) << 2;
    const start = load<i32>(layout.rowStart + cell);
    markDown(layout, start, load<i32>(layout.rowPlasticEnd + cell), fresh * down);
  }
  for (let at = from; at < to; at += 8) {
    const cell = usize(load<i32>(at, 4)) << 2;
    const rate = fresh * (layout.triplet != 0 ? up * (load<f32>(layout.slowTrace + cell) + layout.tripletOffset) : up);
    markUp(layout, load<i32>(layout.columnStart + cell), load<i32>(layout.columnStart + cell, 4), rate);
  }
}

function flushAll(layout: Layout): void {
  const excitatory = usize(layout.excitatorySlots) << 2;
  flush(layout.preTrace, excitatory);
  flush(layout.postTrace, excitatory);
  flush(layout.slowTrace, excitatory);
  if (layout.tripletDepression != 0) flush(layout.slowPreTrace, excitatory);
  if (layout.inhibitoryPlastic != 0) flushInhibition(layout);
  // Of a group, from ampa to its end: drive and potential do not decay, and readyAt is an integer.
  for (let slot = 0; slot < layout.slots; slot += 4)
    flush(layout.groups + (usize(slot) << 5) + offsetof<Group>("ampa"), GROUP_BYTES - offsetof<Group>("ampa"));
}

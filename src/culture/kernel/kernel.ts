/**
 * The simulated culture's inner loop, compiled to wasm SIMD. Floating point is IEEE single precision in a fixed
 * order without relaxed instructions, so the same memory gives the same spikes on every machine.
 */
import { deliver, release } from "./delivery";
import { learnInhibition } from "./inhibition";
import { Layout, State } from "./layout";
import { learn } from "./learning";
import { integrate, refreshBlock, reset } from "./membrane";
import { maintain } from "./upkeep";

export { cubaLayoutBytes, runCuba } from "./cuba";
export { reward } from "./eligibility";
export { layoutBytes, stateBytes } from "./layout";

/**
 * Advances a culture of one block by up to `steps` steps; returns how many were done: fewer when the spike buffer cannot be
 * sure to hold the next step's. `State.spikeCount` pairs (step, slot) are then in the buffer, ordered by step and slot.
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
    const first = out;
    refreshBlock(layout, 0, layout.slots);
    if (layout.excitatorySlots > 0) {
      const fired = integrate<u16>(layout, row, 0, layout.excitatorySlots, layout.leakExcitatory, layout.noiseExcitatory);
      out = reset(layout, fired, layout.refractoryExcitatory, layout.adaptationExcitatory, out);
    }
    const inhibitory = out;
    if (layout.excitatorySlots < layout.slots) {
      const fired = integrate<u16>(layout, row, layout.excitatorySlots, layout.slots, layout.leakInhibitory, layout.noiseInhibitory);
      out = reset(layout, fired, layout.refractoryInhibitory, layout.adaptationInhibitory, out);
    }
    for (let at = first; at < out; at += 8) {
      const cell = usize(load<i32>(at, 4)) << 2;
      const scale = release(layout, cell, step);
      deliver<u16>(layout, row, load<i32>(layout.rowStart + cell), load<i32>(layout.rowEnd + cell), scale);
    }
    learn<u16>(layout, state.plasticity, first, inhibitory);
    if (layout.inhibitoryPlastic != 0) learnInhibition<u16>(layout, state.plasticity, first, inhibitory, out);
    maintain(layout);
    state.step = step + 1;
    done++;
  }
  state.spikeCount = i32((out - layout.spikes) >> 3);
  return done;
}

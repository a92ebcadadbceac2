/**
 * One forward Euler step of leaky integrate-and-fire cells with AMPA, NMDA-like and GABA conductances (in units
 * of the leak), adaptation and membrane noise:
 *
 *   tau dV/dt = E_L + I0 - V - (gA + gN B(V)) V + gI (E_GABA - V) - a + noise,   B(V) = 1 / (1 + 0.28 e^(-0.062 V))
 *
 * The magnesium block B is that of Jahr & Stevens 1990 at 1 mM, https://doi.org/10.1523/JNEUROSCI.10-09-03178.1990
 */
import { powerOfTwo4 } from "./exponential";
import { ARRIVAL_SHIFT, Group, GROUP_BYTES, Layout, Noise, State } from "./layout";
import { gaussian4, isNoisy, nextWord } from "./noise";

/** 0.28 e^(-0.062 V) = 2^(SLOPE V + SHIFT). */
const SLOPE: f32 = -0.0894470924;
const SHIFT: f32 = -1.83650127;

// @ts-ignore: decorator
@inline
export function magnesiumBlock(potential: v128): v128 {
  const exponent = f32x4.add(f32x4.mul(potential, f32x4.splat(SLOPE)), f32x4.splat(SHIFT));
  return f32x4.div(f32x4.splat(1), f32x4.add(f32x4.splat(1), powerOfTwo4(exponent)));
}

/** Steps between two refreshments of B(V), which costs as much as the rest of a step. */
export const BLOCK_STEPS: i32 = 4;

/**
 * Lets the magnesium block of slots [from, to), at least four, follow the potentials, every fourth step: a lag of at most 1.2 ms at
 * 0.4 ms a step.
 */
export function refreshBlock(layout: Layout, from: i32, to: i32): void {
  if (layout.nmdaFraction == 0 || changetype<State>(layout.state).step % BLOCK_STEPS != 0) return;
  let at = layout.groups + (usize(from) << 5);
  const end = layout.groups + (usize(to) << 5);
  do {
    const group = changetype<Group>(at);
    group.block = magnesiumBlock(group.potential);
    at += GROUP_BYTES;
  } while (at < end);
}

/**
 * Integrates slots [from, to), a multiple of sixteen, drawing their noise. The loop has no branch: for each
 * group with a cell at threshold it leaves (slot | lane mask << 28) in `layout.fired`; returns the end of that list.
 * `row` is the offset of this step's row of the delay ring, of which blocks (`Slot` is u32) fetch only what is marked in `arrivals`;
 * `leak` and `noise` are those of the slots' kind of cell.
 */
export function integrate<Slot>(layout: Layout, row: usize, from: i32, to: i32, leak: f32, noise: f32): usize {
  const steps = i32x4.splat(changetype<State>(layout.state).step);
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  const leaks = f32x4.splat(leak);
  const noises = f32x4.splat(noise);
  const thresholds = f32x4.splat(layout.threshold);
  const resets = f32x4.splat(layout.reset);
  const gabaReversals = f32x4.splat(layout.gabaReversal);
  const ampaDecays = f32x4.splat(layout.ampaDecay);
  const nmdaDecays = f32x4.splat(layout.nmdaDecay);
  const nmdaFractions = f32x4.splat(layout.nmdaFraction);
  const gabaDecays = f32x4.splat(layout.gabaDecay);
  const adaptationDecays = f32x4.splat(layout.adaptationDecay);
  let at = layout.groups + (usize(from) << 5);
  const generator = changetype<Noise>(layout.noise);
  let word0 = generator.word0;
  let word1 = generator.word1;
  let word2 = generator.word2;
  let word3 = generator.word3;
  let fired = layout.fired;
  let slot = from;
  let offset = row + (usize(from) << 3);
  do {
    const word = nextWord(word3, word0);
    word0 = word1;
    word1 = word2;
    word2 = word3;
    word3 = word;
    const group = changetype<Group>(at);
    let excitation = zero;
    let inhibition = zero;
    if (sizeof<Slot>() == 2 || load<u8>(layout.arrivals + (offset >> ARRIVAL_SHIFT)) != 0) {
      const input = layout.ring + offset;
      excitation = v128.load(input);
      inhibition = v128.load(input, 16);
      v128.store(input, zero);
      v128.store(input, zero, 16);
    }
    const gA = f32x4.add(f32x4.mul(group.ampa, ampaDecays), excitation);
    const gN = f32x4.add(f32x4.mul(group.nmda, nmdaDecays), f32x4.mul(excitation, nmdaFractions));
    const gI = f32x4.add(f32x4.mul(group.gaba, gabaDecays), inhibition);
    const a = f32x4.mul(group.adaptation, adaptationDecays);
    group.ampa = gA;
    group.gaba = gI;
    group.nmda = gN;
    group.adaptation = a;

    const before = group.potential;
    const conductance = f32x4.add(f32x4.add(one, gI), f32x4.add(gA, f32x4.mul(gN, group.block)));
    const push = f32x4.add(f32x4.sub(group.drive, a), f32x4.mul(gI, gabaReversals));
    const change = f32x4.mul(leaks, f32x4.sub(push, f32x4.mul(conductance, before)));
    const jitter = f32x4.mul(noises, gaussian4(word3));
    const held = i32x4.gt_s(group.readyAt, steps);
    const v = v128.bitselect(resets, f32x4.add(before, f32x4.add(change, jitter)), held);
    group.potential = v;

    const mask = i32x4.bitmask(f32x4.ge(v, thresholds));
    if (mask != 0) {
      store<i32>(fired, slot | (mask << 28));
      fired += 4;
    }
    offset += 32;
    at += GROUP_BYTES;
    slot += 4;
  } while (slot < to);
  if (isNoisy(layout)) {
    generator.word0 = word0;
    generator.word1 = word1;
    generator.word2 = word2;
    generator.word3 = word3;
  }
  return fired;
}

/**
 * Resets the cells in `layout.fired` up to `end`; appends them to `out` as (step, slot) and returns its new end.
 * `refractory` (steps) and `adaptationStep` are those of the cells' kind.
 */
export function reset(layout: Layout, end: usize, refractory: i32, adaptationStep: f32, out: usize): usize {
  const step = changetype<State>(layout.state).step;
  for (let entry = layout.fired; entry < end; entry += 4) {
    const slot = load<i32>(entry) & 0x0fffffff;
    for (let mask = i32(load<u32>(entry) >> 28); mask != 0; mask &= mask - 1) {
      const lane = ctz(mask);
      const cell = layout.groups + (usize(slot) << 5) + (usize(lane) << 2);
      store<f32>(cell + offsetof<Group>("potential"), layout.reset);
      store<i32>(cell + offsetof<Group>("readyAt"), step + 1 + refractory);
      const adaptation = cell + offsetof<Group>("adaptation");
      store<f32>(adaptation, load<f32>(adaptation) + adaptationStep);
      store<i32>(out, step);
      store<i32>(out, slot + lane, 4);
      out += 8;
    }
  }
  return out;
}

/**
 * One forward Euler step of leaky integrate-and-fire cells with AMPA, NMDA-like and GABA conductances (in units
 * of the leak), adaptation and membrane noise:
 *
 *   tau dV/dt = E_L + I0 - V - (gA + gN B(V)) V + gI (E_GABA - V) - a + noise,   B(V) = 1 / (1 + 0.28 e^(-0.062 V))
 *
 * The magnesium block B is that of Jahr & Stevens 1990 at 1 mM, https://doi.org/10.1523/JNEUROSCI.10-09-03178.1990
 */
import { exponential4 } from "./exponential";
import { Layout, State } from "./layout";
import { gaussian4, mixOldest, nextWord } from "./noise";

// @ts-ignore: decorator
@inline
function magnesiumBlock(potential: v128): v128 {
  const e = exponential4(f32x4.mul(potential, f32x4.splat(-0.062)));
  return f32x4.div(f32x4.splat(1), f32x4.add(f32x4.splat(1), f32x4.mul(f32x4.splat(0.28), e)));
}

/** Integrates slots [from, to); appends the cells that fire to `out` as (step, slot) and returns its new end. */
// @ts-ignore: decorator
@inline
function integrate(
  layout: Layout,
  from: i32,
  to: i32,
  leak: f32,
  noise: f32,
  refractory: i32,
  adaptationStep: f32,
  withNmda: bool,
  out: usize,
): usize {
  const state = changetype<State>(layout.state);
  const step = state.step;
  const row = usize(step % layout.ringSlots) * (usize(layout.slots) << 2);
  const ringExcitatory = layout.ringExcitatory + row;
  const ringInhibitory = layout.ringInhibitory + row;
  const drive = layout.drive;
  const potential = layout.potential;
  const readyAt = layout.readyAt;
  const ampa = layout.ampa;
  const nmda = layout.nmda;
  const gaba = layout.gaba;
  const adaptation = layout.adaptation;

  const steps = i32x4.splat(step);
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
  let r0 = state.random0;
  let r1 = state.random1;
  let r2 = state.random2;
  let r3 = state.random3;

  const end = usize(to) << 2;
  for (let at = usize(from) << 2; at < end; at += 16) {
    const inputE = v128.load(ringExcitatory + at);
    const inputI = v128.load(ringInhibitory + at);
    v128.store(ringExcitatory + at, zero);
    v128.store(ringInhibitory + at, zero);
    const gA = f32x4.add(f32x4.mul(v128.load(ampa + at), ampaDecays), inputE);
    const gI = f32x4.add(f32x4.mul(v128.load(gaba + at), gabaDecays), inputI);
    const a = f32x4.mul(v128.load(adaptation + at), adaptationDecays);
    v128.store(ampa + at, gA);
    v128.store(gaba + at, gI);
    v128.store(adaptation + at, a);
    let v = v128.load(potential + at);

    let conductance = f32x4.add(f32x4.add(one, gA), gI);
    if (withNmda) {
      const gN = f32x4.add(f32x4.mul(v128.load(nmda + at), nmdaDecays), f32x4.mul(inputE, nmdaFractions));
      v128.store(nmda + at, gN);
      conductance = f32x4.add(conductance, f32x4.mul(gN, magnesiumBlock(v)));
    }
    const push = f32x4.add(f32x4.sub(v128.load(drive + at), a), f32x4.mul(gI, gabaReversals));
    v = f32x4.add(v, f32x4.mul(leaks, f32x4.sub(push, f32x4.mul(conductance, v))));

    const mixed = mixOldest(r0);
    r0 = r1;
    r1 = r2;
    r2 = r3;
    r3 = nextWord(r3, mixed);
    v = f32x4.add(v, f32x4.mul(noises, gaussian4(r3)));

    v = v128.bitselect(resets, v, i32x4.gt_s(v128.load(readyAt + at), steps));
    v128.store(potential + at, v);
    let fired = i32x4.bitmask(f32x4.ge(v, thresholds));
    while (fired != 0) {
      const cell = at + (usize(ctz(fired)) << 2);
      fired &= fired - 1;
      store<f32>(potential + cell, layout.reset);
      store<i32>(readyAt + cell, step + 1 + refractory);
      store<f32>(adaptation + cell, load<f32>(adaptation + cell) + adaptationStep);
      store<i32>(out, step);
      store<i32>(out, i32(cell >> 2), 4);
      out += 8;
    }
  }
  state.random0 = r0;
  state.random1 = r1;
  state.random2 = r2;
  state.random3 = r3;
  return out;
}

export function integrateExcitatory(layout: Layout, out: usize): usize {
  const p = layout;
  if (p.nmdaFraction > 0)
    return integrate(p, 0, p.excitatorySlots, p.leakExcitatory, p.noiseExcitatory, p.refractoryExcitatory, p.adaptationExcitatory, true, out);
  return integrate(p, 0, p.excitatorySlots, p.leakExcitatory, p.noiseExcitatory, p.refractoryExcitatory, p.adaptationExcitatory, false, out);
}

export function integrateInhibitory(layout: Layout, out: usize): usize {
  const p = layout;
  if (p.nmdaFraction > 0)
    return integrate(p, p.excitatorySlots, p.slots, p.leakInhibitory, p.noiseInhibitory, p.refractoryInhibitory, p.adaptationInhibitory, true, out);
  return integrate(p, p.excitatorySlots, p.slots, p.leakInhibitory, p.noiseInhibitory, p.refractoryInhibitory, p.adaptationInhibitory, false, out);
}

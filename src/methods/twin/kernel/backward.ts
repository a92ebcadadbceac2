/**
 * Back through a window of the twin's life: from what each neuron's spikes are worth to the gradient of every
 * synapse (backpropagation through time with a surrogate in place of a spike's derivative).
 *
 * Of step t, with V the potential before it, v after it, s the spike, x the resource, tau in steps:
 *
 *   v = V + leak (drive - a + gI E_GABA - (1 + gI + gA + gN B) V),   V' = v + s (reset - v),   a' = a e^(-1/tau) + da s
 *   gA' = gA e^(-1/tau) + sum_j w_j s_j x_j at the delay, gN and gI likewise,   x' = 1 - (1 - x (1 - U s)) e^(-1/tau)
 *   ds/dv := max(0, 1 - |v - theta| / w) / w
 *
 * and an adjoint for each. Refractory steps pass nothing back. Only cells within the surrogate's reach of threshold
 * ask their targets what a spike would be worth, which is what makes it quick.
 */
import { BLOCK_STEPS } from "../../../culture/kernel/membrane";
import { Adjoint, Kind, Layout, Tape } from "./layout";

/** dB/dV = 0.062 B (1 - B). */
const MAGNESIUM_SLOPE: f32 = 0.062;

/** Row t of a window that ends before row `length`, cells of a kind: adjoints after it become adjoints before it. */
export function back(layout: Layout, kind: Kind, t: i32, length: i32): void {
  const bytes = usize(layout.slots) << 2;
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  const thresholds = f32x4.splat(layout.threshold);
  const inverse = f32x4.splat(<f32>1 / layout.widthMv);
  const leaks = f32x4.splat(kind.leak);
  const steps = f32x4.splat(kind.adaptationStep);
  const releases = f32x4.splat(kind.release);
  const tape = layout.tape + usize(t * Tape.QUANTITIES) * bytes;
  const worth = layout.worth + usize(load<i32>(layout.binOf + (usize(t) << 2))) * bytes;
  const row = usize(t) * bytes;
  for (let slot = kind.from; slot < kind.to; slot += 4) {
    const at = usize(slot) << 2;
    const told = tape + at;
    const before = v128.load(told + usize(Tape.BEFORE) * bytes);
    const after = v128.load(told + usize(Tape.AFTER) * bytes);
    const s = v128.load(told + usize(Tape.SPIKE) * bytes);
    const found = v128.load(told + usize(Tape.RESOURCE) * bytes);
    const live = v128.load(told + usize(Tape.LIVE) * bytes);
    const nearness = f32x4.sub(one, f32x4.mul(f32x4.abs(f32x4.sub(after, thresholds)), inverse));
    const slope = f32x4.mul(live, f32x4.mul(f32x4.pmax(nearness, zero), inverse));
    const spiked = f32x4.ne(s, zero);
    const active = v128.or(f32x4.ne(slope, zero), spiked);

    const adjoint = layout.adjoint + at;
    const V = v128.load(adjoint + usize(Adjoint.POTENTIAL) * bytes);
    const dResource = f32x4.mul(f32x4.splat(kind.recovery), v128.load(adjoint + usize(Adjoint.RESOURCE) * bytes));
    let resource = f32x4.mul(f32x4.sub(one, f32x4.mul(releases, s)), dResource);
    let dv = f32x4.mul(f32x4.sub(one, s), V);
    let mask = i32x4.bitmask(active);
    if (mask != 0) {
      const standing = adjoint + usize(Adjoint.DELIVERY) * bytes;
      const spikes = i32x4.bitmask(spiked);
      for (; mask != 0; mask &= mask - 1) {
        const lane = ctz(mask);
        // Cells take turns, so that no step of the window has more to ask than another.
        if (((spikes >> lane) & 1) == 0 && (t + slot + lane) % layout.stride != 0) continue;
        const cell = at + (usize(lane) << 2);
        const sent = load<f32>(tape + usize(Tape.SPIKE) * bytes + cell) * load<f32>(tape + usize(Tape.RESOURCE) * bytes + cell);
        store<f32>(standing + (usize(lane) << 2), worthOfDelivery(layout, t, length, slot + lane, sent));
      }
      const delivered = v128.and(v128.load(standing), active);
      let ds = f32x4.sub(f32x4.mul(found, delivered), f32x4.mul(f32x4.mul(releases, found), dResource));
      ds = f32x4.add(ds, f32x4.mul(steps, v128.load(adjoint + usize(Adjoint.ADAPTATION) * bytes)));
      ds = f32x4.add(ds, v128.load(worth + at));
      const reset = f32x4.mul(f32x4.sub(f32x4.splat(layout.reset), after), V);
      ds = f32x4.add(ds, f32x4.mul(f32x4.splat(layout.resetShare), reset));
      resource = f32x4.add(resource, f32x4.mul(s, delivered));
      dv = f32x4.add(dv, f32x4.mul(slope, ds));
    }
    dv = f32x4.mul(dv, live);
    v128.store(adjoint + usize(Adjoint.RESOURCE) * bytes, resource);

    const pull = f32x4.mul(dv, leaks);
    const fall = f32x4.mul(pull, before);
    const open = v128.load(told + usize(Tape.OPEN) * bytes);
    const gaba = f32x4.add(v128.load(adjoint + usize(Adjoint.GABA) * bytes), f32x4.mul(pull, f32x4.sub(f32x4.splat(layout.gabaReversal), before)));
    const ampa = f32x4.sub(v128.load(adjoint + usize(Adjoint.AMPA) * bytes), fall);
    const nmda = f32x4.sub(v128.load(adjoint + usize(Adjoint.NMDA) * bytes), f32x4.mul(fall, open));
    const block = adjoint + usize(Adjoint.OPEN) * bytes;
    v128.store(block, f32x4.sub(v128.load(block), f32x4.mul(fall, v128.load(told + usize(Tape.NMDA) * bytes))));
    const a = adjoint + usize(Adjoint.ADAPTATION) * bytes;
    v128.store(a, f32x4.mul(f32x4.splat(layout.adaptationDecay), f32x4.sub(v128.load(a), pull)));
    const kept = f32x4.sub(one, f32x4.mul(leaks, v128.load(told + usize(Tape.CONDUCTANCE) * bytes)));
    v128.store(adjoint + usize(Adjoint.POTENTIAL) * bytes, f32x4.mul(dv, kept));
    v128.store(layout.excitation + row + at, f32x4.add(ampa, f32x4.mul(f32x4.splat(layout.nmdaFraction), nmda)));
    v128.store(layout.inhibition + row + at, gaba);
    v128.store(adjoint + usize(Adjoint.AMPA) * bytes, f32x4.mul(ampa, f32x4.splat(layout.ampaDecay)));
    v128.store(adjoint + usize(Adjoint.NMDA) * bytes, f32x4.mul(nmda, f32x4.splat(layout.nmdaDecay)));
    v128.store(adjoint + usize(Adjoint.GABA) * bytes, f32x4.mul(gaba, f32x4.splat(layout.gabaDecay)));
  }
}

/** Where the magnesium block was refreshed, its adjoint goes to the potential; `step` is the culture's. */
export function backThroughBlock(layout: Layout, t: i32, step: i32): void {
  if (layout.nmdaFraction == 0 || step % BLOCK_STEPS != 0) return;
  const bytes = usize(layout.slots) << 2;
  const told = layout.tape + usize(t * Tape.QUANTITIES + Tape.OPEN) * bytes;
  const potential = layout.adjoint + usize(Adjoint.POTENTIAL) * bytes;
  const block = layout.adjoint + usize(Adjoint.OPEN) * bytes;
  for (let at: usize = 0; at < bytes; at += 16) {
    const open = v128.load(told + at);
    const slope = f32x4.mul(f32x4.splat(MAGNESIUM_SLOPE), f32x4.mul(open, f32x4.sub(f32x4.splat(1), open)));
    v128.store(potential + at, f32x4.add(v128.load(potential + at), f32x4.mul(v128.load(block + at), slope)));
    v128.store(block + at, f32x4.splat(0));
  }
}

/**
 * What a unit of a slot's spike at step t of a window that ends before row `length` is worth through its synapses; where it
 * did fire (`sent` > 0), the synapses' gradients grow too.
 */
function worthOfDelivery(layout: Layout, t: i32, length: i32, slot: i32, sent: f32): f32 {
  const bytes = usize(layout.slots) << 2;
  const arriving = (slot < layout.excitatorySlots ? layout.excitation : layout.inhibition) + usize(t) * bytes;
  const limit = usize(length - t) * bytes;
  const cell = layout.rowStart + (usize(slot) << 2);
  const end = load<i32>(cell, 4);
  let worth: f32 = 0;
  for (let k = load<i32>(cell); k < end; k++) {
    const entry = usize(k) << 2;
    const place = load<usize>(layout.place + entry);
    if (place >= limit) continue;
    const each = load<f32>(arriving + place);
    worth += load<f32>(layout.weight + entry) * each;
    if (sent != 0) store<f32>(layout.gradient + entry, load<f32>(layout.gradient + entry) + sent * each);
  }
  return worth;
}

/**
 * One step of the twin: the culture kernel's operations on the same single-precision numbers in the same order
 * (culture/kernel/membrane.ts, delivery.ts), and what backward.ts needs of it on the tape.
 */
import { exponential } from "../../../culture/kernel/exponential";
import { BLOCK_STEPS, magnesiumBlock } from "../../../culture/kernel/membrane";
import { Kind, Layout, Tape } from "./layout";

/** The integral of the surrogate's triangle. */
function gradedSpike(u: f32, width: f32): f32 {
  const x = u / width;
  if (x <= -1) return 0;
  if (x >= 1) return 1;
  return x < 0 ? <f32>0.5 * (1 + x) * (1 + x) : 1 - <f32>0.5 * (1 - x) * (1 - x);
}

export function refreshBlock(layout: Layout, step: i32): void {
  if (layout.nmdaFraction == 0 || step % BLOCK_STEPS != 0) return;
  const end = usize(layout.slots) << 2;
  for (let at: usize = 0; at < end; at += 16)
    v128.store(layout.open + at, magnesiumBlock(v128.load(layout.potential + at)));
}

/**
 * Integrates the cells of a kind at step `step`; `row` is the offset of this step's ring row, `tape` its place on the tape or
 * 0. Lists those that fired after the first `count` of `layout.fired`; returns how many are in the list.
 */
export function integrate(layout: Layout, kind: Kind, step: i32, row: usize, tape: usize, count: i32): i32 {
  const bytes = usize(layout.slots) << 2;
  const steps = i32x4.splat(step);
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  const fires = f32x4.splat(layout.graded != 0 ? layout.threshold - layout.widthMv : layout.threshold);
  const resets = f32x4.splat(layout.reset);
  for (let slot = kind.from; slot < kind.to; slot += 4) {
    const at = usize(slot) << 2;
    const arrived = v128.load(layout.ringExcitatory + row + at);
    const gA = f32x4.add(f32x4.mul(v128.load(layout.ampa + at), f32x4.splat(layout.ampaDecay)), arrived);
    const gN = f32x4.add(f32x4.mul(v128.load(layout.nmda + at), f32x4.splat(layout.nmdaDecay)), f32x4.mul(arrived, f32x4.splat(layout.nmdaFraction)));
    const gI = f32x4.add(f32x4.mul(v128.load(layout.gaba + at), f32x4.splat(layout.gabaDecay)), v128.load(layout.ringInhibitory + row + at));
    const a = f32x4.mul(v128.load(layout.adaptation + at), f32x4.splat(layout.adaptationDecay));
    v128.store(layout.ringExcitatory + row + at, zero);
    v128.store(layout.ringInhibitory + row + at, zero);
    v128.store(layout.ampa + at, gA);
    v128.store(layout.nmda + at, gN);
    v128.store(layout.gaba + at, gI);
    v128.store(layout.adaptation + at, a);

    const before = v128.load(layout.potential + at);
    const open = v128.load(layout.open + at);
    const conductance = f32x4.add(f32x4.add(one, gI), f32x4.add(gA, f32x4.mul(gN, open)));
    const push = f32x4.add(f32x4.sub(v128.load(layout.drive + at), a), f32x4.mul(gI, f32x4.splat(layout.gabaReversal)));
    const change = f32x4.mul(f32x4.splat(kind.leak), f32x4.sub(push, f32x4.mul(conductance, before)));
    const jitter = f32x4.mul(f32x4.splat(kind.noise), v128.load(layout.gaussian + at));
    const held = i32x4.gt_s(v128.load(layout.readyAt + at), steps);
    const v = v128.bitselect(resets, f32x4.add(before, f32x4.add(change, jitter)), held);
    v128.store(layout.potential + at, v);
    const recovered = f32x4.sub(one, f32x4.mul(f32x4.sub(one, v128.load(layout.recovered + at)), f32x4.splat(kind.recovery)));
    v128.store(layout.recovered + at, recovered);
    if (tape != 0) {
      let to = tape + at;
      v128.store(to, before);
      to += bytes;
      v128.store(to, v);
      to += bytes;
      v128.store(to, conductance);
      to += bytes;
      v128.store(to, gN);
      to += bytes;
      v128.store(to, open);
      to += bytes;
      v128.store(to, zero);
      to += bytes;
      v128.store(to, recovered);
      to += bytes;
      v128.store(to, v128.andnot(one, held));
    }
    for (let mask = i32x4.bitmask(f32x4.ge(v, fires)); mask != 0; mask &= mask - 1) {
      const cell = slot + ctz(mask);
      const spike = fire(layout, kind, step, usize(cell) << 2);
      if (tape != 0) store<f32>(tape + usize(Tape.SPIKE) * bytes + (usize(cell) << 2), spike);
      store<i32>(layout.fired + (usize(count) << 2), cell);
      count++;
    }
  }
  return count;
}

/** Resets a cell (slot * 4) at or near threshold; its spike. */
function fire(layout: Layout, kind: Kind, step: i32, cell: usize): f32 {
  const v = load<f32>(layout.potential + cell);
  const spike = layout.graded != 0 ? gradedSpike(v - layout.threshold, layout.widthMv) : <f32>1;
  store<f32>(layout.potential + cell, layout.graded != 0 ? v + spike * (layout.reset - v) : layout.reset);
  store<f32>(layout.adaptation + cell, load<f32>(layout.adaptation + cell) + spike * kind.adaptationStep);
  if (layout.graded == 0) store<i32>(layout.readyAt + cell, step + 1 + kind.refractory);
  return spike;
}

/** Sends `spike` (1, or less where graded) of a slot at step `step` to its targets; `row` is the offset of this step's ring row. */
export function deliver(layout: Layout, step: i32, slot: i32, row: usize, spike: f32): void {
  const cell = usize(slot) << 2;
  const excitatory = slot < layout.excitatorySlots;
  const kind = changetype<Kind>(excitatory ? layout.excitatory : layout.inhibitory);
  let scale: f32;
  if (layout.graded != 0) {
    const found = load<f32>(layout.recovered + cell);
    scale = spike * found;
    store<f32>(layout.recovered + cell, found * (1 - kind.release * spike));
  } else {
    const elapsed = f32(step - load<i32>(layout.lastSpike + cell));
    const missing = <f32>1 - load<f32>(layout.resource + cell);
    scale = <f32>1 - missing * exponential(-elapsed * kind.recoveryRate);
    const left = scale * (<f32>1 - kind.release);
    store<f32>(layout.resource + cell, left);
    store<f32>(layout.recovered + cell, left);
    store<i32>(layout.lastSpike + cell, step);
  }
  const ring = excitatory ? layout.ringExcitatory : layout.ringInhibitory;
  const ringBytes = usize(layout.ringBytes);
  const end = load<i32>(layout.rowStart + cell, 4);
  for (let k = load<i32>(layout.rowStart + cell); k < end; k++) {
    const entry = usize(k) << 2;
    let place = row + load<usize>(layout.place + entry);
    if (place >= ringBytes) place -= ringBytes;
    place += ring;
    store<f32>(place, load<f32>(place) + scale * load<f32>(layout.weight + entry));
  }
}

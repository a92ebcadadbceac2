/**
 * Plasticity of the synapses from inhibitory to excitatory cells, which balances excitation and holds each excitatory cell
 * near a rate: near-coincident spikes of both cells strengthen, spikes of the inhibitory cell alone weaken. Vogels et al.
 * 2011, https://doi.org/10.1126/science.1211095 :  inhibitory spike: w += rate (postTrace - target),  excitatory
 * spike: w += rate preTrace,  target = 2 (rate aimed at) tau.
 */
import { decay, flush } from "./plasticity";
import { Layout } from "./layout";

/**
 * For this step's spikes: of excitatory cells in [from, inhibitory) of the spike buffer, of the others in [inhibitory, to).
 * `plasticity` scales the rate of change.
 */
export function learnInhibition<Slot>(layout: Layout, plasticity: f32, from: usize, inhibitory: usize, to: usize): void {
  decay(layout.inhibitoryTrace, usize(layout.slots) << 2, layout.inhibitoryTraceDecay);
  afterInhibitorySpikes<Slot>(layout, plasticity, inhibitory, to);
  afterExcitatorySpikes<Slot>(layout, plasticity, from, inhibitory);
  growInhibitoryTraces(layout, from, to);
}

/** For the spikes in [from, to), of inhibitory cells. */
export function afterInhibitorySpikes<Slot>(layout: Layout, plasticity: f32, from: usize, to: usize): void {
  const rate = layout.inhibitoryRate * plasticity;
  if (rate == 0) return;
  for (let at = from; at < to; at += 8) afterInhibitory<Slot>(layout, usize(load<i32>(at, 4)) << 2, rate);
}

/** For the spikes in [from, to), of excitatory cells. */
export function afterExcitatorySpikes<Slot>(layout: Layout, plasticity: f32, from: usize, to: usize): void {
  const rate = layout.inhibitoryRate * plasticity;
  if (rate == 0) return;
  for (let at = from; at < to; at += 8) afterExcitatory<Slot>(layout, usize(load<i32>(at, 4)) << 2, rate);
}

/** For the spikes in [from, to), of either kind. */
export function growInhibitoryTraces(layout: Layout, from: usize, to: usize): void {
  for (let at = from; at < to; at += 8) {
    const cell = layout.inhibitoryTrace + (usize(load<i32>(at, 4)) << 2);
    store<f32>(cell, load<f32>(cell) + 1);
  }
}

// @ts-ignore: decorator
@inline
function strengthen(layout: Layout, address: usize, change: f32): void {
  store<f32>(address, min<f32>(max<f32>(load<f32>(address) + change, 0), layout.inhibitoryMaximum));
}

function afterInhibitory<Slot>(layout: Layout, cell: usize, rate: f32): void {
  let slot = layout.post + load<usize>(layout.rowStart + cell) * sizeof<Slot>();
  const end = layout.weight + (load<usize>(layout.rowPlasticEnd + cell) << 2);
  for (let at = layout.weight + (load<usize>(layout.rowStart + cell) << 2); at < end; at += 4) {
    const trace = load<f32>(layout.inhibitoryTrace + (usize(load<Slot>(slot)) << 2));
    strengthen(layout, at, rate * (trace - layout.inhibitoryTarget));
    slot += sizeof<Slot>();
  }
}

function afterExcitatory<Slot>(layout: Layout, cell: usize, rate: f32): void {
  const from = load<usize>(layout.inhibitoryStart + cell);
  let slot = layout.inhibitoryPre + from * sizeof<Slot>();
  const end = layout.inhibitorySynapse + (load<usize>(layout.inhibitoryStart + cell, 4) << 2);
  for (let at = layout.inhibitorySynapse + (from << 2); at < end; at += 4) {
    const trace = load<f32>(layout.inhibitoryTrace + (usize(load<Slot>(slot)) << 2));
    strengthen(layout, layout.weight + (load<usize>(at) << 2), rate * trace);
    slot += sizeof<Slot>();
  }
}

export function flushInhibition(layout: Layout, from: i32, to: i32): void {
  flush(layout.inhibitoryTrace + (usize(from) << 2), usize(to - from) << 2);
}

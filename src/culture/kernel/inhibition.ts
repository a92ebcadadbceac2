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
export function learnInhibition(layout: Layout, plasticity: f32, from: usize, inhibitory: usize, to: usize): void {
  const trace = layout.inhibitoryTrace;
  decay(trace, usize(layout.slots) << 2, layout.inhibitoryTraceDecay);
  const rate = layout.inhibitoryRate * plasticity;
  if (rate != 0) {
    for (let at = inhibitory; at < to; at += 8) afterInhibitory(layout, usize(load<i32>(at, 4)) << 2, rate);
    for (let at = from; at < inhibitory; at += 8) afterExcitatory(layout, usize(load<i32>(at, 4)) << 2, rate);
  }
  for (let at = from; at < to; at += 8) {
    const cell = trace + (usize(load<i32>(at, 4)) << 2);
    store<f32>(cell, load<f32>(cell) + 1);
  }
}

// @ts-ignore: decorator
@inline
function strengthen(layout: Layout, address: usize, change: f32): void {
  store<f32>(address, min<f32>(max<f32>(load<f32>(address) + change, 0), layout.inhibitoryMaximum));
}

function afterInhibitory(layout: Layout, cell: usize, rate: f32): void {
  let slot = layout.post + (load<usize>(layout.rowStart + cell) << 1);
  const end = layout.weight + (load<usize>(layout.rowPlasticEnd + cell) << 2);
  for (let at = layout.weight + (load<usize>(layout.rowStart + cell) << 2); at < end; at += 4) {
    const trace = load<f32>(layout.inhibitoryTrace + (usize(load<u16>(slot)) << 2));
    strengthen(layout, at, rate * (trace - layout.inhibitoryTarget));
    slot += 2;
  }
}

function afterExcitatory(layout: Layout, cell: usize, rate: f32): void {
  const from = load<usize>(layout.inhibitoryStart + cell);
  let slot = layout.inhibitoryPre + (from << 1);
  const end = layout.inhibitorySynapse + (load<usize>(layout.inhibitoryStart + cell, 4) << 2);
  for (let at = layout.inhibitorySynapse + (from << 2); at < end; at += 4) {
    const trace = load<f32>(layout.inhibitoryTrace + (usize(load<u16>(slot)) << 2));
    strengthen(layout, layout.weight + (load<usize>(at) << 2), rate * trace);
    slot += 2;
  }
}

export function flushInhibition(layout: Layout): void {
  flush(layout.inhibitoryTrace, usize(layout.slots) << 2);
}

/** Plasticity of the synapses between excitatory cells, for the spikes of a step: which rule acts on which row and column. */
import { restoreInputs } from "./consolidation";
import { freshness, markDown, markUp } from "./eligibility";
import { Layout } from "./layout";
import { decay, depress, potentiate, relieve } from "./plasticity";
import { depressByWeight, potentiateByWeight } from "./weight-dependence";

/** For this step's excitatory spikes, in [from, to) of the spike buffer. */
export function learn<Slot>(layout: Layout, plasticity: f32, from: usize, to: usize): void {
  const bytes = usize(layout.excitatorySlots) << 2;
  decay(layout.preTrace, bytes, layout.preTraceDecay);
  decay(layout.postTrace, bytes, layout.postTraceDecay);
  if (layout.triplet != 0) decay(layout.slowTrace, bytes, layout.slowTraceDecay);
  if (layout.tripletDepression != 0) decay(layout.slowPreTrace, bytes, layout.slowPreTraceDecay);
  if (from == to) return;
  depressRows<Slot>(layout, plasticity, from, to);
  potentiateColumns<Slot>(layout, plasticity, from, to);
  growTraces(layout, from, to);
}

/** What the spikes in [from, to) do to the synapses behind them. */
export function depressRows<Slot>(layout: Layout, plasticity: f32, from: usize, to: usize): void {
  const down = layout.depression * plasticity;
  const fresh: f32 = layout.eligible != 0 ? freshness(layout) : 0;
  if (layout.eligible == 0 && plasticity == 0) return;
  for (let at = from; at < to; at += 8) {
    const cell = usize(load<i32>(at, 4)) << 2;
    const start = load<i32>(layout.rowStart + cell);
    const end = load<i32>(layout.rowPlasticEnd + cell);
    if (layout.eligible != 0) {
      markDown<Slot>(layout, start, end, fresh * down);
      continue;
    }
    const rate = layout.tripletDepression != 0 ? down * (load<f32>(layout.slowPreTrace + cell) + layout.tripletDepressionOffset) : down;
    if (layout.weightDependent != 0) depressByWeight<Slot>(layout, start, end, rate);
    else if (rate > 0) depress<Layout, Slot>(layout, start, end, rate);
    else relieve<Layout, Slot>(layout, start, end, -rate);
  }
}

/** What the spikes in [from, to) do to the synapses before them. */
export function potentiateColumns<Slot>(layout: Layout, plasticity: f32, from: usize, to: usize): void {
  const up = layout.potentiation * plasticity;
  const fresh: f32 = layout.eligible != 0 ? freshness(layout) : 0;
  if (layout.eligible == 0 && plasticity == 0) return;
  for (let at = from; at < to; at += 8) {
    const cell = usize(load<i32>(at, 4)) << 2;
    const start = load<i32>(layout.columnStart + cell);
    const end = load<i32>(layout.columnStart + cell, 4);
    const rate = layout.triplet != 0 ? up * (load<f32>(layout.slowTrace + cell) + layout.tripletOffset) : up;
    if (layout.eligible != 0) {
      markUp<Slot>(layout, start, end, fresh * rate);
      continue;
    }
    if (layout.weightDependent != 0) potentiateByWeight<Slot>(layout, start, end, rate, rate * layout.heterosynaptic);
    else potentiate<Layout, Slot>(layout, start, end, rate, layout.heterosynaptic);
    if (layout.restore != 0) restoreInputs(layout, cell, max<f32>(plasticity, 0));
  }
}

/** The spikes in [from, to) leave their traces. */
export function growTraces(layout: Layout, from: usize, to: usize): void {
  for (let at = from; at < to; at += 8) {
    const cell = usize(load<i32>(at, 4)) << 2;
    store<f32>(layout.preTrace + cell, load<f32>(layout.preTrace + cell) + 1);
    store<f32>(layout.postTrace + cell, load<f32>(layout.postTrace + cell) + 1);
    store<f32>(layout.slowTrace + cell, load<f32>(layout.slowTrace + cell) + 1);
    store<i32>(layout.spikeCount + cell, load<i32>(layout.spikeCount + cell) + 1);
    if (layout.tripletDepression != 0) store<f32>(layout.slowPreTrace + cell, load<f32>(layout.slowPreTrace + cell) + 1);
  }
}

/**
 * Once per interval: each excitatory cell's plastic input weights are scaled to its target sum, or go a share of the way
 * there; with a target rate, the target sum itself first follows the cell's running rate (synaptic scaling, Turrigiano et al. 1998,
 * https://doi.org/10.1038/36103):  sum *= clip(1 + speed (1 - rate / targetRate), 0.9, 1.1).
 * Scaling without a sum: w *= 1 + share (1 - rate / scalingHz), van Rossum, Bi & Turrigiano 2000,
 * https://doi.org/10.1523/JNEUROSCI.20-23-08812.2000
 */
import { consolidate, scaleLate } from "./consolidation";
import { columnEnd, columnFrom, Layout } from "./layout";

export function homeostasis(layout: Layout, plastic: bool): void {
  for (let cell = usize(layout.excitatoryFrom) << 2, end = usize(layout.excitatoryTo) << 2; cell < end; cell += 4) {
    const heard = f32(load<i32>(layout.spikeCount + cell)) * layout.countsToRate;
    store<i32>(layout.spikeCount + cell, 0);
    let rate = load<f32>(layout.rate + cell);
    rate += (heard - rate) * layout.rateMemory;
    store<f32>(layout.rate + cell, rate);
    if (!plastic) continue;
    if (layout.consolidates != 0) consolidate(layout, cell, rate);
    if (layout.scalingShare > 0) scaleInputs(layout, cell, <f32>1 + layout.scalingShare * (<f32>1 - rate / layout.scalingHz));
    if (layout.normalise == 0) continue;

    let target = load<f32>(layout.targetSum + cell);
    if (layout.targetRate > 0) {
      const change = <f32>1 + layout.rateSpeed * (<f32>1 - rate / layout.targetRate);
      target *= min<f32>(max<f32>(change, 0.9), 1.1);
      store<f32>(layout.targetSum + cell, target);
    }
    const from = columnFrom(layout, cell);
    const to = columnEnd(layout, cell);
    let sum: f32 = 0;
    for (let at = from; at < to; at += 4) sum += load<f32>(layout.weight + (load<usize>(at) << 2));
    if (!(sum > 0)) continue;
    const scale = target / sum;
    scaleInputs(layout, cell, layout.sumShare < 1 ? <f32>1 + layout.sumShare * (scale - <f32>1) : scale);
  }
}

function scaleInputs(layout: Layout, cell: usize, scale: f32): void {
  const end = columnEnd(layout, cell);
  for (let at = columnFrom(layout, cell); at < end; at += 4) {
    const address = layout.weight + (load<usize>(at) << 2);
    store<f32>(address, min<f32>(load<f32>(address) * scale, layout.maximumWeight));
  }
  if (layout.consolidates != 0) scaleLate(layout, cell, scale);
}

/**
 * Plasticity whose steps depend on the weight: as kernel/plasticity.ts, but potentiation is multiplied by f+(w), depression and
 * the heterosynaptic term by f-(w). Both are read from a table of equal steps of weight, linear in between: which
 * functions they are is the host's (rules/weight-dependence.ts).
 */
import { Layout } from "./layout";

/** Intervals of the table, from weight 0 to the maximum; one entry more, and one to read beyond it. */
const INTERVALS: i32 = 1024;

/** Address of the pair below `w`; the rest of the way to the next one is `place - floor`. */
// @ts-ignore: decorator
@inline
function pairAt(layout: Layout, place: f32): usize {
  return layout.weightFactor + (usize(i32(place)) << 3);
}

// @ts-ignore: decorator
@inline
function placeOf(layout: Layout, w: f32): f32 {
  return min<f32>(w * layout.factorsPerWeight, <f32>INTERVALS);
}

// @ts-ignore: decorator
@inline
function potentiationAt(pair: usize, share: f32): f32 {
  const low = load<f32>(pair);
  return low + share * (load<f32>(pair, 8) - low);
}

// @ts-ignore: decorator
@inline
function depressionAt(pair: usize, share: f32): f32 {
  const low = load<f32>(pair, 4);
  return low + share * (load<f32>(pair, 12) - low);
}

// @ts-ignore: decorator
@inline
function bounded(w: f32, maximum: f32): f32 {
  return min<f32>(max<f32>(w, 0), maximum);
}

/** Presynaptic spike: w -= rate * f-(w) * postTrace, within [0, maximum], for entries [from, to) of its row. */
export function depressByWeight<Slot>(layout: Layout, from: i32, to: i32, rate: f32): void {
  let slot = layout.post + usize(from) * sizeof<Slot>();
  const end = layout.weight + (usize(to) << 2);
  for (let at = layout.weight + (usize(from) << 2); at < end; at += 4) {
    const trace = load<f32>(layout.postTrace + (usize(load<Slot>(slot)) << 2));
    const w = load<f32>(at);
    const place = placeOf(layout, w);
    const factor = depressionAt(pairAt(layout, place), place - f32(i32(place)));
    store<f32>(at, bounded(w - rate * factor * trace, layout.maximumWeight));
    slot += sizeof<Slot>();
  }
}

/**
 * Postsynaptic spike: w += rate * f+(w) * preTrace - offset * f-(w), within [0, maximum], for entries [from, to) of its
 * column.
 */
export function potentiateByWeight<Slot>(layout: Layout, from: i32, to: i32, rate: f32, offset: f32): void {
  let slot = layout.columnPre + usize(from) * sizeof<Slot>();
  const end = layout.columnSynapse + (usize(to) << 2);
  for (let at = layout.columnSynapse + (usize(from) << 2); at < end; at += 4) {
    const address = layout.weight + (load<usize>(at) << 2);
    const trace = load<f32>(layout.preTrace + (usize(load<Slot>(slot)) << 2));
    const w = load<f32>(address);
    const place = placeOf(layout, w);
    const pair = pairAt(layout, place);
    const share = place - f32(i32(place));
    const change = rate * trace * potentiationAt(pair, share) - offset * depressionAt(pair, share);
    store<f32>(address, bounded(w + change, layout.maximumWeight));
    slot += sizeof<Slot>();
  }
}

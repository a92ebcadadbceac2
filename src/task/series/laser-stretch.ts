/**
 * The laser's stretches: each seed's test steps hold one of the collapses (which are rare, one in 600 steps, and
 * what makes the series hard), and its training steps at least one other. Chosen by the regime alone, before any
 * score is known.
 */
import { findCollapses } from "./recorded.ts";
import { chooseStretch, type Stretch, type StretchWanted } from "./stretch.ts";

/** Share of the test steps that lie before their collapse. */
const LEAD = 0.4;

export function chooseCollapse(wanted: StretchWanted, values: Float64Array): Stretch {
  const { lags, trainCount, testCount, seed, length } = wanted;
  const collapses = findCollapses(values);
  const offsets = collapses
    .map((at) => at - Math.floor(LEAD * testCount) - lags - trainCount)
    .filter((offset) => offset >= 0 && offset + lags + trainCount + testCount <= length)
    .filter((offset) => collapses.some((at) => at >= offset + lags && at < offset + lags + trainCount));
  if (offsets.length === 0) return chooseStretch(wanted);
  const offset = offsets[((seed % offsets.length) + offsets.length) % offsets.length];
  return { offset, trainCount, testCount, notes: [] };
}

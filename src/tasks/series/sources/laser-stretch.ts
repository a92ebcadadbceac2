/**
 * The laser's stretches: each seed's test steps hold one of the collapses (which are rare, one in 420 steps, and
 * what makes the series hard), and its training steps at least one other. Chosen by the regime alone, before any
 * score is known.
 */
import { findCollapses } from "./recorded.ts";
import { chooseStretch, type Stretch, type StretchWanted } from "./stretch.ts";

/** Share of the test steps that lie before their collapse: the calm after it is short, as in the whole series. */
const LEAD = 0.8;

export function chooseCollapse(wanted: StretchWanted, values: Float64Array): Stretch {
  const { span, trainCount, testCount, seed, length } = wanted;
  const collapses = findCollapses(values);
  const offsets = collapses
    .map((at) => at - Math.floor(LEAD * testCount) - span - trainCount)
    .filter((offset) => offset >= 0 && offset + span + trainCount + testCount <= length)
    .filter((offset) => collapses.some((at) => at >= offset + span && at < offset + span + trainCount));
  if (offsets.length === 0) return chooseStretch(wanted);
  const offset = offsets[((seed % offsets.length) + offsets.length) % offsets.length];
  return { offset, trainCount, testCount, notes: [] };
}

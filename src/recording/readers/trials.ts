/** Trials of a spike list: whether the clock begins anew in each, and when each lies in the recording. */
import { naturally } from "../blocks.ts";
import type { Doubt, Interval, ReadOptions } from "../contract.ts";
import { overlap } from "../cultures/intervals.ts";

export interface TrialPlan {
  /** The clock begins anew in every trial; they are put one after another. */
  readonly restart: boolean;
  readonly trials: readonly Interval[];
  readonly doubts: readonly Doubt[];
  /** What is added to the times of a trial. */
  offset(trial: string): number;
}

interface Extent {
  first: number;
  last: number;
}

/** In natural order of their names. */
export async function placeTrials(
  rows: AsyncIterable<{ readonly time: number; readonly trial: string }>,
  { trials: said }: ReadOptions,
): Promise<TrialPlan> {
  const extents = new Map<string, Extent>();
  for await (const { time, trial } of rows) {
    const extent = extents.get(trial);
    if (!extent) extents.set(trial, { first: time, last: time });
    else {
      extent.first = Math.min(extent.first, time);
      extent.last = Math.max(extent.last, time);
    }
  }
  const named = [...extents].sort(([a], [b]) => naturally(a, b));
  const all = named.map(([, extent]) => extent);
  const asIs = all.map(({ first, last }) => ({ startSeconds: first, endSeconds: last }));
  const overlapping = overlap(asIs);
  const restart = said === undefined ? overlapping : said === "restart";
  if (!restart) {
    const doubts: Doubt[] = overlapping
      ? [{ kind: "overlapping-trials", message: "trials overlap in time", flag: "--trials restart" }]
      : [];
    return { restart, trials: asIs, doubts, offset: () => 0 };
  }
  const from = all.reduce((least, { first }) => Math.min(least, first), 0);
  const length = all.reduce((most, { last }) => Math.max(most, last - from), 0);
  const offsets = new Map(named.map(([trial], k) => [trial, k * length - from]));
  return {
    restart,
    trials: all.map((_, k) => ({ startSeconds: k * length, endSeconds: (k + 1) * length })),
    doubts: overlapping
      ? [
          {
            kind: "overlapping-trials",
            message: `trials overlap in time: the clock is taken to begin anew in each of the ${all.length}, and they are read one after another, ${length.toFixed(3)} s each`,
            flag: "--trials go-on",
          },
        ]
      : [],
    offset: (trial) => offsets.get(trial) ?? 0,
  };
}

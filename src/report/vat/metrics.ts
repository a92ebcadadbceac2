/** What a vat is measured by. */

interface MetricInWords {
  readonly label: string;
  readonly percent: boolean;
  /** Of a game: two digits say enough. */
  readonly isCount?: boolean;
}

export const METRICS = {
  joint: { label: "the vat together", percent: true },
  majority: { label: "majority of its brains", percent: true },
  bestBrain: { label: "its best brain", percent: true },
  meanBrain: { label: "a brain by itself, mean", percent: true },
  counts: { label: "by electrode counts, mean", percent: true },
  bits: { label: "bits per spike from others", percent: false },
  bitsOwn: { label: "bits per spike from its own past", percent: false },
  bitsShuffled: { label: "the same, others shuffled", percent: false },
  hitsPerRally: { label: "hits per rally", percent: false, isCount: true },
  aces: { label: "aces", percent: true },
  killsPerLife: { label: "kills per life", percent: false, isCount: true },
  itemsPerLife: { label: "medicine per life", percent: false, isCount: true },
  lifeSeconds: { label: "seconds of a life", percent: false, isCount: true },
  longRallies: { label: "long rallies", percent: true },
} as const satisfies Readonly<Record<string, MetricInWords>>;

export type Metric = keyof typeof METRICS;

/** Whether it counts things of a game. */
export function isCount(metric: string): boolean {
  return metric in METRICS && "isCount" in METRICS[metric as Metric];
}

/** What a vat is measured by. */

export const METRICS = {
  joint: { label: "the vat together", percent: true },
  majority: { label: "majority of its brains", percent: true },
  bestBrain: { label: "its best brain", percent: true },
  meanBrain: { label: "a brain by itself, mean", percent: true },
  counts: { label: "by electrode counts, mean", percent: true },
  bits: { label: "bits per spike from others", percent: false },
  bitsOwn: { label: "bits per spike from its own past", percent: false },
  bitsShuffled: { label: "the same, others shuffled", percent: false },
  hitsPerRally: { label: "hits per rally", percent: false },
  aces: { label: "aces", percent: true },
  killsPerLife: { label: "kills per life", percent: false },
  itemsPerLife: { label: "medicine per life", percent: false },
  lifeSeconds: { label: "seconds of a life", percent: false },
  longRallies: { label: "long rallies", percent: true },
} as const;

export type Metric = keyof typeof METRICS;

/**
 * What `wetgrad culture compare` shows: the spontaneous activity of simulated cultures beside that of recordings,
 * in the five numbers of recording/statistics/activity.ts, and whether the simulated lie inside the real range.
 */

export interface ActivityNumbers {
  readonly firingRateHz: number;
  readonly networkBurstsPerMinute: number;
  readonly burstSpikeShare: number;
  readonly meanCorrelation: number;
  readonly intervalVariation: number;
}

export type Statistic = keyof ActivityNumbers;

export interface CultureActivity {
  readonly label: string;
  /** What the culture was given, where known. */
  readonly treatment?: string;
  /** Days in vitro, where known. */
  readonly divDays: number | null;
  readonly durationSeconds: number;
  readonly electrodes: number;
  readonly activeElectrodes: number;
  /** NaN where the activity has no such number. */
  readonly statistics: ActivityNumbers;
  /** Spikes of the whole array per second, in equal bins: an excerpt to look at. */
  readonly arrayRate?: { readonly binSeconds: number; readonly hz: readonly number[] };
}

export interface Comparison {
  readonly simulated: readonly CultureActivity[];
  readonly real: readonly CultureActivity[];
}

export interface StatisticInfo {
  readonly key: Statistic;
  readonly short: string;
  readonly label: string;
  readonly unit: string;
  readonly digits: number;
}

export const STATISTICS: readonly StatisticInfo[] = [
  { key: "firingRateHz", short: "rate", label: "Firing rate", unit: "spikes/s, median electrode", digits: 2 },
  { key: "networkBurstsPerMinute", short: "bursts", label: "Network bursts", unit: "per minute", digits: 1 },
  {
    key: "burstSpikeShare",
    short: "in bursts",
    label: "Spikes in bursts",
    unit: "share of all spikes",
    digits: 2,
  },
  {
    key: "meanCorrelation",
    short: "corr.",
    label: "Correlation",
    unit: "mean over electrode pairs",
    digits: 2,
  },
  {
    key: "intervalVariation",
    short: "CV of ISI",
    label: "CV of ISI",
    unit: "median electrode",
    digits: 2,
  },
];

/** Recordings within this many days of a culture's age are its peers, if there are `ENOUGH_PEERS`; else all are. */
const PEER_DAYS = 4;
const ENOUGH_PEERS = 3;
/** A handful of recordings does not hold the extremes of their kind: each end of their range is moved out by this share. */
const WIDENING = 0.1;

export interface Envelope {
  readonly lo: number;
  readonly hi: number;
  /** Recordings it was taken from. */
  readonly count: number;
  readonly ofSameAge: boolean;
}

/** The envelope of `key`: its range over the recordings that a culture of `divDays` is to be compared with, widened. */
export function envelope(
  real: readonly CultureActivity[],
  key: Statistic,
  divDays: number | null,
): Envelope | null {
  const known = real.filter(({ statistics }) => Number.isFinite(statistics[key]));
  const peers = known.filter(
    (other) => divDays !== null && other.divDays !== null && Math.abs(other.divDays - divDays) <= PEER_DAYS,
  );
  const ofSameAge = peers.length >= ENOUGH_PEERS;
  const values = (ofSameAge ? peers : known).map(({ statistics }) => statistics[key]);
  if (values.length === 0) return null;
  const [lo, hi] = [Math.min(...values), Math.max(...values)];
  return {
    lo: lo - WIDENING * Math.abs(lo),
    hi: hi + WIDENING * Math.abs(hi),
    count: values.length,
    ofSameAge,
  };
}

/** Whether `culture` lies inside the real range; null where there is nothing to compare. */
export function inside(
  culture: CultureActivity,
  real: readonly CultureActivity[],
  key: Statistic,
): boolean | null {
  const range = envelope(real, key, culture.divDays);
  const value = culture.statistics[key];
  return range && Number.isFinite(value) ? value >= range.lo && value <= range.hi : null;
}

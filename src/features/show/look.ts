/** What a feature of a recording does, as plain data for a page: where, when, with which others, and some of its windows. */
import { Random } from "../../math/random.ts";
import type { Recording } from "../../recording/contract.ts";
import { viewOf } from "../../recording/statistics/view.ts";
import type { Dictionary } from "../contract.ts";
import type { FittedFeatures } from "../fit-recording.ts";
import { type RecordingWindows, windowsOfRecording } from "../windows/recording.ts";
import { excerpts, type WindowSpikes } from "./excerpts.ts";

export interface FeatureLook {
  readonly index: number;
  readonly name: string;
  /** Share of windows in which it is there, and its mean code in them. */
  readonly density: number;
  readonly meanCode: number;
  /** Windows by code, in equal bins up to the greatest. */
  readonly histogram: readonly number[];
  readonly greatest: number;
  /** Share of windows in which it is there, over the recording, in equal parts. */
  readonly overTime: readonly number[];
  /** Its mean code around its onsets (a window after at least two without), `around` windows before and after. */
  readonly onset: readonly number[];
  /** How many times as often it is there within network bursts; what rolled bursts give in 95 % of rolls. Null without bursts. */
  readonly inBursts: { readonly fold: number; readonly chance: readonly [number, number] } | null;
  /** The same at the beginnings of trials, where the recording has them. */
  readonly atTrials: { readonly fold: number; readonly chance: readonly [number, number] } | null;
  /** Features that are there with it more often than chance: how many times as often. */
  readonly together: readonly { readonly index: number; readonly lift: number }[];
  /** The share of another feature's windows that hold this one too, where it is above .8 and that one is rarer: it may be its child. */
  readonly children: readonly number[];
  /** Weight by column. */
  readonly weights: readonly number[];
  readonly top: readonly WindowSpikes[];
  readonly deciles: readonly WindowSpikes[];
}

export interface Look {
  readonly features: readonly FeatureLook[];
  readonly windowSeconds: number;
  readonly hasTimes: boolean;
  readonly bursts: number;
  readonly trials: number;
}

const BINS = 24;
const PARTS = 60;
export const AROUND = 6;
const ROLLS = 200;
const BATCH = 2048;
const TOP = 20;
const OF_DECILE = 2;

export function lookAt(recording: Recording, fitted: FittedFeatures, dictionary: Dictionary): Look {
  const windows = windowsOfRecording(recording, { windowSeconds: fitted.windowSeconds });
  try {
    return look(recording, windows, dictionary);
  } finally {
    windows.close();
  }
}

function look(recording: Recording, windows: RecordingWindows, dictionary: Dictionary): Look {
  const { count: N, windowSeconds, startSeconds } = windows;
  const there = sparseCodes(windows, dictionary);
  const hasTimes = recording.counts === undefined;
  const { bursts } = hasTimes ? viewOf(recording) : { bursts: [] };
  const inBurst = marked(startSeconds, windowSeconds, bursts);
  const atTrial = marked(
    startSeconds,
    windowSeconds,
    recording.trials.map(({ startSeconds: start }) => ({ start, end: start + 2 * windowSeconds })),
  );
  const random = Random.of(0, "features show");
  const chosen = there.map(({ at, codes }) => {
    const order = [...at.keys()].sort((a, b) => codes[b] - codes[a]);
    const ascending = order.toReversed();
    const deciles = Array.from({ length: 10 }, (_, d) => {
      const part = ascending.slice((d * ascending.length) / 10, ((d + 1) * ascending.length) / 10);
      return Array.from(
        { length: Math.min(OF_DECILE, part.length) },
        () => part[random.integer(part.length)],
      );
    }).flat();
    const named = (i: number) => ({ window: at[i], code: codes[i] });
    return { top: order.slice(0, TOP).map(named), deciles: deciles.map(named) };
  });
  const spikes = hasTimes
    ? excerpts(
        recording,
        windows,
        chosen.flatMap(({ top, deciles }) => [...top, ...deciles]),
      )
    : new Map<number, WindowSpikes>();
  const spikesOf = (all: readonly { window: number; code: number }[]) =>
    all.flatMap(({ window, code }) => {
      const found = spikes.get(window);
      return found ? [{ ...found, code }] : [];
    });
  const features = there.map(({ at, codes }, k): FeatureLook => {
    const weights = [...dictionary.directions.subarray(k * dictionary.width, (k + 1) * dictionary.width)];
    const greatest = codes.reduce((most, code) => Math.max(most, code), 0);
    const histogram = new Array<number>(BINS).fill(0);
    for (const code of codes) histogram[Math.min(BINS - 1, Math.floor((code / greatest) * BINS))]++;
    const overTime = new Array<number>(PARTS).fill(0);
    for (const n of at) overTime[Math.min(PARTS - 1, Math.floor((n * PARTS) / N))] += PARTS / N;
    const inBursts = bursts.length > 0 ? enrichment(at, inBurst, random) : null;
    const together = togetherWith(there, k, N);
    return {
      ...{ index: k, density: at.length / N, greatest, histogram, overTime, inBursts, together, weights },
      name: nameOf(weights, windows, recording, inBursts),
      meanCode: at.length > 0 ? codes.reduce((sum, code) => sum + code, 0) / at.length : 0,
      onset: aroundOnsets(at, codes, N),
      atTrials: recording.trials.length > 0 ? enrichment(at, atTrial, random) : null,
      children: childrenOf(there, k),
      top: spikesOf(chosen[k].top),
      deciles: spikesOf(chosen[k].deciles),
    };
  });
  return { features, windowSeconds, hasTimes, bursts: bursts.length, trials: recording.trials.length };
}

interface Sparse {
  /** Windows in which the feature is there, ascending, and its codes there. */
  readonly at: number[];
  readonly codes: number[];
}

function sparseCodes(windows: RecordingWindows, dictionary: Dictionary): Sparse[] {
  const { count: N, width: D } = windows;
  const K = dictionary.features;
  const there = Array.from({ length: K }, (): Sparse => ({ at: [], codes: [] }));
  for (let from = 0; from < N; from += BATCH) {
    const to = Math.min(N, from + BATCH);
    const rows = new Float32Array((to - from) * D);
    windows.read(
      Uint32Array.from({ length: to - from }, (_, i) => from + i),
      rows,
      D,
    );
    const codes = dictionary.encode(rows);
    for (let n = from; n < to; n++)
      for (let k = 0; k < K; k++) {
        const code = codes[(n - from) * K + k];
        if (code <= 0) continue;
        there[k].at.push(n);
        there[k].codes.push(code);
      }
  }
  return there;
}

/** Which windows overlap a span. */
function marked(
  starts: Float64Array,
  windowSeconds: number,
  spans: readonly { readonly start: number; readonly end: number }[],
): Uint8Array {
  const out = new Uint8Array(starts.length);
  let next = 0;
  for (let n = 0; n < starts.length; n++) {
    while (next < spans.length && spans[next].end < starts[n]) next++;
    if (next < spans.length && spans[next].start < starts[n] + windowSeconds) out[n] = 1;
  }
  return out;
}

/** How many times as often it is there in marked windows, beside the same with the marks rolled in time. */
function enrichment(at: readonly number[], mark: Uint8Array, random: Random) {
  const N = mark.length;
  const share = mark.reduce((sum, m) => sum + m, 0) / N;
  if (at.length === 0 || share === 0) return null;
  const foldOf = (shift: number) => at.reduce((sum, n) => sum + mark[(n + shift) % N], 0) / at.length / share;
  const rolls = Array.from({ length: ROLLS }, () => foldOf(random.integer(N))).sort((a, b) => a - b);
  const chance = [rolls[Math.floor(0.025 * ROLLS)], rolls[Math.ceil(0.975 * ROLLS) - 1]] as const;
  return { fold: foldOf(0), chance };
}

function aroundOnsets(at: readonly number[], codes: readonly number[], N: number): number[] {
  const code = new Map(at.map((n, i) => [n, codes[i]]));
  const onsets = at.filter((n) => !code.has(n - 1) && !code.has(n - 2) && n >= AROUND && n + AROUND < N);
  return Array.from({ length: 2 * AROUND + 1 }, (_, i) =>
    onsets.length === 0
      ? 0
      : onsets.reduce((sum, n) => sum + (code.get(n + i - AROUND) ?? 0), 0) / onsets.length,
  );
}

function shared(a: readonly number[], b: ReadonlySet<number>): number {
  return a.reduce((sum, n) => sum + (b.has(n) ? 1 : 0), 0);
}

function togetherWith(there: readonly Sparse[], k: number, N: number) {
  const own = new Set(there[k].at);
  return there
    .map(({ at }, index) => ({
      index,
      lift:
        index === k || at.length === 0 || own.size === 0 ? 0 : (shared(at, own) * N) / (at.length * own.size),
    }))
    .filter(({ lift }) => lift > 1.5)
    .sort((a, b) => b.lift - a.lift)
    .slice(0, 4);
}

const CHILD_SHARE = 0.8;
const LEAST_WINDOWS = 20;

function childrenOf(there: readonly Sparse[], k: number): number[] {
  const own = new Set(there[k].at);
  return there.flatMap(({ at }, j) =>
    j !== k && at.length >= LEAST_WINDOWS && at.length < own.size && shared(at, own) > CHILD_SHARE * at.length
      ? [j]
      : [],
  );
}

/** A name by rule: its strongest electrodes, and whether it comes with bursts. */
function nameOf(
  weights: readonly number[],
  windows: RecordingWindows,
  recording: Recording,
  inBursts: FeatureLook["inBursts"],
): string {
  const most = Math.max(...weights);
  const strong = weights
    .map((weight, d) => ({ weight, d }))
    .filter(({ weight }) => weight > 0.4 * most)
    .sort((a, b) => b.weight - a.weight)
    .slice(0, 4)
    .map(({ d }) => recording.channels[windows.channels[d]].name);
  const where = strong.length === 1 ? `electrode ${strong[0]}` : `electrodes ${strong.join(", ")}`;
  if (inBursts === null) return where;
  if (inBursts.fold > inBursts.chance[1]) return `${where}; in bursts`;
  return inBursts.fold < inBursts.chance[0] ? `${where}; outside bursts` : where;
}

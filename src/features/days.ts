/**
 * Features over days: each day's own, found by consensus and compared with the first day's; and the first day's followed, one dictionary a
 * day behind the same codes, each begun at the day before's. What is begun at a dictionary stays like it, so that following proves
 * nothing by itself: the same following of a surrogate of each day stands beside it.
 */

import { join } from "node:path";
import { makeFolder } from "../files/folder.ts";
import { Random } from "../math/random.ts";
import { labelOf, type Recording } from "../recording/contract.ts";
import { findConsensus, SAME } from "./consensus.ts";
import type { Dictionary } from "./contract.ts";
import { FeatureError } from "./error.ts";
import { fitDictionary } from "./fit.ts";
import { cosines, matchRows } from "./scores/directions.ts";
import { windowsOfRecording } from "./windows/recording.ts";
import { rolledWindows } from "./windows/surrogate.ts";
import { rowsOf, type Windows } from "./windows/windows.ts";

export interface DaysOptions {
  readonly features: number;
  readonly windowSeconds: number;
  readonly seed: number;
  readonly restarts: number;
  readonly surrogates: number;
  readonly steps: number;
  /** Where what is learned is kept. */
  readonly folder: string;
  readonly onProgress?: (done: number, total: number, message: string) => void;
  readonly signal?: AbortSignal;
}

export interface DayReport {
  readonly recording: string;
  readonly divDays: number | null;
  readonly windows: number;
  /** Features of this day that its consensus kept. */
  readonly kept: number;
  /** Of the first day's kept features, those that are among this day's own, and the share that chance gives (this day's surrogate). */
  readonly foundAgain: number;
  readonly foundInSurrogate: number;
  /** By kept feature of the first day: how alike it still is when followed, followed through surrogates, and how often it is there. */
  readonly followed: readonly number[];
  readonly followedSurrogate: readonly number[];
  readonly density: readonly number[];
}

export interface DaysReport {
  readonly format: 1;
  readonly kind: "wetgrad features days";
  readonly channels: readonly string[];
  /** Numbers of the first day's kept features. */
  readonly features: readonly number[];
  readonly days: readonly DayReport[];
}

export async function followDays(
  recordings: readonly Recording[],
  options: DaysOptions,
): Promise<DaysReport> {
  const { features, windowSeconds, seed, restarts, surrogates, steps, folder, onProgress, signal } = options;
  const names = commonChannels(recordings);
  const all = recordings.map((recording) => windowsOfRecording(recording, { windowSeconds, names }));
  try {
    const days: DayReport[] = [];
    let first: Dictionary | undefined;
    let kept: number[] = [];
    let followed: Dictionary | undefined;
    let lost: Dictionary | undefined;
    for (const [i, windows] of all.entries()) {
      makeFolder(join(folder, "kept", `day-${i + 1}`));
      const batch = Math.max(50, Math.min(1000, Math.floor(windows.count / 8)));
      const rolled = rolledWindows(windows, Random.of(seed, "day", i));
      const found = await findConsensus(windows, {
        fit: { method: "em", features, em: { batch, steps } },
        ...{ seed: seed + i, restarts, surrogates, least: Math.ceil(0.8 * restarts) },
        keptPath: (name) => join(folder, "kept", `day-${i + 1}`, `${name.replace(" ", "-")}.safetensors`),
        onProgress: (done, total, message) =>
          onProgress?.(i * total + done, all.length * total, `${labelOf(recordings[i])}: ${message}`),
        ...(signal ? { signal } : {}),
      });
      const own = found.features.flatMap(({ isKept }, k) => (isKept ? [k] : []));
      if (!first) {
        first = followed = lost = found.dictionary;
        kept = own;
      } else {
        followed = await followOn(windows, followed!, { batch, steps, seed });
        lost = await followOn(rolled, lost!, { batch, steps, seed });
      }
      const chance = await fitDictionary(rolled, {
        method: "em",
        features,
        seed: seed + i,
        em: { batch, steps },
      });
      days.push({
        recording: labelOf(recordings[i]),
        divDays: recordings[i].meta.divDays ?? null,
        windows: windows.count,
        kept: own.length,
        foundAgain: againIn(first, kept, found.dictionary, own),
        foundInSurrogate: againIn(first, kept, chance),
        followed: alike(first, followed!, kept),
        followedSurrogate: alike(first, lost!, kept),
        density: densities(windows, followed!, kept),
      });
    }
    return { format: 1, kind: "wetgrad features days", channels: names, features: kept, days };
  } finally {
    for (const windows of all) windows.close();
  }
}

/** A dictionary of the windows that begins at another's and keeps its numbers. */
function followOn(
  windows: Windows,
  { directions, features }: Dictionary,
  { batch, steps, seed }: { batch: number; steps: number; seed: number },
): Promise<Dictionary> {
  const em = { batch, steps: Math.ceil(steps / 2), spare: 1, pruneFrom: 0, pruneTo: 1, start: directions };
  return fitDictionary(windows, { method: "em", features, seed, em });
}

/** Names that all days have, in the first day's order, of channels that the first day heard. */
function commonChannels(recordings: readonly Recording[]): string[] {
  const [first, ...later] = recordings;
  const names = first.channels.filter(({ spikeCount }) => spikeCount > 0).map(({ name }) => name);
  const common = names.filter((name) => later.every(({ channels }) => channels.some((c) => c.name === name)));
  if (common.length < 2)
    throw new FeatureError(
      `expected recordings of the same channels, got ${common.length} names that all of them have: name days of one dish`,
    );
  return common;
}

const rows = ({ directions, features, width }: Dictionary) => ({ values: directions, rows: features, width });

/** How many of the `kept` features of `first` have a pair in `other` (of its features `among`). */
function againIn(
  first: Dictionary,
  kept: readonly number[],
  other: Dictionary,
  among?: readonly number[],
): number {
  const { pairs, cosine } = matchRows(rows(first), rows(other));
  return kept.filter((k) => cosine[k] > SAME && (among === undefined || among.includes(pairs[k]))).length;
}

function alike(first: Dictionary, now: Dictionary, kept: readonly number[]): number[] {
  const all = cosines(rows(first), rows(now));
  return kept.map((k) => all[k * now.features + k]);
}

const MOST_WINDOWS = 20_000;

function densities(windows: Windows, dictionary: Dictionary, kept: readonly number[]): number[] {
  const codes = dictionary.encode(rowsOf(windows, MOST_WINDOWS));
  const K = dictionary.features;
  const N = codes.length / K;
  return kept.map((k) => {
    let there = 0;
    for (let n = 0; n < N; n++) if (codes[n * K + k] > 0) there++;
    return there / N;
  });
}

/**
 * Which features of a recording are there: found again by most restarts, each from another half of the windows and another beginning,
 * and not found in surrogates whose electrodes have nothing to do with each other. Nothing may be left.
 */
import { Random } from "../math/random.ts";
import type { Dictionary, FitOptions } from "./contract.ts";
import { fitDictionary } from "./fit.ts";
import { keptState } from "./folder/kept-state.ts";
import { cosines, matchRows, unitRows } from "./scores/directions.ts";
import { rolledWindows } from "./windows/surrogate.ts";
import { someWindows, type Windows } from "./windows/windows.ts";

export interface ConsensusOptions {
  readonly fit: Omit<FitOptions, "seed">;
  readonly seed: number;
  readonly restarts: number;
  readonly surrogates: number;
  /** Restarts in which a feature has to be found, its own included. */
  readonly least: number;
  /** A file of this name with an ending of its own keeps what is learned. */
  readonly keptPath?: (name: string) => string;
  readonly onProgress?: (done: number, total: number, message: string) => void;
  readonly signal?: AbortSignal;
}

export interface ConsensusFeature {
  /** Restarts that have it, and how alike they are on average. */
  readonly foundIn: number;
  readonly cosine: number;
  /** The most alike that any surrogate's feature is. */
  readonly surrogateCosine: number;
  readonly isKept: boolean;
}

export interface Consensus {
  /** Of the restart whose features the others find most often. */
  readonly dictionary: Dictionary;
  /** By feature of the dictionary. */
  readonly features: readonly ConsensusFeature[];
  /** Share of features matched between two restarts, between two surrogates, and between restarts and surrogates; means over pairs. */
  readonly betweenRestarts: number;
  readonly betweenSurrogates: number | null;
  readonly withSurrogates: number | null;
}

/** Two features are one above this cosine. */
export const SAME = 0.7;
/** Halves are made of blocks of windows, so that neighbours do not fall into both. */
const BLOCK_WINDOWS = 100;

/** Fits all restarts and surrogates, and says which features count. Throws `FeatureError`. */
export async function findConsensus(windows: Windows, options: ConsensusOptions): Promise<Consensus> {
  const { restarts, surrogates, least } = options;
  const found: Dictionary[] = [];
  const chance: Dictionary[] = [];
  const total = restarts + surrogates;
  const learn = async (from: Windows, name: string, index: number) => {
    const seed = Random.of(options.seed, "consensus", name).integer(2 ** 32);
    const path = options.keptPath?.(name);
    const settings = { ...options.fit, seed, windows: [from.count, from.width] };
    const dictionary = await fitDictionary(
      from,
      { ...options.fit, seed },
      {
        ...(path === undefined ? {} : { kept: keptState(path, settings) }),
        ...(options.signal ? { signal: options.signal } : {}),
        onProgress: (done, of) =>
          options.onProgress?.(Math.round((100 * (index + done / of)) / total), 100, name),
      },
    );
    return dictionary;
  };
  for (let r = 0; r < restarts; r++)
    found.push(await learn(halfOf(windows, Random.of(options.seed, "half", r)), `restart ${r + 1}`, r));
  for (let s = 0; s < surrogates; s++) {
    const rolled = rolledWindows(windows, Random.of(options.seed, "surrogate", s));
    chance.push(await learn(rolled, `surrogate ${s + 1}`, restarts + s));
  }
  return judged(found, chance, least);
}

/** What restarts and surrogates, as dictionaries, say together. */
export function judged(
  found: readonly Dictionary[],
  chance: readonly Dictionary[],
  least: number,
): Consensus {
  const counts = found.map((one, r) => {
    const others = found
      .filter((_, s) => s !== r)
      .map((other) => matchRows(rowsOf(one), rowsOf(other)).cosine);
    return Array.from({ length: one.features }, (_, k) => {
      const alike = others.map((cosine) => cosine[k]).filter((c) => c > SAME);
      return {
        foundIn: 1 + alike.length,
        cosine: alike.length > 0 ? alike.reduce((sum, c) => sum + c / alike.length, 0) : 0,
      };
    });
  });
  const scores = counts.map((features) => features.filter(({ foundIn }) => foundIn >= least).length);
  const best = scores.indexOf(Math.max(...scores));
  const dictionary = found[best];
  const nearest = chance.map((surrogate) => {
    const all = cosines(rowsOf(dictionary), rowsOf(surrogate));
    return Array.from({ length: dictionary.features }, (_, k) =>
      Math.max(0, ...all.subarray(k * surrogate.features, (k + 1) * surrogate.features)),
    );
  });
  const features = counts[best].map(({ foundIn, cosine }, k) => {
    const surrogateCosine = Math.max(0, ...nearest.map((row) => row[k]));
    return { foundIn, cosine, surrogateCosine, isKept: foundIn >= least && surrogateCosine <= SAME };
  });
  return {
    dictionary,
    features,
    betweenRestarts: meanShare(pairsOf(found)) ?? 0,
    betweenSurrogates: meanShare(pairsOf(chance)),
    withSurrogates: meanShare(found.flatMap((a) => chance.map((b) => [a, b] as const))),
  };
}

function pairsOf(all: readonly Dictionary[]): (readonly [Dictionary, Dictionary])[] {
  return all.flatMap((a, i) => all.slice(i + 1).map((b) => [a, b] as const));
}

/** Mean over pairs of the share of features that are matched. */
function meanShare(pairs: readonly (readonly [Dictionary, Dictionary])[]): number | null {
  if (pairs.length === 0) return null;
  const shares = pairs.map(([a, b]) => {
    const { cosine } = matchRows(rowsOf(a), rowsOf(b));
    return cosine.filter((c) => c > SAME).length / cosine.length;
  });
  return shares.reduce((sum, share) => sum + share / shares.length, 0);
}

/** Half of the windows, in blocks. */
function halfOf(windows: Windows, random: Random): Windows {
  const block = Math.max(1, Math.min(BLOCK_WINDOWS, Math.floor(windows.count / 20)));
  const blocks = Math.ceil(windows.count / block);
  const chosen = random
    .permutation(blocks)
    .slice(0, Math.ceil(blocks / 2))
    .sort((a, b) => a - b);
  const indices = chosen.flatMap((b) =>
    Array.from({ length: Math.min(block, windows.count - b * block) }, (_, i) => b * block + i),
  );
  return someWindows(windows, Uint32Array.from(indices));
}

function rowsOf({ directions, features, width }: Dictionary) {
  return { values: directions, rows: features, width };
}

/** How much of feature k lies on one electrode: the largest square of its direction's length. */
export function onOneElectrode(dictionary: Dictionary, k: number): number {
  const unit = unitRows(rowsOf(dictionary)).subarray(k * dictionary.width, (k + 1) * dictionary.width);
  return Math.max(...unit.map((value) => value * value));
}

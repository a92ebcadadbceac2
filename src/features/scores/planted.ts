/** What a dictionary is worth on a world whose features are known. */
import type { Dictionary } from "../contract.ts";
import type { PlantedWorld } from "../worlds/planted.ts";
import { detect, presence } from "./detection.ts";
import { matchRows } from "./directions.ts";

export interface PlantedScore {
  /** Mean cosine of true directions with those paired with them; unmatched ones are 0. */
  readonly mcc: number;
  /** The same over the `equal` best pairs. */
  readonly mccBest: number;
  /** Share of true directions with a cosine above .9. */
  readonly share09: number;
  /** Mean over all true features: with thresholds tuned, and as the dictionary says itself. */
  readonly f1: number;
  readonly f1Native: number;
  readonly f1Best: number;
  /** Mean cosine by quarters of the features, rare to frequent. */
  readonly byFrequency: readonly number[];
  /** How much more often a parent is missed where one of its children is there. */
  readonly absorption: number;
  /** Share of the dictionary that is there in no window. */
  readonly dead: number;
  readonly l0: number;
}

export interface PlantedParts {
  /** Windows `[from, middle)` tune thresholds, `[middle, to)` are scored; none of them was learned from. */
  readonly from: number;
  readonly middle: number;
  readonly to: number;
  /** n of the "best n pairs". */
  readonly equal: number;
}

/** Scores `dictionary` on windows of `world` that it was not learned from. */
export function scorePlanted(dictionary: Dictionary, world: PlantedWorld, parts: PlantedParts): PlantedScore {
  const { D, K, directions, amplitudes, counts } = world;
  const { from, middle, to, equal } = parts;
  const J = dictionary.features;
  const matched = matchRows(
    { values: directions, rows: K, width: D },
    { values: dictionary.directions, rows: J, width: D },
  );
  const coded = (isSoft: boolean, a: number, b: number) => {
    const rows = Float32Array.from(counts.subarray(a * D, b * D));
    const codes = isSoft ? dictionary.encodeSoftly(rows) : dictionary.encode(rows);
    return { windows: b - a, codes, J, truth: presence(amplitudes, K, a, b) };
  };
  const native = coded(false, middle, to);
  const { f1, f1Native } = detect({
    tuning: coded(true, from, middle),
    scored: coded(true, middle, to),
    native,
    pairs: matched.pairs,
  });
  const rank = native.truth.map(({ length }) => length);
  const order = rank.map((_, k) => k).sort((a, b) => rank[a] - rank[b]);
  const quarter = (i: number) => order.slice((i * K) / 4, ((i + 1) * K) / 4);
  let alive = 0;
  let there = 0;
  for (let j = 0; j < J; j++) {
    let count = 0;
    for (let n = 0; n < native.windows; n++) if (native.codes[n * J + j] > 0) count++;
    if (count > 0) alive++;
    there += count;
  }
  return {
    mcc: meanOf(matched.cosine),
    mccBest: meanOf(matched.cosine.toSorted().reverse().slice(0, equal)),
    share09: meanOf(matched.cosine.map((c) => (c > 0.9 ? 1 : 0))),
    f1: meanOf(f1),
    f1Native: meanOf(f1Native),
    f1Best: meanOf(f1.toSorted().reverse().slice(0, equal)),
    byFrequency: [0, 1, 2, 3].map((i) => meanOf(quarter(i).map((k) => matched.cosine[k]))),
    absorption: absorption(world, { ...native, pairs: matched.pairs, from: middle }),
    dead: 1 - alive / J,
    l0: there / native.windows,
  };
}

function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return values.length > 0 ? sum / values.length : 0;
}

function absorption(
  { amplitudes, K, parent }: PlantedWorld,
  native: { codes: Float32Array; J: number; windows: number; pairs: Int32Array; from: number },
): number {
  const parents = [...new Set(parent.filter((k) => k >= 0))];
  const differences = parents.flatMap((p) => {
    const children = [...parent.keys()].filter((k) => parent[k] === p);
    const [missed, seen] = [
      [0, 0],
      [0, 0],
    ];
    const j = native.pairs[p];
    if (j < 0) return [];
    for (let n = 0; n < native.windows; n++) {
      const row = (native.from + n) * K;
      if (!(amplitudes[row + p] > 0)) continue;
      const withChild = children.some((k) => amplitudes[row + k] > 0) ? 1 : 0;
      seen[withChild]++;
      if (!(native.codes[n * native.J + j] > 0)) missed[withChild]++;
    }
    return seen[0] > 0 && seen[1] > 0 ? [missed[1] / seen[1] - missed[0] / seen[0]] : [];
  });
  return meanOf(differences);
}

/**
 * A word as two volleys: each pulses the electrodes on which a random projection of the word's vector is largest; the second, 10 ms
 * later, takes others than the first. Like words share electrodes.
 */
import { Random } from "../../math/random.ts";
import { largestOn } from "./projection.ts";
import type { WordVectors } from "./word-vectors.ts";

/** Share of the sensory electrodes in a volley, and the time from the first volley to the second. */
export const VOLLEY_SHARE = 1 / 4;
export const SECOND_VOLLEY_MS = 10;

/** The channels of each volley. */
export type WordCode = (word: string) => readonly (readonly number[])[];

export function wordCode(vectors: WordVectors, sensory: readonly number[], seed: number): WordCode {
  const E = sensory.length;
  const D = vectors("the").length;
  const size = Math.round(VOLLEY_SHARE * E);
  const projections = [1, 2].map((volley) => Random.of(seed, "word code", volley).normals(E * D));
  const kept = new Map<string, number[][]>();
  return (word) => {
    const found = kept.get(word);
    if (found) return found;
    const vector = vectors(word);
    const taken = new Set<number>();
    const volleys = projections.map((projection) => {
      const best = largestOn(projection, vector, size, (e) => !taken.has(e));
      for (const e of best) taken.add(e);
      return best.map((e) => sensory[e]);
    });
    kept.set(word, volleys);
    return volleys;
  };
}

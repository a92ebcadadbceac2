/**
 * A word as two volleys: each pulses the electrodes on which a random projection of the word's vector is largest; the second, 10 ms
 * later, takes others than the first. Like words share electrodes.
 */
import { Random } from "../../math/random.ts";
import type { WordVectors } from "./word-vectors.ts";

/** Electrodes of a volley, and from the first volley to the second. */
export const VOLLEY_SIZE = 8;
export const SECOND_VOLLEY_MS = 10;

/** The channels of each volley. */
export type WordCode = (word: string) => readonly (readonly number[])[];

export function wordCode(vectors: WordVectors, sensory: readonly number[], seed: number): WordCode {
  const E = sensory.length;
  const D = vectors("the").length;
  const projections = [1, 2].map((volley) => Random.of(seed, "word code", volley).normals(E * D));
  const kept = new Map<string, number[][]>();
  return (word) => {
    const found = kept.get(word);
    if (found) return found;
    const vector = vectors(word);
    const taken = new Set<number>();
    const volleys = projections.map((projection) => {
      const drive = sensory.map((_, e) => {
        let sum = 0;
        for (let d = 0; d < D; d++) sum += projection[e * D + d] * vector[d];
        return sum;
      });
      const best = [...sensory.keys()]
        .filter((e) => !taken.has(e))
        .sort((a, b) => drive[b] - drive[a] || a - b)
        .slice(0, VOLLEY_SIZE);
      for (const e of best) taken.add(e);
      return best.map((e) => sensory[e]);
    });
    kept.set(word, volleys);
    return volleys;
  };
}

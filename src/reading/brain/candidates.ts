/**
 * Retrieval among sentences of the same length: whether what was decoded is nearer to the sentence's own latent program than to those of
 * others. Near-duplicates of the sentence are no candidates: by them a miss would be no miss.
 */
import type { Random } from "../../math/random.ts";
import { cosine, rowOf } from "../../text/metrics/retrieval.ts";
import type { MaterialSet } from "./material.ts";

/** Candidates nearer than this to the sentence itself are left out. */
export const NEAR_DUPLICATE = 0.95;

/** How many the sentence may be found among. */
export const WAYS = [2, 5, 10, 20, 50, 100, 200] as const;

export interface RetrievalFigures {
  /** Share found among so many; NaN where there are not so many. */
  readonly ways50: number;
  readonly ways200: number;
  /** The same for each of `WAYS`. */
  readonly curve: readonly number[];
  /** Mean cosine of what was decoded and what it should be. */
  readonly cosine: number;
}

/** For each test sentence the rows of `pool` that may stand beside it. */
export function candidateRows(test: MaterialSet, pool: MaterialSet): { rows: number[][]; dropped: number } {
  const Z = test.latents.length / test.sentences.length;
  let dropped = 0;
  const rows = test.sentences.map(({ words, text }, n) => {
    const own = rowOf(test.latents, Z, n);
    return [...pool.sentences.keys()].filter((m) => {
      const other = pool.sentences[m];
      if (other.words.length !== words.length || other.text === text) return false;
      const isNear = cosine(own, rowOf(pool.latents, Z, m)) > NEAR_DUPLICATE;
      if (isNear) dropped++;
      return !isNear;
    });
  });
  return { rows, dropped };
}

/** @param decoded `[N, Z]`, one row per test sentence */
export function retrieval(
  decoded: Float32Array,
  { test, pool, rows }: { test: MaterialSet; pool: MaterialSet; rows: readonly (readonly number[])[] },
  random: Random,
): RetrievalFigures {
  const N = test.sentences.length;
  const Z = test.latents.length / N;
  let similarity = 0;
  const found = WAYS.map(() => 0);
  const asked = WAYS.map(() => 0);
  for (let n = 0; n < N; n++) {
    const query = rowOf(decoded, Z, n);
    const own = cosine(query, rowOf(test.latents, Z, n));
    similarity += own / N;
    const order = random.permutation(rows[n].length).map((i) => rows[n][i]);
    const others = order.slice(0, 199).map((m) => cosine(query, rowOf(pool.latents, Z, m)));
    for (const [w, ways] of WAYS.entries()) {
      if (others.length < ways - 1) continue;
      asked[w]++;
      const near = others.slice(0, ways - 1);
      // A query that says nothing is as near to all: it finds its own by chance.
      if (near.every((value) => value <= own))
        found[w] += 1 / (1 + near.filter((value) => value === own).length);
    }
  }
  const curve = found.map((hits, w) => hits / asked[w]);
  return { ways50: curve[WAYS.indexOf(50)], ways200: curve[WAYS.indexOf(200)], curve, cosine: similarity };
}

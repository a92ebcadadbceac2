/** Dictionaries from their weights. */

import { Affine } from "./affine.ts";
import type { Dictionary, LinearWeights, Method, PoissonWeights, Weights } from "./contract.ts";
import { SparseCoder } from "./em/coder.ts";
import { asCounts, transformInPlace } from "./transform.ts";

const BATCH = 512;

/** A dictionary for windows of `width` numbers. */
export function dictionaryOf(method: Method, weights: Weights, width: number): Dictionary {
  return weights.kind === "poisson"
    ? poissonDictionary(method, weights, width)
    : linearDictionary(method, weights, width);
}

function poissonDictionary(method: Method, weights: PoissonWeights, D: number): Dictionary {
  const K = weights.dictionary.length / D;
  let coder: SparseCoder | undefined;
  const encode = (rows: Float32Array, threshold: number) => {
    coder ??= coderFor(weights, D);
    const N = rows.length / D;
    const out = new Float32Array(N * K);
    for (let from = 0; from < N; from += BATCH) {
      const count = Math.min(BATCH, N - from);
      for (let n = 0; n < count; n++)
        coder.counts.set(rows.subarray((from + n) * D, (from + n + 1) * D), n * coder.length);
      coder.infer(count, { rounds: weights.rounds, threshold });
      out.set(coder.codes.subarray(0, count * K), from * K);
    }
    return out;
  };
  return {
    method,
    features: K,
    width: D,
    directions: weights.dictionary,
    weights,
    encode: (rows) => encode(rows, weights.threshold),
    encodeSoftly: (rows) => encode(rows, weights.threshold),
  };
}

function coderFor({ dictionary, background }: PoissonWeights, D: number): SparseCoder {
  const K = dictionary.length / D;
  const coder = new SparseCoder(D, K, BATCH);
  for (let k = 0; k < K; k++) coder.dictionary.set(dictionary.subarray(k * D, (k + 1) * D), k * coder.length);
  coder.background.set(background);
  return coder;
}

function linearDictionary(method: Method, weights: LinearWeights, D: number): Dictionary {
  const { encoder, encoderBias, decoder, thresholds, transform, activation } = weights;
  const K = encoderBias.length;
  let affine: Affine | undefined;
  const encode = (rows: Float32Array, isSoft: boolean) => {
    affine ??= new Affine(encoder, encoderBias, { width: D, batch: BATCH });
    const N = rows.length / D;
    const out = new Float32Array(N * K);
    for (let from = 0; from < N; from += BATCH) {
      const count = Math.min(BATCH, N - from);
      const batch = rows.slice(from * D, (from + count) * D);
      transformInPlace(batch, transform);
      const h = affine.apply(batch, count);
      for (let n = 0; n < count; n++) {
        const row = h.subarray(n * K, (n + 1) * K);
        if (activation === "largest" && !isSoft) out[(from + n) * K + largest(row)] = 1;
        else
          for (let k = 0; k < K; k++)
            if (row[k] > (isSoft ? 0 : thresholds[k]) && row[k] > 0) out[(from + n) * K + k] = row[k];
      }
    }
    return out;
  };
  return {
    method,
    features: K,
    width: D,
    directions: Float32Array.from(decoder, (value) => asCounts(value, transform)),
    weights,
    encode: (rows) => encode(rows, false),
    encodeSoftly: (rows) => encode(rows, true),
  };
}

function largest(row: Float32Array): number {
  let best = 0;
  for (let k = 1; k < row.length; k++) if (row[k] > row[best]) best = k;
  return best;
}

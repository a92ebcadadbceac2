/**
 * The linear encoder nearest to what a dictionary says of windows: ridge regression of its codes, with a threshold that each latent
 * exceeds as often as its code is there. What programs that know only linear encoders get of a dictionary whose codes are inferred.
 */
import { choleskyFactor, substitute } from "../../math/linear.ts";
import type { Dictionary, LinearWeights } from "../contract.ts";

const RIDGE = 1e-2;

/** @param rows windows, `[N, D]` */
export function linearised(dictionary: Dictionary, rows: Float32Array): LinearWeights {
  const { features: K, width: D, weights } = dictionary;
  if (weights.kind === "linear") return weights;
  const N = rows.length / D;
  const codes = dictionary.encode(rows);
  const mean = new Float64Array(D);
  for (let i = 0; i < rows.length; i++) mean[i % D] += rows[i] / N;
  const codeMean = new Float64Array(K);
  for (let i = 0; i < codes.length; i++) codeMean[i % K] += codes[i] / N;
  const gram = new Float64Array(D * D);
  const cross = Array.from({ length: K }, () => new Float64Array(D));
  for (let n = 0; n < N; n++) {
    const row = rows.subarray(n * D, (n + 1) * D);
    for (let i = 0; i < D; i++)
      for (let j = 0; j < D; j++) gram[i * D + j] += (row[i] - mean[i]) * (row[j] - mean[j]);
    for (let k = 0; k < K; k++) {
      const code = codes[n * K + k];
      if (code !== 0) for (let d = 0; d < D; d++) cross[k][d] += code * (row[d] - mean[d]);
    }
  }
  for (let d = 0; d < D; d++) gram[d * D + d] = gram[d * D + d] * (1 + RIDGE) + 1e-6;
  const factor = choleskyFactor(gram, D);
  const encoder = new Float32Array(K * D);
  const encoderBias = new Float32Array(K);
  const thresholds = new Float32Array(K);
  const scores = new Float32Array(N);
  for (let k = 0; k < K; k++) {
    const w = substitute(factor, cross[k]);
    encoder.set(w, k * D);
    encoderBias[k] = codeMean[k] - w.reduce((sum, value, d) => sum + value * mean[d], 0);
    let there = 0;
    for (let n = 0; n < N; n++) {
      scores[n] = encoderBias[k];
      for (let d = 0; d < D; d++) scores[n] += encoder[k * D + d] * rows[n * D + d];
      if (codes[n * K + k] > 0) there++;
    }
    thresholds[k] = Math.max(0, scores.toSorted()[Math.min(N - 1, N - there)]);
  }
  return {
    ...{ kind: "linear", transform: "none", activation: "jump", encoder, encoderBias, thresholds },
    decoder: weights.dictionary,
    decoderBias: weights.background,
  };
}

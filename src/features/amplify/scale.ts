/** Codes of features in their own standard deviations, so that features can be compared. */
import type { Dictionary } from "../contract.ts";

export interface Gauge {
  readonly features: number;
  /** Feature codes of windows `rows [N, D]`, each over its standard deviation; `[N, K]`. */
  measure(rows: Float32Array): Float32Array;
}

/** Scaled by what the codes do on the windows `rows`. Features that never vary stay 0. */
export function gaugeOf(dictionary: Dictionary, rows: Float32Array): Gauge {
  const K = dictionary.features;
  const codes = dictionary.encode(rows);
  const N = codes.length / K;
  const [mean, square] = [new Float64Array(K), new Float64Array(K)];
  for (let i = 0; i < codes.length; i++) {
    mean[i % K] += codes[i] / N;
    square[i % K] += codes[i] ** 2 / N;
  }
  const scale = square.map((s, k) => {
    const deviation = Math.sqrt(Math.max(0, s - mean[k] ** 2));
    return deviation > 1e-9 ? 1 / deviation : 0;
  });
  return {
    features: K,
    measure: (windows) => dictionary.encode(windows).map((code, i) => code * scale[i % K]),
  };
}

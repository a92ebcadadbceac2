/** What a readout that is told the truth makes of windows: logistic regression of every feature on roots of counts. An upper reference. */
import { Random } from "../../math/random.ts";
import { Affine } from "../affine.ts";
import { transformInPlace } from "../transform.ts";

export interface SupervisedOptions {
  /** `[N, K]`, above 0 where a feature is there. */
  readonly truth: Float32Array;
  readonly K: number;
  readonly seed: number;
  readonly epochs?: number;
  readonly ridge?: number;
}

const BATCH = 200;
const RATE = 3e-3;
const [BETA1, BETA2] = [0.9, 0.999];

/** Fits on the windows `rows [N, D]`; gives a function from windows to probabilities `[N', K]`. */
export function fitSupervised(rows: Float32Array, D: number, options: SupervisedOptions) {
  const { truth, K, seed, epochs = 25, ridge = 1e-4 } = options;
  const N = rows.length / D;
  const x = rows.slice();
  transformInPlace(x, "root");
  const affine = new Affine(new Float32Array(K * D), new Float32Array(K).fill(-3), {
    width: D,
    batch: BATCH,
  });
  const { weights, bias, length: L } = affine;
  const [g, m, v] = Array.from({ length: 3 }, () => new Float32Array(K * L));
  const [gb, mb, vb] = Array.from({ length: 3 }, () => new Float32Array(K));
  const random = Random.of(seed, "supervised");
  let step = 0;
  const steps = epochs * Math.ceil(N / BATCH);
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = random.permutation(N);
    for (let from = 0; from < N; from += BATCH) {
      const picked = order.slice(from, from + BATCH);
      for (const [i, n] of picked.entries()) affine.inputs.set(x.subarray(n * D, (n + 1) * D), i * L);
      const h = affine.applyToInputs(picked.length);
      g.fill(0);
      gb.fill(0);
      for (const [i, n] of picked.entries())
        for (let k = 0; k < K; k++) {
          const slope = (1 / (1 + Math.exp(-h[i * K + k])) - (truth[n * K + k] > 0 ? 1 : 0)) / picked.length;
          gb[k] += slope;
          if (Math.abs(slope) * picked.length < 1e-4) continue;
          const row = g.subarray(k * L, k * L + D);
          for (let d = 0; d < D; d++) row[d] += slope * x[n * D + d];
        }
      step++;
      const rate = RATE * Math.min(1, (2 * (steps - step)) / steps);
      adam(weights, { g, m, v }, { rate, step, ridge });
      adam(bias, { g: gb, m: mb, v: vb }, { rate, step, ridge: 0 });
    }
  }
  return (windows: Float32Array): Float32Array => {
    const batch = windows.slice();
    transformInPlace(batch, "root");
    const out = new Float32Array((batch.length / D) * K);
    for (let from = 0; from < batch.length / D; from += BATCH) {
      const count = Math.min(BATCH, batch.length / D - from);
      const h = affine.apply(batch.subarray(from * D, (from + count) * D), count);
      for (let i = 0; i < count * K; i++) out[from * K + i] = 1 / (1 + Math.exp(-h[i]));
    }
    return out;
  };
}

function adam(
  p: Float32Array,
  { g, m, v }: { g: Float32Array; m: Float32Array; v: Float32Array },
  { rate, step, ridge }: { rate: number; step: number; ridge: number },
): void {
  const [unbias1, unbias2] = [1 / (1 - BETA1 ** step), 1 / (1 - BETA2 ** step)];
  for (let i = 0; i < p.length; i++) {
    const slope = g[i] + ridge * p[i];
    m[i] += (1 - BETA1) * (slope - m[i]);
    v[i] += (1 - BETA2) * (slope * slope - v[i]);
    p[i] -= (rate * m[i] * unbias1) / (Math.sqrt(v[i] * unbias2) + 1e-8);
  }
}

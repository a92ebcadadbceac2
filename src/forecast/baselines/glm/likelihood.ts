/**
 * The likelihood of a GLM's regressions, all at once, and its gradient.
 *
 * Legend: N windows, C channels, G horizons, O = C * G regressions, K own and S shared inputs; P = 1 + S + K coefficients
 * of each: a constant, of shared inputs, of a channel's own.
 */
import { type ComputeDevice, residentProgram, type Tensor, zeros } from "../../../compute/index.ts";
import { type Array as JaxArray, np } from "../../../compute/jax.ts";
import type { GlmData } from "./data.ts";
import type { ColumnValues } from "./lbfgs.ts";

type Inputs<Leaf> = Record<"shared" | "own" | "counts" | "offset" | "mask" | "byShared" | "byOwn", Leaf>;

export interface GlmLikelihood {
  /**
   * Negative log likelihood `[O]` (nats over that at coefficients of 0) of the windows whose `mask [N]` is 1, at coefficients
   * `[P, O]`, and its gradient. The result is used again.
   */
  at(coefficients: ArrayLike<number>, mask: Float32Array): Promise<ColumnValues>;
  dispose(): Promise<void>;
}

export async function glmLikelihood(
  { windows: N, ...data }: Pick<GlmData, "windows" | "own" | "shared" | "counts" | "offset">,
  { channels: C, horizons: G }: { readonly channels: number; readonly horizons: number },
  compute: { device: ComputeDevice; threads: number },
): Promise<GlmLikelihood> {
  const O = C * G;
  const [K, S] = [data.own.length / C / N, data.shared.length / N];
  const example: Inputs<Tensor> = {
    shared: zeros([N, 1 + S]),
    own: zeros([C, N, K]),
    counts: zeros([N, O]),
    offset: zeros([1, O]),
    mask: zeros([N, 1]),
    byShared: zeros([1 + S, O]),
    byOwn: zeros([C, K, G]),
  };
  const likelihood = (
    _: object,
    { shared, own, counts, offset, mask, byShared, byOwn }: Inputs<JaxArray>,
  ) => {
    const ofOwn = np.transpose(np.matmul(own, byOwn), [1, 0, 2]).reshape([N, O]);
    const eta = np.clip(np.matmul(shared, byShared).add(ofOwn).add(offset), -20, 12);
    const rates = np.exp(eta);
    const residual = rates.sub(counts).mul(mask);
    const ofChannels = np.transpose(residual.reshape([N, C, G]), [1, 0, 2]);
    return {
      loss: rates
        .sub(np.exp(offset))
        .sub(counts.mul(eta.sub(offset)))
        .mul(mask)
        .sum(0),
      shared: np.matmul(np.transpose(shared), residual),
      own: np.matmul(np.transpose(own, [0, 2, 1]), ofChannels),
    };
  };
  const program = await residentProgram(likelihood, {}, example, compute);
  const { inputs, outputs } = program;
  for (let n = 0; n < N; n++) {
    inputs.shared.data[n * (1 + S)] = 1;
    inputs.shared.data.set(data.shared.subarray(n * S, (n + 1) * S), n * (1 + S) + 1);
  }
  inputs.own.data.set(data.own);
  inputs.counts.data.set(data.counts);
  inputs.offset.data.set(data.offset);
  const P = 1 + S + K;
  const gradient = new Float64Array(P * O);
  /** Where coefficient `k` of regression `o` stands in `[C, K, G]`. */
  const place = (k: number, o: number) => (Math.floor(o / G) * K + k) * G + (o % G);
  return {
    async at(coefficients, mask) {
      inputs.mask.data.set(mask);
      for (let i = 0; i < (1 + S) * O; i++) inputs.byShared.data[i] = coefficients[i];
      for (let k = 0; k < K; k++)
        for (let o = 0; o < O; o++) inputs.byOwn.data[place(k, o)] = coefficients[(1 + S + k) * O + o];
      await program.run();
      gradient.set(outputs.shared.data);
      for (let k = 0; k < K; k++)
        for (let o = 0; o < O; o++) gradient[(1 + S + k) * O + o] = outputs.own.data[place(k, o)];
      return { values: outputs.loss.data, gradient };
    },
    dispose: () => program.dispose(),
  };
}

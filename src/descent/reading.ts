/** What states say: read by the bridge, and by hand. */
import type { NeuralStates } from "../emulator/states.ts";
import type { ModelPrograms, Models } from "./models.ts";
import { BINS } from "./protocol.ts";

/**
 * Class probabilities `[N, K]` that the bridge reads off whole states, matched to the classes' shares in the training
 * data: cultures answer louder with some classes than with others.
 */
export async function readByBridge(
  programs: ModelPrograms,
  { emulator, bridge }: Models,
  states: NeuralStates,
  shares: ArrayLike<number>,
): Promise<{ probabilities: Float64Array; patches: Float32Array }> {
  const { state: patches } = await programs.coder.encode(emulator, states);
  const probabilities = Float64Array.from(await programs.bridge.decode(bridge, patches));
  return { probabilities: matchShares(probabilities, shares), patches };
}

const MATCHING_STEPS = 30;

/**
 * Weighs the classes so that the mean of `probabilities [N, K]` is `shares [K]`; no label takes part. After the
 * adjustment to new priors of Saerens, Latinne & Decaestecker 2002, https://doi.org/10.1162/089976602753284446
 */
export function matchShares(probabilities: Float64Array, shares: ArrayLike<number>): Float64Array {
  const K = shares.length;
  const N = probabilities.length / K;
  let matched = probabilities;
  for (let step = 0; step < MATCHING_STEPS; step++) {
    const mean = new Float64Array(K);
    for (let i = 0; i < matched.length; i++) mean[i % K] += matched[i] / N;
    const next = matched.map((p, i) => (p * shares[i % K]) / Math.max(mean[i % K], 1e-9));
    for (let n = 0; n < N; n++) {
      const row = next.subarray(n * K, (n + 1) * K);
      const total = row.reduce((sum, p) => sum + p, 0);
      for (let k = 0; k < K; k++) row[k] = total > 0 ? row[k] / total : 1 / K;
    }
    matched = next;
  }
  return matched;
}

/**
 * Scores `[N, K]`: spikes on the electrodes of each class, outside the bin of the context pulse. No model takes
 * part in this reading. `counts [N, BINS, channels]` are as read.
 */
export function readByHand(
  counts: Float32Array,
  channels: number,
  patterns: readonly (readonly number[])[],
): Float64Array {
  const window = BINS * channels;
  const N = counts.length / window;
  const scores = new Float64Array(N * patterns.length);
  for (let n = 0; n < N; n++)
    patterns.forEach((pattern, k) => {
      for (let bin = 1; bin < BINS; bin++)
        for (const channel of pattern)
          scores[n * patterns.length + k] += counts[n * window + bin * channels + channel];
    });
  return scores;
}

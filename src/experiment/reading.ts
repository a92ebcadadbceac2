/** What states say: read by the bridge, and by hand. */

import type { ModelPrograms, Models } from "../emulator/one/models.ts";
import type { NeuralStates } from "../emulator/one/states.ts";
import { BINS } from "../protocol/protocol.ts";

/** Class probabilities `[N, K]` that the bridge reads off whole states. */
export async function readByBridge(
  programs: ModelPrograms,
  { emulator, bridge }: Models,
  states: NeuralStates,
): Promise<{ probabilities: Float64Array; patches: Float32Array }> {
  const { state: patches } = await programs.coder.encode(emulator, states);
  return { probabilities: Float64Array.from(await programs.bridge.decode(bridge, patches)), patches };
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

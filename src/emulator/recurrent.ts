/**
 * A gated recurrent network over patches of counts with a direct head for all bins to come (Cho et al. 2014,
 * https://arxiv.org/abs/1406.1078). It steps patch by patch, not bin by bin: the unrolled program stays small, and every
 * bin of a patch has weights of its own.
 *
 * Legend: N windows, H history bins, B bins per patch, T patches, F future bins, C channels, D width.
 */
import { sigmoid } from "../compute/functions.ts";
import { type Tensor, tensor } from "../compute/index.ts";
import { type Array as JaxArray, np } from "../compute/jax.ts";
import type { Random } from "../math/random.ts";
import { initLinear, type Linear, linear } from "./layers.ts";

export type Gru<Leaf> = {
  input: Linear<Leaf>;
  gates: Linear<Leaf>;
  candidate: Linear<Leaf>;
  output: Linear<Leaf>;
};

/** `logMean [C]`: log mean count per bin, where the head starts. */
export function initGru(
  random: Random,
  patchBins: number,
  futureBins: number,
  width: number,
  logMean: Float32Array,
): Gru<Tensor> {
  const C = logMean.length;
  const bias = Float32Array.from({ length: futureBins * C }, (_, i) => logMean[i % C]!);
  return {
    input: initLinear(random, patchBins * C, 3 * width),
    gates: initLinear(random, width, 2 * width),
    candidate: initLinear(random, width, width),
    output: { ...initLinear(random, width, futureBins * C, 0.1), bias: tensor([futureBins * C], bias) },
  };
}

/** Square roots of counts `[N, T, B * C]` -> log expected counts `[N, F, C]`. */
export function gruLogRates(p: Gru<JaxArray>, x: JaxArray, channels: number): JaxArray {
  return gruReadout(p, gruHidden(p, x, gruStart(p, x.shape[0]!)), channels);
}

/** The hidden state `[N, D]` before anything came. */
export function gruStart(p: Gru<JaxArray>, N: number): JaxArray {
  return np.zeros([N, p.gates.weight.shape[0]!]);
}

/** Hidden state `[N, D]` -> log expected counts `[N, F, C]`. */
export function gruReadout(p: Gru<JaxArray>, hidden: JaxArray, channels: number): JaxArray {
  return linear(p.output, hidden).reshape([hidden.shape[0]!, -1, channels]);
}

/** Square roots of counts `[N, T, B * C]` and the hidden state before them `[N, D]` -> that after them. */
export function gruHidden(p: Gru<JaxArray>, x: JaxArray, hidden: JaxArray): JaxArray {
  const [N, width] = hidden.shape as [number, number];
  for (const input of np.split(linear(p.input, x), x.shape[1]!, 1)) {
    const [forGates, forCandidate] = np.split(input.reshape([N, 3 * width]), [2 * width], 1) as [
      JaxArray,
      JaxArray,
    ];
    const [update, reset] = np.split(sigmoid(forGates.add(linear(p.gates, hidden))), 2, 1) as [
      JaxArray,
      JaxArray,
    ];
    const candidate = np.tanh(forCandidate.add(linear(p.candidate, hidden.mul(reset))));
    hidden = hidden.add(update.mul(candidate.sub(hidden)));
  }
  return hidden;
}

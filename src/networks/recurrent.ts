/**
 * A gated recurrent network over patches of counts with a direct head for all future bins (Cho et al. 2014,
 * https://arxiv.org/abs/1406.1078). It steps patch by patch, not bin by bin: the unrolled program stays small, and every
 * bin of a patch has its own weights.
 *
 * Legend: N windows, H history bins, B bins per patch, T patches, F future bins, C channels, D width, I numbers per
 * patch: B * C square roots of counts, and where there are any the slow features (forecast/windows/slow-means.ts).
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

export interface GruSize {
  /** I */
  readonly inputs: number;
  /** F */
  readonly futureBins: number;
  /** D */
  readonly width: number;
}

/** `logMean [C]`: log mean count per bin, where the head starts. */
export function initGru(
  random: Random,
  { inputs, futureBins, width }: GruSize,
  logMean: Float32Array,
): Gru<Tensor> {
  const C = logMean.length;
  const bias = Float32Array.from({ length: futureBins * C }, (_, i) => logMean[i % C]);
  return {
    input: initLinear(random, inputs, 3 * width),
    gates: initLinear(random, width, 2 * width),
    candidate: initLinear(random, width, width),
    output: { ...initLinear(random, width, futureBins * C, 0.1), bias: tensor([futureBins * C], bias) },
  };
}

/** x `[N, T, I]` -> log expected counts `[N, F, C]`. */
export function gruLogRates(p: Gru<JaxArray>, x: JaxArray, channels: number): JaxArray {
  return gruReadout(p, gruHidden(p, x, gruStart(p, x.shape[0])), channels);
}

/**
 * Several networks of one shape as one that is as wide as all together and gives the mean of their log rates. By Jensen's
 * inequality its Poisson loss is never above their mean loss.
 */
export function joinGrus(all: readonly Gru<Tensor>[]): Gru<Tensor> {
  const K = all.length;
  /** Beside one another: part `p` of `parts` equal column ranges of each, then the next part. */
  const beside = (of: (gru: Gru<Tensor>) => Tensor, parts: number, stacked: boolean): Tensor => {
    const first = of(all[0]);
    const columns = first.shape.at(-1)!;
    const rows = first.data.length / columns;
    const width = columns / parts;
    const out = new Float32Array(rows * (stacked ? K : 1) * columns * K);
    all.forEach((gru, k) => {
      const { data } = of(gru);
      for (let r = 0; r < rows; r++)
        for (let c = 0; c < columns; c++) {
          const row = stacked ? k * rows + r : r;
          out[row * columns * K + (Math.floor(c / width) * K + k) * width + (c % width)] =
            data[r * columns + c];
        }
    });
    return tensor(first.shape.length === 1 ? [columns * K] : [rows * (stacked ? K : 1), columns * K], out);
  };
  const layer = (name: "input" | "gates" | "candidate", parts: number): Linear<Tensor> => ({
    weight: beside((gru) => gru[name].weight, parts, name !== "input"),
    bias: beside((gru) => gru[name].bias, parts, false),
  });
  const [D, outputs] = all[0].output.weight.shape as [number, number];
  const weight = new Float32Array(K * D * outputs);
  const bias = new Float32Array(outputs);
  all.forEach(({ output }, k) => {
    weight.set(
      (output.weight.data as Float32Array).map((value) => value / K),
      k * D * outputs,
    );
    output.bias.data.forEach((value, i) => {
      bias[i] += value / K;
    });
  });
  return {
    input: layer("input", 3),
    gates: layer("gates", 2),
    candidate: layer("candidate", 1),
    output: { weight: tensor([K * D, outputs], weight), bias: tensor([outputs], bias) },
  };
}

/** The hidden state `[N, D]` before the first patch. */
export function gruStart(p: Gru<JaxArray>, N: number): JaxArray {
  return np.zeros([N, p.gates.weight.shape[0]]);
}

/** Hidden state `[N, D]` -> log expected counts `[N, F, C]`. */
export function gruReadout(p: Gru<JaxArray>, hidden: JaxArray, channels: number): JaxArray {
  return linear(p.output, hidden).reshape([hidden.shape[0], -1, channels]);
}

/** x `[N, T, I]` and the hidden state before them `[N, D]` -> that after them. */
export function gruHidden(p: Gru<JaxArray>, x: JaxArray, hidden: JaxArray): JaxArray {
  const [N, width] = hidden.shape as [number, number];
  for (const input of np.split(linear(p.input, x), x.shape[1], 1)) {
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

/**
 * A gated recurrent network over patches of the past with a direct head for all bins to come (Cho et al. 2014,
 * https://arxiv.org/abs/1406.1078). It steps patch by patch, not bin by bin: the unrolled program stays small, and every
 * bin of a patch has weights of its own.
 */

import { sigmoid } from "../../compute/functions.ts";
import { type Tensor, tensor } from "../../compute/index.ts";
import { type Array as JaxArray, np } from "../../compute/jax.ts";
import { Random } from "../../math/random.ts";
import type { CountSequences, Forecaster, ForecastWindow } from "../forecast/contract.ts";
import { initLinear, type Linear, linear } from "../layers.ts";
import { meanRates } from "./smoothed.ts";
import { fitNetwork, type TrainedOptions } from "./trained.ts";

type Gru<Leaf> = { input: Linear<Leaf>; gates: Linear<Leaf>; candidate: Linear<Leaf>; output: Linear<Leaf> };

export type GruOptions = Partial<TrainedOptions> & {
  readonly seed: number;
  /** Default 5. */
  readonly patchBins?: number;
  /** Default 128. */
  readonly width?: number;
};

export function fitGru(
  train: CountSequences,
  validation: CountSequences,
  window: ForecastWindow,
  { patchBins = 5, width = 128, ...options }: GruOptions,
): Promise<Forecaster> {
  const { historyBins: H, futureBins: F, channels: C } = window;
  const patches = Math.floor(H / patchBins);
  const random = Random.of(options.seed, "gru");
  const mean = meanRates(train);
  const bias = Float32Array.from({ length: F * C }, (_, i) => Math.log(mean[i % C]!));
  const features = (history: Float32Array, n: number): Tensor => {
    const length = patches * patchBins * C;
    const out = new Float32Array(n * length);
    for (let w = 0; w < n; w++)
      for (let i = 0; i < length; i++)
        out[w * length + i] = Math.sqrt(history[w * H * C + H * C - length + i]!);
    return tensor([n, patches, patchBins * C], out);
  };
  return fitNetwork<Gru<JaxArray>>(
    {
      name: "gru",
      params: {
        input: initLinear(random, patchBins * C, 3 * width),
        gates: initLinear(random, width, 2 * width),
        candidate: initLinear(random, width, width),
        output: { ...initLinear(random, width, F * C, 0.1), bias: tensor([F * C], bias) },
      },
      features,
      logRates: (p, x) => linear(p.output, run(p, x, width)).reshape([x.shape[0]!, F, C]),
    },
    train,
    validation,
    window,
    { steps: 1500, batchSize: 64, learningRate: 3e-3, weightDecays: [0.3], ...options },
  );
}

/** x `[N, T, I]` -> last hidden state `[N, D]`. */
function run(p: Gru<JaxArray>, x: JaxArray, width: number): JaxArray {
  const [N, T] = x.shape as [number, number];
  const inputs = np.split(linear(p.input, x), T, 1);
  let hidden = np.zeros([N, width]);
  for (const input of inputs) {
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

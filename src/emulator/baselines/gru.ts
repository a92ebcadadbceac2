/** The gated recurrent network as a baseline of its own. */
import { type Tensor, tensor } from "../../compute/index.ts";
import type { Array as JaxArray } from "../../compute/jax.ts";
import { Random } from "../../math/random.ts";
import type { CountSequences, ForecastWindow } from "../forecast/contract.ts";
import { type Gru, gruLogRates, initGru } from "../recurrent.ts";
import { meanRates } from "./smoothed.ts";
import { fitNetwork, type TrainedForecaster, type TrainedOptions } from "./trained.ts";

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
): Promise<TrainedForecaster<Gru<JaxArray>>> {
  const { historyBins: H, futureBins: F, channels: C } = window;
  const patches = Math.floor(H / patchBins);
  const random = Random.of(options.seed, "gru");
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
      params: initGru(random, patchBins, F, width, meanRates(train).map(Math.log)),
      features,
      logRates: (p, x) => gruLogRates(p, x, C),
    },
    train,
    validation,
    window,
    { steps: 1500, batchSize: 64, learningRate: 3e-3, weightDecays: [0.3], ...options },
  );
}

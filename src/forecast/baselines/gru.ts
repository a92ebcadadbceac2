/** The gated recurrent network: a baseline, and what the emulator's recurrent head is made of. */
import { type Tensor, tensor } from "../../compute/index.ts";
import type { Array as JaxArray } from "../../compute/jax.ts";
import { Random } from "../../math/random.ts";
import { type Gru, gruLogRates, initGru } from "../../networks/recurrent.ts";
import type { CountSequences, ForecastWindow, WindowBatch } from "../windows/forecaster.ts";
import { SLOW_BINS, slowFeatures } from "../windows/slow-means.ts";
import { meanRates } from "./smoothed.ts";
import { fitNetwork, type TrainedForecaster, type TrainedOptions } from "./trained.ts";

export type GruOptions = Partial<TrainedOptions> & {
  readonly seed: number;
  /** Default 5. */
  readonly patchBins?: number;
  /** Default 128. */
  readonly width?: number;
  /** Whether it also sees what was before the window, as slow means; default false. */
  readonly slow?: boolean;
};

export function fitGru(
  train: CountSequences,
  validation: CountSequences,
  window: ForecastWindow,
  { patchBins = 5, width = 128, slow = false, ...options }: GruOptions,
): Promise<TrainedForecaster<Gru<JaxArray>>> {
  const { historyBins: H, futureBins: F, channels: C } = window;
  const T = Math.floor(H / patchBins);
  const mean = meanRates(train);
  const expected = mean.reduce((a, b) => a + b, 0);
  const own = patchBins * C;
  const I = own + (slow ? SLOW_BINS.length : 0);
  const features = ({ history, slow: means, size: n }: WindowBatch): Tensor => {
    const out = new Float32Array(n * T * I);
    const from = (H - T * patchBins) * C;
    const slowly = slow ? slowFeatures(means, expected, patchBins) : undefined;
    for (let w = 0; w < n; w++)
      for (let t = 0; t < T; t++) {
        const at = (w * T + t) * I;
        for (let i = 0; i < own; i++) out[at + i] = Math.sqrt(history[w * H * C + from + t * own + i]);
        if (slowly) out.set(slowly.subarray((w * T + t) * (I - own), (w * T + t + 1) * (I - own)), at + own);
      }
    return tensor([n, T, I], out);
  };
  return fitNetwork<Gru<JaxArray>>(
    {
      name: "gru",
      params: initGru(
        Random.of(options.seed, "gru"),
        { inputs: I, futureBins: F, width },
        mean.map(Math.log),
      ),
      features,
      logRates: (p, x) => gruLogRates(p, x, C),
    },
    { train, validation },
    window,
    { steps: 1500, batchSize: 64, learningRate: 3e-3, weightDecays: [0.3], ...options },
  );
}

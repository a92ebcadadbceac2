/**
 * Population GLM: the log rate of every channel in every future bin is linear in all channels' past, smoothed at four
 * time scales. One Poisson regression per future bin (Truccolo et al. 2005, https://doi.org/10.1152/jn.00697.2004), all
 * fitted together.
 */
import { type Tensor, tensor } from "../../compute/index.ts";
import type { Array as JaxArray } from "../../compute/jax.ts";
import { Random } from "../../math/random.ts";
import { initLinear, type Linear, linear } from "../../networks/layers.ts";
import type { CountSequences, Forecaster, ForecastWindow, WindowBatch } from "../windows/forecaster.ts";
import { meanRates } from "./smoothed.ts";
import { fitNetwork, type TrainedOptions } from "./trained.ts";

const DECAY_BINS = [1, 3, 8, 25];

export type GlmOptions = Partial<TrainedOptions> & { readonly seed: number };

export function fitGlm(
  train: CountSequences,
  validation: CountSequences,
  window: ForecastWindow,
  options: GlmOptions,
): Promise<Forecaster> {
  const { historyBins: H, futureBins: F, channels: C } = window;
  const inputs = DECAY_BINS.length * C;
  const mean = meanRates(train);
  // A moving average of counts of rate r over d bins has the variance r / (2 d) or so: features have unit spread.
  const scale = Float64Array.from({ length: inputs }, (_, i) =>
    Math.sqrt((2 * DECAY_BINS[Math.floor(i / C)]) / mean[i % C]),
  );
  const readout = initLinear(Random.of(options.seed, "glm"), inputs, F * C, 0.01);
  const bias = Float32Array.from({ length: F * C }, (_, i) => Math.log(mean[i % C]));
  const features = ({ history, size: n }: WindowBatch): Tensor => {
    const out = new Float32Array(n * inputs);
    for (let w = 0; w < n; w++)
      for (let k = 0; k < DECAY_BINS.length; k++) {
        const keep = Math.exp(-1 / DECAY_BINS[k]);
        const smooth = mean.slice();
        for (let at = w * H * C; at < (w + 1) * H * C; at += C)
          for (let c = 0; c < C; c++) smooth[c] = keep * smooth[c] + (1 - keep) * history[at + c];
        for (let c = 0; c < C; c++) out[w * inputs + k * C + c] = (smooth[c] - mean[c]) * scale[k * C + c];
      }
    return tensor([n, inputs], out);
  };
  return fitNetwork<Linear<JaxArray>>(
    {
      name: "glm",
      params: { ...readout, bias: tensor([F * C], bias) },
      features,
      logRates: (p, x) => linear(p, x).reshape([x.shape[0], F, C]),
    },
    { train, validation },
    window,
    { steps: 600, batchSize: 128, learningRate: 3e-3, weightDecays: [0.1, 1, 4], ...options },
  );
}

/**
 * Sampled spike counts of a forecast, bin after bin, each channel's own past counts acting on its next bin. Where the shared
 * variability of all channels is known, every patch of a sample has its own factor (log-normal, mean 1) on all rates.
 */
import type { Noise } from "../../compute/index.ts";
import { drawPoisson } from "../../math/poisson.ts";
import { Random } from "../../math/random.ts";
import { historyGain, type SpikeHistory } from "../heads/spike-history.ts";
import type { Forecast, ForecastWindow, WindowBatch } from "../windows/forecaster.ts";

/** `[N, S, F, C]` */
export function sampleCounts(
  { samples: S, rates }: Forecast,
  { batch, window }: { batch: WindowBatch; window: ForecastWindow },
  head: SpikeHistory,
  noise: Noise,
): Float32Array {
  const { size: N, history } = batch;
  const { historyBins: H, futureBins: F, channels: C } = window;
  const random = Random.of(noise.integers([1], 2 ** 31).data[0], "counts");
  const counts = new Float32Array(rates.length);
  const spread = head.spread?.data ?? [0];
  const deviations = Array.from(spread, (variance) => Math.sqrt(Math.log1p(variance)));
  const patchBins = F / spread.length;
  for (let n = 0; n < N; n++)
    for (let s = 0; s < S; s++) {
      const at = (n * S + s) * F * C;
      let factor = 1;
      for (let f = 0; f < F; f++) {
        const deviation = deviations[Math.floor(f / patchBins)];
        if (f % patchBins === 0 && deviation > 0)
          factor = Math.exp(deviation * random.normal() - deviation ** 2 / 2);
        for (let c = 0; c < C; c++) {
          const recent = (lag: number) =>
            f >= lag ? counts[at + (f - lag) * C + c] : history[(n * H + H + f - lag) * C + c];
          const i = at + f * C + c;
          counts[i] = drawPoisson(random, rates[i] * factor * historyGain(head, c, recent));
        }
      }
    }
  return counts;
}

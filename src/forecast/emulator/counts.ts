/**
 * Sampled spike counts of a forecast, bin after bin, each channel's own past counts acting on its next bin. Where it is known
 * by how much all channels together stray from what is expected, every patch of a sample has a factor of its own
 * (log-normal, mean 1) on all rates.
 */
import type { Noise } from "../../compute/index.ts";
import { drawPoisson } from "../../math/poisson.ts";
import { Random } from "../../math/random.ts";
import type { Forecast, ForecastWindow, WindowBatch } from "./contract.ts";
import type { ForecastParameters } from "./losses.ts";
import { historyGain } from "./spike-history.ts";

/** `[N, S, F, C]` */
export function sampleCounts(
  { samples: S, rates }: Forecast,
  { size: N, history }: WindowBatch,
  { historyBins: H, futureBins: F, channels: C }: ForecastWindow,
  head: ForecastParameters["history"],
  noise: Noise,
): Float32Array {
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

/** One figure where the full scores would cost too much: to choose between forecasters, or to follow one over time. */
import { Noise } from "../../compute/index.ts";
import { windowBatches } from "../windows/cut-windows.ts";
import type { CountSequences, Forecaster } from "../windows/forecaster.ts";

/** Bits per spike over constant rates `[C]`, all channels and future bins together. */
export async function bitsPerSpike(
  forecaster: Forecaster,
  data: CountSequences,
  nullRates: Float32Array,
): Promise<number> {
  const C = data.channels;
  let [gain, spikes] = [0, 0];
  for (const batch of windowBatches(data, { ...forecaster.window, strideBins: 10, batchSize: 32 })) {
    const { rates, samples } = await forecaster.forecast(batch, Noise.of(0, "bits"));
    const course = forecaster.window.futureBins * C;
    for (let i = 0; i < batch.future.length; i++) {
      const [n, at] = [Math.floor(i / course), i % course];
      let rate = 0;
      for (let s = 0; s < samples; s++) rate += rates[(n * samples + s) * course + at] / samples;
      const [count, base] = [batch.future[i], nullRates[i % C]];
      gain += count * Math.log(rate / base) - rate + base;
      spikes += count;
    }
  }
  return gain / spikes / Math.LN2;
}

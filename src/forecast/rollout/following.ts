/**
 * A forecaster that goes along a recording: how wide its counts are drawn follows how well the intervals held that it issued
 * before (widths.ts). Windows must come in the order of time; the same windows in the same order give the same bits.
 */
import { Noise, tensor } from "../../compute/index.ts";
import type { SpikeHistory } from "../heads/spike-history.ts";
import { cutWindows } from "../windows/cut-windows.ts";
import type { CountSequences, Forecaster } from "../windows/forecaster.ts";
import { countRandom, drawWindow } from "./drawn-counts.ts";
import { Widths } from "./widths.ts";

export interface Following {
  /** `[2, P]` as they are now. */
  readonly widths: Float64Array;
}

/** `base` gives the rates, and is disposed of with what is returned; counts are drawn in `patches` of the future. */
export function following<Base extends Forecaster>(
  base: Base,
  head: SpikeHistory,
  patches: number,
): Base & Following {
  const { window } = base;
  const widths = new Widths(head.width?.data ?? new Float32Array(2 * patches).fill(1), window);
  return {
    ...base,
    widths: widths.now,
    async forecast(batch, noise) {
      const forecast = await base.forecast(batch, noise);
      const random = countRandom(noise);
      const counts = new Float32Array(forecast.rates.length);
      for (let n = 0; n < batch.size; n++) {
        widths.observe(batch, n);
        const drawn = drawWindow({ forecast, batch, window }, n, { head, widths: widths.now }, random);
        widths.issue(drawn, batch, n);
        counts.set(drawn, n * drawn.length);
      }
      return { ...forecast, counts };
    },
  };
}

/** Windows that are looked back over, of one batch each time: 22 s of 100-ms patches. */
const BATCH = 32;
const BATCHES = 7;

/**
 * The head with the widths of a moment: what they have become over the windows before it, as far as its sequence reaches
 * back. `forecaster` follows a recording; it is not disposed of.
 */
export async function headAt(
  forecaster: Forecaster & Following,
  head: SpikeHistory,
  counts: CountSequences,
  [sequence, origin]: readonly [sequence: number, origin: number],
): Promise<SpikeHistory> {
  const { window, widths } = forecaster;
  const patchBins = (2 * window.futureBins) / widths.length;
  const there = Math.floor((origin - window.historyBins) / patchBins) + 1;
  const batches = Math.min(BATCHES, Math.floor(there / BATCH));
  for (let b = batches; b > 0; b--) {
    const origins = Array.from({ length: BATCH }, (_, n): [number, number] => [
      sequence,
      origin - (b * BATCH - 1 - n) * patchBins,
    ]);
    await forecaster.forecast(cutWindows(counts, origins, window), Noise.of(0, "follow", b));
  }
  return { ...head, width: tensor([2, widths.length / 2], Float32Array.from(widths)) };
}

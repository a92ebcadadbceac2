/** How much of a forecast to take from the direct head and how much from the dreams, by data that neither was fitted on. */
import type { ComputeDevice } from "../../compute/index.ts";
import { meanRates } from "../baselines/smoothed.ts";
import type { CountSequences } from "../forecast/contract.ts";
import { openForecastEmulator } from "../forecast/emulator.ts";
import type { ForecastParameters } from "../forecast/losses.ts";
import type { ForecastShape } from "../forecast/shape.ts";
import { bitsPerSpike } from "../scores/quick-bits.ts";

const SHARES = [0.25, 0.5, 0.75, 1];

/** The share that forecasts `validation` best; 0.5 where there is no window or no spike to tell by. */
export async function chooseDirectShare(
  parameters: ForecastParameters,
  shape: ForecastShape,
  validation: CountSequences,
  device: ComputeDevice = "cpu",
): Promise<number> {
  let best = { share: 0.5, bits: Number.NEGATIVE_INFINITY };
  for (const directShare of SHARES) {
    const emulator = openForecastEmulator(parameters, shape, { samples: 16, directShare, device });
    const bits = await bitsPerSpike(emulator, validation, meanRates(validation));
    await emulator.dispose();
    if (bits > best.bits) best = { share: directShare, bits };
  }
  return best.share;
}

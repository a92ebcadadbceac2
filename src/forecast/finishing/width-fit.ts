/** How wide counts have to be drawn on held-out data: where one that follows a recording begins (rollout/following.ts). */
import { type ComputeDevice, Noise, type Tensor, tensor } from "../../compute/index.ts";
import type { Blend } from "../heads/blend.ts";
import type { FittedNetworks } from "../model/parameters.ts";
import { following } from "../rollout/following.ts";
import { openForecastEmulator } from "../rollout/forecast-emulator.ts";
import { windowBatches } from "../windows/cut-windows.ts";
import { binsOf, type CountSequences } from "../windows/forecaster.ts";

const SAMPLES = 32;
const BATCH = 32;
/** Windows at most. */
const WINDOWS = 1200;

/** `[2, P]`: the geometric mean over the second half of the windows; 1 where there are none. */
export async function fitWidths(
  { parameters, shape, blend }: FittedNetworks & { readonly blend: Blend },
  validation: CountSequences,
  device: ComputeDevice = "cpu",
): Promise<Tensor> {
  const { patchBins: B, futurePatches: P } = shape;
  const rates = openForecastEmulator(parameters, shape, { samples: SAMPLES, blend, device });
  const emulator = following(rates, parameters.history, P);
  const strideBins = Math.max(B, Math.ceil(binsOf(validation) / WINDOWS));
  const passed: Float64Array[] = [];
  try {
    for (const batch of windowBatches(validation, { ...emulator.window, strideBins, batchSize: BATCH })) {
      // A smaller batch at the end would need its own program.
      if (batch.size < BATCH && passed.length > 0) break;
      await emulator.forecast(batch, Noise.of(0, "widths", passed.length));
      passed.push(emulator.widths.slice());
    }
  } finally {
    await emulator.dispose();
  }
  const late = passed.slice(Math.floor(passed.length / 2));
  const mean = (side: number) =>
    Math.exp(late.reduce((sum, widths) => sum + Math.log(widths[side]), 0) / Math.max(1, late.length));
  return tensor(
    [2, P],
    Float32Array.from({ length: 2 * P }, (_, side) => mean(side)),
  );
}

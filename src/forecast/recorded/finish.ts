/**
 * What a fit on a recording ends with: the channel-past head beside a trained recurrent head, how much of each forecast to
 * take, by data that none was fitted on, the spike-history head on top of the blend, and the spread of its counts.
 */
import { type ComputeDevice, Noise, type Tensor } from "../../compute/index.ts";
import type { Gru } from "../../networks/recurrent.ts";
import type { Blend } from "../emulator/blend.ts";
import { fitChannelPast } from "../emulator/channel-past.ts";
import type { CountSequences } from "../emulator/contract.ts";
import { openForecastEmulator } from "../emulator/emulator.ts";
import type { ForecastParameters } from "../emulator/losses.ts";
import type { ForecastShape } from "../emulator/shape.ts";
import { fitSpikeHistory } from "../emulator/spike-history.ts";
import { cutWindows } from "../emulator/windows.ts";
import { meanRates } from "../scores/bits.ts";
import { fitBlend } from "./blend-fit.ts";
import { fitSpread } from "./spread-fit.ts";

export async function finishFit(
  fitted: ForecastParameters,
  recurrent: Gru<Tensor>,
  shape: ForecastShape,
  train: CountSequences,
  validation: CountSequences,
  device: ComputeDevice = "cpu",
): Promise<{ parameters: ForecastParameters; blend: Blend }> {
  const heads = { ...fitted, past: fitChannelPast(train, shape), recurrent };
  const blend = await fitBlend(heads, shape, validation, device);
  const emulator = openForecastEmulator(heads, shape, { samples: 16, blend, device });
  const patch = { historyBins: emulator.window.historyBins, futureBins: shape.patchBins };
  const firstPatch = async (_: Float32Array, at: readonly [number, number]) => {
    const batch = cutWindows(train, [at], patch);
    const expected = meanRates(await emulator.forecast(batch, Noise.of(0, "history")), 1);
    return Float32Array.from(expected.subarray(0, shape.patchBins * shape.channels), Math.log);
  };
  const history = await fitSpikeHistory(train.sequences, shape, firstPatch);
  await emulator.dispose();
  const parameters = { ...heads, history };
  const spread = await fitSpread(parameters, shape, blend, validation, device);
  return { parameters: { ...parameters, history: { ...history, spread } }, blend };
}

/**
 * What a fit on a recording ends with: the channel-past head beside a trained recurrent head, how much of each forecast to
 * take, by data that none was fitted on, the spike-history head on top of the blend, and how widely its counts are drawn.
 */
import { type ComputeDevice, Noise, type Tensor } from "../../compute/index.ts";
import type { Gru } from "../../networks/recurrent.ts";
import type { Blend } from "../heads/blend.ts";
import { fitChannelPast } from "../heads/channel-past.ts";
import { fitSpikeHistory } from "../heads/spike-history.ts";
import type { FittedNetworks, ForecastParameters } from "../model/parameters.ts";
import { openForecastEmulator } from "../rollout/forecast-emulator.ts";
import { meanRates } from "../scores/bits.ts";
import { cutWindows } from "../windows/cut-windows.ts";
import type { FitParts } from "../windows/forecaster.ts";
import { fitBlend } from "./blend-fit.ts";
import { fitSpread } from "./spread-fit.ts";
import { fitWidths } from "./width-fit.ts";

export async function finishFit(
  { parameters: fitted, shape }: FittedNetworks,
  recurrent: Gru<Tensor>,
  { train, validation }: FitParts,
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
  const history = await fitSpikeHistory(train.sequences, shape, firstPatch).finally(() => emulator.dispose());
  const parameters = { ...heads, history };
  const spread = await fitSpread({ parameters, shape, blend }, validation, device);
  const spreading = { ...parameters, history: { ...history, spread } };
  const width = await fitWidths({ parameters: spreading, shape, blend }, validation, device);
  return { parameters: { ...parameters, history: { ...history, spread, width } }, blend };
}

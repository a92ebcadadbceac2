/** The size of a forecasting emulator, and the window that it takes. */
import type { ForecastWindow } from "./forecaster.ts";

/** The size of a forecasting emulator. */
export interface ForecastShape {
  readonly channels: number;
  /** Bins of one patch. */
  readonly patchBins: number;
  /** Past patches that a forecast is made from. */
  readonly contextPatches: number;
  /** Patches that the direct head forecasts, and that scores look at. */
  readonly futurePatches: number;
  readonly latents: number;
  /** Log rates are a linear readout of this many factors, shared by the decoder and the direct head. */
  readonly factors: number;
  readonly width: number;
  readonly heads: number;
  /** Transformer blocks of the encoder and of the dynamics. */
  readonly blocks: number;
  /** Width of the decoder and of the flow head. */
  readonly decoderWidth: number;
  readonly flowWidth: number;
}

/** 100-ms patches of 20-ms bins, 2 s of context, 500 ms of future: about 450,000 parameters at 64 channels. */
export function defaultShape(channels: number): ForecastShape {
  return {
    channels,
    patchBins: 5,
    contextPatches: 20,
    futurePatches: 5,
    latents: 16,
    factors: 24,
    width: 96,
    heads: 4,
    blocks: 2,
    decoderWidth: 32,
    flowWidth: 96,
  };
}

/** The window of history and future that a forecaster of this shape takes. */
export function forecastWindow({
  channels,
  patchBins,
  contextPatches,
  futurePatches,
}: ForecastShape): ForecastWindow {
  return { historyBins: contextPatches * patchBins, futureBins: futurePatches * patchBins, channels };
}

/** Which future bins share the coefficients of a regression: each bin of the first patch stands alone, then each patch. */
export function horizonsOf(
  { futureBins }: Pick<ForecastWindow, "futureBins">,
  patchBins: number,
): [from: number, to: number][] {
  const first = Math.min(patchBins, futureBins);
  const out = Array.from({ length: first }, (_, bin): [number, number] => [bin, bin + 1]);
  for (let from = first; from < futureBins; from += patchBins)
    out.push([from, Math.min(futureBins, from + patchBins)]);
  return out;
}

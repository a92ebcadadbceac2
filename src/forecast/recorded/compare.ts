/** The emulator and every baseline on one recording: fitted on its first 70 %, scored on its last 20 %. */
import type { ComputeDevice } from "../../compute/index.ts";
import { fitGlm } from "../baselines/glm/fit-glm.ts";
import { fitGru } from "../baselines/gru.ts";
import { fitEma, fitFlat, fitMean, meanRates } from "../baselines/smoothed.ts";
import type { ForecastEmulator } from "../rollout/forecast-emulator.ts";
import { forecastFigures } from "../scores/figures.ts";
import { latentPaths } from "../scores/latent-paths.ts";
import { scoreForecasters } from "../scores/score.ts";
import type { ForecastScores } from "../scores/types.ts";
import { windowBatches } from "../windows/cut-windows.ts";
import type { CountSequences, Forecaster } from "../windows/forecaster.ts";
import { splitInTime } from "./recorded-counts.ts";

export interface CompareOptions {
  readonly seed: number;
  /** Beside mean, flat and moving average also the GLM and the GRU, which have to be trained. */
  readonly trainedBaselines: boolean;
  readonly device?: ComputeDevice;
  readonly onProgress?: (message: string) => void;
  readonly signal?: AbortSignal;
}

/** Steps of the GRU on a recording of some minutes. */
const GRU_STEPS = 800;

/** `emulator` stays open; the baselines are disposed of whether all went well or not. */
export async function compareOnRecording(
  counts: CountSequences,
  emulator: ForecastEmulator,
  { seed, trainedBaselines, device, onProgress, signal }: CompareOptions,
) {
  const { train, validation, test } = splitInTime(counts);
  const { window, shape } = emulator;
  const say = (message: string) => {
    signal?.throwIfAborted();
    onProgress?.(message);
  };
  say("fitting the baselines");
  const baselines: Forecaster[] = [fitMean(train, window), fitFlat(train, window), fitEma(train, window)];
  const fitting = { seed, ...(device ? { device } : {}) };
  const strideBins = shape.patchBins;
  const options = { window, patchBins: shape.patchBins, samples: 64, seed, strideBins };
  try {
    if (trainedBaselines) {
      baselines.push(
        await fitGlm(train, validation, window, {
          patchBins: shape.patchBins,
          ...(device ? { device } : {}),
        }),
      );
      say("fitting the GRU");
      const gru = { ...fitting, steps: GRU_STEPS, patchBins: shape.patchBins };
      baselines.push(await fitGru(train, validation, window, gru));
    }
    say("scoring");
    const scores: ForecastScores[] = await scoreForecasters(
      test,
      meanRates(train),
      [emulator, ...baselines],
      { ...options, ...(signal ? { signal } : {}) },
    );
    say("drawing");
    const figures = {
      ...(await forecastFigures(test, emulator, options)),
      latent: latentPaths(await latentsOf(emulator, test), shape.latents),
    };
    return { scores, figures, test, window: { ...window, patchBins: shape.patchBins, strideBins } };
  } finally {
    for (const baseline of baselines) await baseline.dispose();
  }
}

/** Latents `[L, Z]` of up to 20 stretches that do not overlap. */
async function latentsOf(emulator: ForecastEmulator, data: CountSequences): Promise<Float32Array[]> {
  const paths: Float32Array[] = [];
  const strideBins = emulator.window.historyBins;
  for (const batch of windowBatches(data, { ...emulator.window, strideBins, batchSize: 1 })) {
    paths.push(await emulator.encode(batch));
    if (paths.length === 20) break;
  }
  return paths;
}

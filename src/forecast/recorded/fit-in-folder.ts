/** Fits an emulator to a recording and keeps it in a folder: an interrupted fit is saved there and continued by the next call. */
import type { ComputeDevice } from "../../compute/index.ts";
import { finishFit } from "../finishing/finish-fit.ts";
import { fitRecurrentHead } from "../finishing/recurrent-head.ts";
import type { BudgetOptions } from "../training/budget-schedule.ts";
import { AUTOENCODER_SHARE, fitForecast } from "../training/fit-forecast.ts";
import { ForecastModelError, type SavedForecastEmulator } from "../training/saved-emulator.ts";
import { defaultShape, forecastWindow } from "../windows/forecast-shape.ts";
import { findEmulator, findFitState, writeEmulator, writeFitState } from "./emulator-folder.ts";
import { type RecordedCounts, splitInTime } from "./recorded-counts.ts";

/** Training steps of the recurrent head, at most: it stops where held-out data say so. */
const RECURRENT_STEPS = 800;

/** `onProgress` is told the share of the whole fit. */
export interface FolderFitOptions extends BudgetOptions {
  readonly seed: number;
  readonly device?: ComputeDevice;
  readonly threads?: number;
}

/**
 * The emulator in `folder`, fitted on the first 70 % of the recording and chosen by the next 10 % if it is not there yet.
 * On an abort the fit is saved, and the signal's reason thrown. Throws `ForecastModelError` if the folder holds an emulator
 * of other channels or bins, `ForecastScoreError` if the recording is too short.
 */
export async function fitInFolder(
  folder: string,
  { counts, channelNames }: RecordedCounts,
  options: FolderFitOptions,
): Promise<SavedForecastEmulator> {
  const { binSeconds, channels } = counts;
  const found = findEmulator(folder);
  if (found) {
    if (found.binSeconds === binSeconds && found.channelNames.join() === channelNames.join()) return found;
    throw new ForecastModelError(
      `${folder}: expected an emulator of this recording's channels and bins, got one of others: choose another --out`,
    );
  }
  const { seed, onProgress, signal } = options;
  const shape = defaultShape(channels);
  const { train, validation } = splitInTime(counts);
  const compute = {
    ...(options.device ? { device: options.device } : {}),
    ...(options.threads ? { threads: options.threads } : {}),
  };
  const resume = findFitState(folder);
  const fit = await fitForecast(train, {
    seed,
    shape,
    budget: options.budget,
    ...compute,
    ...(signal ? { signal } : {}),
    ...(resume ? { resume } : {}),
    onProgress: ({ stage, share, loss }) => onProgress?.({ stage, share: shareOfFit[stage](share), loss }),
  });
  if (!fit.finished) {
    writeFitState(folder, fit.state);
    throw signal?.reason;
  }
  const recurrent = await fitRecurrentHead(train, validation, forecastWindow(shape), {
    seed,
    ...compute,
    patchBins: shape.patchBins,
    steps: Math.min(RECURRENT_STEPS, fit.steps),
  });
  const networks = { parameters: fit.parameters, shape };
  const finished = await finishFit(networks, recurrent, { train, validation }, options.device);
  const saved = { shape, binSeconds, channelNames, steps: fit.steps, ...finished };
  writeEmulator(folder, saved);
  return saved;
}

const shareOfFit = {
  autoencoder: (share: number) => AUTOENCODER_SHARE * share,
  dynamics: (share: number) => AUTOENCODER_SHARE + (1 - AUTOENCODER_SHARE) * share,
};

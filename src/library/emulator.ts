/**
 * `wetgrad/emulator`: an emulator of a recording of one's own: fitted, asked what follows, scored beside its baselines
 * (docs/emulator.md says what the scores are).
 *
 *     const recording = await countRecording("culture.h5", { binSeconds: 0.02 });
 *     const emulator = await fitInFolder("emulators/culture", recording, { seed: 1, budget: { seconds: 60 } });
 *     const next = await forecastAt(emulator, recording.counts, { seed: 1 });
 *     const { scores } = await compareFitted(recording, emulator, { seed: 1, trainedBaselines: false });
 */

export type { CompareOptions } from "../forecast/recorded/compare.ts";
export { compareFitted } from "../forecast/recorded/compare-fitted.ts";
export {
  type CountedRecording,
  type CountFileOptions,
  countRecording,
} from "../forecast/recorded/counted-recording.ts";
export { findEmulator, readEmulator, writeEmulator } from "../forecast/recorded/emulator-folder.ts";
export { type FolderFitOptions, fitInFolder } from "../forecast/recorded/fit-in-folder.ts";
export { forecastAt, type MomentForecast } from "../forecast/recorded/forecast-at.ts";
export { generate } from "../forecast/recorded/generate.ts";
export type { CountOptions, RecordedCounts } from "../forecast/recorded/recorded-counts.ts";
export { type SampledSpikes, sampleSpikes } from "../forecast/recorded/sample-spikes.ts";
export { type ForecastEmulator, openForecastEmulator } from "../forecast/rollout/forecast-emulator.ts";
export type { BitScores, CalibrationScores, Estimate, ForecastScores } from "../forecast/scores/types.ts";
export { ForecastModelError, type SavedForecastEmulator } from "../forecast/training/saved-emulator.ts";
export type { CountSequences, Forecast, Forecaster } from "../forecast/windows/forecaster.ts";

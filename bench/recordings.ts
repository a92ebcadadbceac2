/**
 * The emulator on recordings of real cultures: fitted on the first 70 % of each, the next 10 % to choose by, scored on the
 * last 20 %; bits per spike over the training mean for each of the next five 100-ms patches beside a GRU, a population GLM,
 * a moving average and the flat last window, and the emulator less each of them with a block-bootstrap interval.
 *
 * WETGRAD_BENCH_RECORDINGS: folder that is searched for recordings (default ../shared/recordings, its cultures);
 * WETGRAD_BENCH_PASSES: training windows seen per window's length of recording (default 50);
 * WETGRAD_BENCH_CACHE: folder of what is finished (default in the system's temporary folder): a run that was stopped goes on.
 */
import { existsSync, readFileSync } from "node:fs";
import { writeWhole } from "../src/files/whole.ts";
import { fitGlm } from "../src/forecast/baselines/glm/fit-glm.ts";
import { fitGru } from "../src/forecast/baselines/gru.ts";
import { fitEma, fitFlat, meanRates } from "../src/forecast/baselines/smoothed.ts";
import { finishFit } from "../src/forecast/finishing/finish-fit.ts";
import { fitRecurrentHead } from "../src/forecast/finishing/recurrent-head.ts";
import { neuralBlend } from "../src/forecast/heads/blend.ts";
import { recordedCounts, splitInTime } from "../src/forecast/recorded/recorded-counts.ts";
import { following } from "../src/forecast/rollout/following.ts";
import { openForecastEmulator } from "../src/forecast/rollout/forecast-emulator.ts";
import { scoreForecasters } from "../src/forecast/scores/score.ts";
import type { ForecastScores } from "../src/forecast/scores/types.ts";
import { fitForecast } from "../src/forecast/training/fit-forecast.ts";
import {
  decodeForecastEmulator,
  encodeForecastEmulator,
  type SavedForecastEmulator,
} from "../src/forecast/training/saved-emulator.ts";
import { BATCH, windowBins } from "../src/forecast/training/training-batches.ts";
import { defaultShape, forecastWindow } from "../src/forecast/windows/forecast-shape.ts";
import { binsOf } from "../src/forecast/windows/forecaster.ts";
import { cleanSpikes } from "../src/recording/clean.ts";
import { openRecording } from "../src/recording/open.ts";
import { keptRow, PASSES, recordingFiles } from "./kept.ts";

const SEED = 1;
const BIN_SECONDS = 0.02;
const AUTOENCODER_SHARE = 0.7;
const GRU_STEPS = 800;
const RIVALS = ["gru", "glm", "ema", "flat"] as const;

type Row = Awaited<ReturnType<typeof scoreRecording>>;

export async function run(): Promise<object> {
  const { root, files } = recordingFiles();
  const settings = { passes: PASSES, SEED, GRU_STEPS };
  const recordings: Row[] = [];
  for (const path of files) {
    const row = await keptRow(root, path, settings, (stem) => scoreRecording(path, `${stem}.safetensors`));
    console.error(`${row.name}: ${row.patches.map(({ emulator }) => emulator.toFixed(3)).join(" ")}`);
    recordings.push(row);
  }
  return {
    recordings,
    better: recordings.filter(({ notBetter }) => notBetter.length === 0).length,
    of: recordings.length,
  };
}

async function scoreRecording(path: string, modelPath: string) {
  const raw = await openRecording(path);
  const { recording, report } = cleanSpikes(raw);
  const { counts, channelNames } = recordedCounts(recording, { binSeconds: BIN_SECONDS });
  raw.close();
  const { train, validation, test } = splitInTime(counts);
  const shape = defaultShape(counts.channels);
  const window = forecastWindow(shape);
  const trainBins = binsOf(train);
  const steps = Math.ceil((PASSES * trainBins) / (BATCH * windowBins(shape)) / AUTOENCODER_SHARE);
  const started = performance.now();
  const seconds = () => Math.round((performance.now() - started) / 1000);
  const about = { shape, binSeconds: counts.binSeconds, channelNames, steps };
  const networks = await kept(modelPath, async () => {
    const fit = await fitForecast(train, { seed: SEED, shape, budget: { steps } });
    if (!fit.finished) throw new Error("bench: the fit was stopped");
    return { ...about, parameters: fit.parameters, blend: neuralBlend(shape.futurePatches) };
  });
  const whole = await kept(`${modelPath}-whole`, async () => {
    const head = { seed: SEED, steps: GRU_STEPS, patchBins: shape.patchBins };
    const recurrent = await fitRecurrentHead(train, validation, window, head);
    return { ...about, ...(await finishFit(networks, recurrent, { train, validation })) };
  });
  const { parameters, blend } = whole;
  const fitSeconds = seconds();
  const forecasters = [
    following(
      openForecastEmulator(parameters, shape, { samples: 32, blend }),
      parameters.history,
      shape.futurePatches,
    ),
    await fitGru(train, validation, window, { seed: SEED, steps: GRU_STEPS }),
    await fitGlm(train, validation, window),
    fitEma(train, window),
    fitFlat(train, window),
  ];
  console.error(`${recording.name}: ${steps} steps, ${fitSeconds} s; with baselines ${seconds()} s`);
  const scores = await scoreForecasters(test, meanRates(train), forecasters, {
    window,
    patchBins: shape.patchBins,
    samples: 32,
    seed: SEED,
    strideBins: 2 * shape.patchBins,
  });
  for (const forecaster of forecasters) await forecaster.dispose();
  const bits = (name: string, p: number) =>
    scores.find((score) => score.name === name)!.bits.perPatch[p].value;
  const emulator = scores[0];
  const patches = emulator.bits.perPatch.map((own, p) => ({
    emulator: own.value,
    ...(Object.fromEntries(RIVALS.map((name) => [name, bits(name, p)])) as Record<Rival, number>),
    over: Object.fromEntries(RIVALS.map((name) => [name, over(emulator, name, p)])) as Record<Rival, Over>,
  }));
  return {
    name: recording.name,
    channels: counts.channels,
    seconds: recording.durationSeconds,
    spikes: report.kept,
    testSpikes: emulator.bits.spikes,
    steps,
    fitSeconds,
    wallSeconds: seconds(),
    blend,
    patches,
    crps: Object.fromEntries(scores.map((score) => [score.name, score.crps.population.pooled.value])),
    pitP: emulator.calibration.pit.perPatch.map(({ pValue }) => pValue),
    coverage: emulator.calibration.coverage.map(({ share, pooled }) => ({ share, covered: pooled.value })),
    /** Where the interval of the difference to GRU, GLM or flat does not lie above 0. */
    notBetter: patches.flatMap(({ over }, p) =>
      (["gru", "glm", "flat"] as const).flatMap((name) =>
        over[name].ci95[0] > 0 ? [] : [{ patch: p + 1, than: name, ...over[name] }],
      ),
    ),
  };
}

/** What is in a file, or else made and written to it. */
async function kept(path: string, make: () => Promise<SavedForecastEmulator>) {
  if (existsSync(path)) return decodeForecastEmulator(readFileSync(path));
  const made = await make();
  writeWhole(path, encodeForecastEmulator(made));
  return made;
}

type Rival = (typeof RIVALS)[number];
type Over = { readonly value: number; readonly ci95: readonly [number, number] };

function over({ differences }: ForecastScores, name: string, patch: number): Over {
  return differences.find(({ against }) => against === name)!.bitsPerPatch[patch];
}

/**
 * The emulator on cultures that were recorded on several days: fitted on the first day or on the one before, then taken to a
 * later day frozen, adapted online (a gain and an offset per channel; these and the experts) and refitted. Bits per
 * spike of the direct head on the last fifth of the later day over that day's training mean; how much of what refitting
 * gains an adapter recovers, after how many minutes, and what it costs on the day that the emulator is from.
 *
 * Takes the recordings whose names have a day in vitro (`_DIV07_`); settings as of recordings.ts.
 */
import { basename } from "node:path";
import { measureDrift } from "../src/forecast/experts/drift.ts";
import { regionsOf } from "../src/forecast/experts/regions.ts";
import { countRecording } from "../src/forecast/recorded/counted-recording.ts";
import { splitInTime } from "../src/forecast/recorded/recorded-counts.ts";
import { fitForecast } from "../src/forecast/training/fit-forecast.ts";
import { BATCH, windowBins } from "../src/forecast/training/training-batches.ts";
import { defaultShape } from "../src/forecast/windows/forecast-shape.ts";
import { binsOf } from "../src/forecast/windows/forecaster.ts";
import { keptRow, PASSES, recordingFiles } from "./kept.ts";

const SEED = 1;
const BIN_SECONDS = 0.02;
/** The direct head's share of the training: it is what adapters act on. */
const AUTOENCODER_SHARE = 0.97;
const DAY = /_DIV(\d+)/;

export async function run(): Promise<object> {
  const { root, files } = recordingFiles();
  const days: object[] = [];
  for (const [from, to] of pairs(files.filter((path) => DAY.test(basename(path))))) {
    const settings = { drift: basename(from), passes: PASSES, SEED };
    const row = await keptRow(root, to, settings, () => driftBetween(from, to));
    console.error(JSON.stringify(row));
    days.push(row);
  }
  return { days };
}

/** From the first day of each culture to every later one, and then from every other day to the next. */
function pairs(files: readonly string[]): [from: string, to: string][] {
  const dayOf = (path: string) => Number(DAY.exec(basename(path))![1]);
  const cultures = new Map<string, string[]>();
  for (const path of [...files].sort((a, b) => dayOf(a) - dayOf(b))) {
    const name = basename(path).replace(DAY, "");
    cultures.set(name, [...(cultures.get(name) ?? []), path]);
  }
  const all = [...cultures.values()];
  return [
    ...all.flatMap(([first, ...later]) => later.map((to): [string, string] => [first!, to])),
    ...all.flatMap((days) => days.slice(2).map((to, i): [string, string] => [days[i + 1], to])),
  ];
}

/** The emulator of a day. */
const fits = new Map<string, ReturnType<typeof fitDay>>();

async function fitDay(path: string) {
  const day = await countRecording(path, { binSeconds: BIN_SECONDS });
  const shape = defaultShape(day.counts.channels);
  const { train } = splitInTime(day.counts);
  const trainBins = binsOf(train);
  const budget = { steps: Math.ceil((PASSES * trainBins) / (BATCH * windowBins(shape))) };
  const fit = await fitForecast(train, { seed: SEED, shape, budget, autoencoderShare: AUTOENCODER_SHARE });
  if (!fit.finished) throw new Error("bench: the fit was stopped");
  return {
    ...day,
    shape,
    budget,
    parameters: fit.parameters,
    regions: regionsOf(day.channels, day.counts, SEED),
  };
}

async function driftBetween(from: string, to: string) {
  const fitting = fits.get(from) ?? fitDay(from);
  fits.set(from, fitting);
  const { parameters, shape, budget, regions, counts, channelNames } = await fitting;
  const later = await countRecording(to, { binSeconds: BIN_SECONDS, channelNames });
  const options = { seed: SEED, budget, regions };
  const outcome = await measureDrift({ parameters, shape }, { first: counts, later: later.counts }, options);
  return { from: basename(from), to: basename(to), channels: shape.channels, ...outcome };
}

/** The tasks by name, and any column of numbers as a task. */
import { existsSync } from "node:fs";
import { Random } from "../../math/random.ts";
import { TaskError } from "../error.ts";
import { codeSeries } from "./code-series.ts";
import { codeSymbols } from "./code-symbols.ts";
import { type CodeOptions, defaultCodeOptions, type Series } from "./contract.ts";
import { candidateDelays, chooseDelays, spanOf } from "./delays.ts";
import { type TaskName, taskNames } from "./names.ts";
import { DEFAULT_LIMIT, readSeries } from "./sources/csv.ts";
import { chooseCollapse } from "./sources/laser-stretch.ts";
import { henon, lorenz, mackeyGlass, sine } from "./sources/maps.ts";
import { readLaser, readSunspots } from "./sources/recorded.ts";
import { readSampled } from "./sources/sampled.ts";
import { chooseStretch, type Stretch, type StretchWanted } from "./sources/stretch.ts";
import { symbolCycle } from "./sources/symbols.ts";

export { type TaskName, taskNames };

export interface OpenSeriesOptions {
  /** A task's name, or the path of a file with a column of numbers. */
  readonly series?: string;
  /** The file's column: its name, or its number from 0. */
  readonly column?: string | number | undefined;
  readonly classCount?: number;
  /** Past values in a context, in steps before x_t; what suits the series if not given. */
  readonly delays?: readonly number[] | undefined;
}

/** Opens a task. A name of `taskNames` is that task, anything else a file. */
export async function openSeries(options: OpenSeriesOptions = {}): Promise<Series> {
  const { series = "laser", column, classCount = 8, delays } = options;
  if (!Number.isInteger(classCount) || classCount < 2 || classCount > 32)
    throw new TaskError(`classes: expected a whole number from 2 to 32, got ${classCount}`);
  if (delays) checkDelays(delays);
  const name = taskNames.find((known) => known === series);
  if (name && column !== undefined)
    throw new TaskError(`--column is for a series from a file; ${name} is built in`);
  if (name) return builtIn(name, classCount, delays);

  if (!existsSync(series))
    throw new TaskError(
      `series ${series}: expected ${taskNames.join(", ")} or a file; there is no file of that name`,
    );
  const file = (await readSampled(series, column)) ?? (await readSeries(series, { column }));
  const notes = file.more ? [`${series}: only the first ${DEFAULT_LIMIT} values are used`] : [];
  const source = file.column ? `column ${file.column} of ${series}` : series;
  return recorded({ name: "series", source, classCount, delays, values: file.values, notes });
}

async function builtIn(name: TaskName, classCount: number, delays?: readonly number[]): Promise<Series> {
  switch (name) {
    case "laser":
      return recorded({
        name,
        source: "intensity of a chaotic NH3 laser, Santa Fe competition (Huebner et al. 1989)",
        classCount,
        delays: delays ?? [0, 2, 6],
        values: await readLaser(),
        choose: chooseCollapse,
      });
    case "sunspots":
      return recorded({
        name,
        source: "yearly mean sunspot numbers 1700-2008 (NOAA)",
        classCount,
        delays: delays ?? [0, 3],
        values: await readSunspots(),
      });
    case "henon":
      return generated(name, {
        source: "Henon map, a 1.4, b 0.3",
        make: henon,
        classCount,
        delays: delays ?? [0, 1],
      });
    case "mackey-glass":
      return generated(name, {
        source: "Mackey-Glass equation, tau 17, every 6",
        make: mackeyGlass,
        classCount,
        delays: delays ?? [0, 2],
      });
    case "lorenz":
      return generated(name, {
        source: "x of the Lorenz equations, every 0.12",
        make: lorenz,
        classCount,
        delays: delays ?? [0, 1],
      });
    case "sine":
      return generated(name, {
        source: "sine of period 16 with noise 0.1",
        make: sine,
        classCount,
        delays: delays ?? [0, 3],
      });
    case "cycle":
      return symbols(name, "a random cycle of all symbols", 0, classCount);
    case "noisy-cycle":
      return symbols(name, "a random cycle of all symbols, left by a jump 20 % of the time", 0.2, classCount);
  }
}

interface Generated {
  readonly source: string;
  readonly make: (random: Random, count: number) => Float64Array;
  readonly classCount: number;
  readonly delays: readonly number[];
}

function generated(name: string, { source, make, classCount, delays }: Generated): Series {
  return {
    name,
    kind: "series",
    classCount,
    source,
    code(seed, given) {
      const options = complete(name, given);
      const count = spanOf(delays) + options.trainCount + options.testCount;
      const values = make(Random.of(seed, name), count);
      return codeSeries({ name, seed, classCount, delays, values, notes: [] }, options);
    },
  };
}

function symbols(name: string, source: string, jumpProbability: number, classCount: number): Series {
  return {
    name,
    kind: "symbols",
    classCount,
    source,
    code(seed, given) {
      const options = complete(name, given);
      const count = options.trainCount + options.testCount + 1;
      const row = symbolCycle(Random.of(seed, name), count, classCount, jumpProbability);
      return codeSymbols({ name, seed, classCount, symbols: row }, options);
    },
  };
}

interface Recording {
  readonly name: string;
  readonly source: string;
  readonly classCount: number;
  /** Past values in a context; judged on each seed's training values if undefined. */
  readonly delays: readonly number[] | undefined;
  readonly values: Float64Array;
  readonly notes?: readonly string[];
  readonly choose?: (wanted: StretchWanted, values: Float64Array) => Stretch;
}

function recorded(recording: Recording): Series {
  const { name, source, classCount, values, choose = chooseStretch } = recording;
  return {
    name,
    kind: "series",
    classCount,
    source,
    code(seed, given) {
      const options = complete(name, given);
      const span = recording.delays ? spanOf(recording.delays) : Math.max(...candidateDelays.map(spanOf));
      const stretch = choose({ name, length: values.length, span, seed, ...options }, values);
      const { offset, trainCount, testCount } = stretch;
      const own = values.subarray(offset, offset + span + trainCount + testCount);
      const training = own.subarray(0, span + trainCount);
      const delays = recording.delays ?? chooseDelays(training, classCount, options);
      const notes = [...(recording.notes ?? []), ...stretch.notes];
      return codeSeries(
        { name, seed, classCount, delays, values: own.subarray(span - spanOf(delays)), notes },
        { ...options, trainCount, testCount },
      );
    },
  };
}

function checkDelays(delays: readonly number[]): void {
  const ascending = delays.every((delay, i) => Number.isInteger(delay) && (i === 0 || delay > delays[i - 1]));
  if (delays[0] !== 0 || !ascending || delays.length > 16 || spanOf(delays) > 1000)
    throw new TaskError(
      `delays: expected at most 16 whole numbers from 0 upwards, the first 0, none above 999, got ${delays}`,
    );
}

function complete(name: string, given: Partial<CodeOptions> = {}): CodeOptions {
  const options = { ...defaultCodeOptions, ...given };
  for (const [option, value] of Object.entries(options))
    if (!Number.isInteger(value) || value < 1)
      throw new TaskError(`${name}: expected a whole number above 0 for ${option}, got ${value}`);
  return options;
}

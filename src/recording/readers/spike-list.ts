/**
 * A plain spike list: one spike per line, a time and a channel, separated by comma, semicolon, tab or spaces, with
 * or without a header; lines that begin with # are comments. Columns for the well, the trial, the group, the treatment
 * and its dose are taken by name. Without a header times are seconds, and the column with fractions is the time. What
 * NEST's spike recorder writes is such a list (sender, time_ms).
 */
import { SpikeBlocks } from "../blocks.ts";
import { type Doubt, type ReadOptions, RecordingError } from "../contract.ts";
import type { CultureFacts, SpikeFile } from "../cultures/spike-file.ts";
import { wellOf } from "../cultures/wells.ts";
import { fields, firstLines, lineBatches } from "../text/lines.ts";
import { numberIn, rowFormat, type TextFormat, textFormat } from "../text/table.ts";
import { placeTrials, type TrialPlan } from "./trials.ts";

// The micro sign and the Greek letter look alike.
const UNIT = "s|secs?|seconds?|ms|msecs?|milliseconds?|us|[µμ]s|usecs?|microseconds?|samples?|frames?";
const TIME = new RegExp(
  `^(?:spike[_ ]?)?(?:times?|timestamps?|t|seconds?)(?:[ _]?[([]?(${UNIT})[)\\]]?)?$`,
  "i",
);
const SAMPLE =
  /^(?:spike[_ ]?)?(?:(?:samples?|frames?)(?:[_ ]?(?:index|number|no|times?))?|time[_ ]?steps?)$/i;
const ID = "(?:[ _]?(?:id|index|number|name|label|no))?s?";
const COLUMNS = {
  electrode: new RegExp(`^(?:channel|electrode|ch|chan)${ID}$`, "i"),
  unit: new RegExp(`^(?:unit|neuron|cell|cluster|sender|id|index)${ID}$`, "i"),
  culture: new RegExp(`^(?:well|culture|dish|chip|organoid)${ID}$`, "i"),
  trial: new RegExp(`^(?:trial|sweep|epoch|repetition|repeat|episode)${ID}$`, "i"),
  group: /^(?:group|region|area|shank|probe|location)$/i,
  treatment: /^(?:treatment|drug|compound|condition)$/i,
  dose: /^(?:dose|concentration)(?:[ _]?[([].*[)\]])?$/i,
} as const;

type Columns = Record<keyof typeof COLUMNS, number>;

export interface SpikeListLayout extends TextFormat {
  readonly timeColumn: number;
  readonly columns: Columns;
  readonly width: number;
  readonly hasHeader: boolean;
  /** Spaces and tabs at the ends of its rows are no fields. */
  readonly trimmed: boolean;
  /** What one unit of the time column is; undefined where nothing says so. */
  readonly unit: string | undefined;
}

/** More wells are on no plate. */
const MOST_CULTURES = 4096;

const NONE: Columns = { electrode: -1, unit: -1, culture: -1, trial: -1, group: -1, treatment: -1, dose: -1 };

/** The layout of a spike list, or undefined where the file is not one. */
export async function spikeListLayout(
  path: string,
  { timeUnit }: ReadOptions = {},
): Promise<SpikeListLayout | undefined> {
  const all = await firstLines(path, 200);
  const lines = all.filter((line) => !line.startsWith("#"));
  if (lines.length === 0) return undefined;
  const header = namedLayout(lines);
  if (header) return header;
  // numpy.savetxt and others write the names of columns as a comment.
  const comment = all[all.indexOf(lines[0]) - 1]?.replace(/^#+\s*/, "");
  const named = comment === undefined ? undefined : namedLayout([comment, ...lines]);
  const bare = bareLayout(lines, timeUnit !== undefined);
  return named && bare && named.width === bare.width
    ? { ...bare, timeColumn: named.timeColumn, columns: named.columns, unit: named.unit }
    : bare;
}

/** By the names in the first line. */
function namedLayout(lines: readonly string[]): SpikeListLayout | undefined {
  const isTime = (name: string) => TIME.test(name) || SAMPLE.test(name);
  const named = (name: string) => COLUMNS.electrode.test(name) || COLUMNS.unit.test(name);
  const header = textFormat(lines, (names) => names.some(isTime) && names.some(named));
  if (!header) return undefined;
  const names = fields(lines[0], header.separator);
  const columns = Object.fromEntries(
    Object.entries(COLUMNS).map(([column, pattern]) => [
      column,
      names.findIndex((name) => pattern.test(name)),
    ]),
  ) as Columns;
  const stated = names.findIndex((name) => TIME.test(name));
  const timeColumn = stated >= 0 ? stated : names.findIndex((name) => SAMPLE.test(name));
  const unit = stated >= 0 ? TIME.exec(names[stated])?.[1]?.toLowerCase() : "samples";
  const seconds = stated >= 0 && /^seconds?$/i.test(names[stated]) ? "s" : unit;
  const shape = { width: names.length, hasHeader: true, trimmed: typeof header.separator !== "string" };
  return { ...header, ...shape, timeColumn, columns, unit: seconds };
}

/**
 * Of rows without a header: a time and a channel, and maybe an amplitude after a name like A1_11. The time has fractions, or,
 * where its unit is `told`, more different values.
 */
function bareLayout(lines: readonly string[], told: boolean): SpikeListLayout | undefined {
  const format = rowFormat(lines);
  if (!format) return undefined;
  const rows = lines.map((line) => fields(line.trim(), format.separator));
  const width = rows[0].length;
  if (width < 2 || width > 3 || rows.some((row) => row.length !== width)) return undefined;
  const numeric = (column: number) => rows.every((row) => Number.isFinite(numberIn(row[column], format)));
  const inWells = [0, 1].find((column) => rows.every((row) => wellOf(row[column])));
  const bare = { ...format, width, hasHeader: false, trimmed: true, unit: undefined };
  if (inWells !== undefined)
    return numeric(1 - inWells)
      ? { ...bare, timeColumn: 1 - inWells, columns: { ...NONE, electrode: inWells } }
      : undefined;
  if (width !== 2) return undefined;
  const times = [0, 1].filter(numeric);
  const fractional = times.filter((column) => rows.some((row) => /[.,eE]/.test(row[column])));
  const different = (column: number) => new Set(rows.map((row) => row[column])).size;
  const byValues = told && times.length === 2 && different(0) !== different(1);
  const timeColumn =
    fractional.length === 1
      ? fractional[0]
      : fractional.length === 0 && byValues
        ? Number(different(1) > different(0))
        : undefined;
  if (timeColumn === undefined) return undefined;
  return { ...bare, timeColumn, columns: { ...NONE, electrode: 1 - timeColumn } };
}

interface Row {
  readonly time: number;
  readonly row: readonly string[];
  readonly culture: string;
  readonly trial: string;
}

export async function openSpikeList(
  path: string,
  name: string,
  layout: SpikeListLayout,
  options: ReadOptions = {},
): Promise<SpikeFile> {
  const { columns } = layout;
  const factor = secondsPer(name, layout, options);
  const trials = columns.trial < 0 ? undefined : await placeTrials(rowsOf(path, layout, factor), options);
  const spikes = new SpikeBlocks();
  const facts = new Map<string, CultureFacts>();
  const groups = new Map<string, string>();
  const falls = new FallsBack();
  try {
    for await (const { time, row, culture, trial } of rowsOf(path, layout, factor)) {
      const label = [columns.electrode, columns.unit].flatMap((column) => row[column] || []).join("_");
      const key = columns.culture < 0 ? label : `${culture}\0${label}`;
      const group = row[columns.group] ?? "";
      if (group !== "" && !groups.has(key)) groups.set(key, group);
      if (facts.size > MOST_CULTURES)
        throw new RecordingError(
          `${path}: expected at most ${MOST_CULTURES} wells, its column of wells names more: rename the column`,
        );
      if (culture !== "" && !facts.has(culture)) facts.set(culture, { meta: given(row, columns) });
      const seconds = trials ? time + trials.offset(trial) : time;
      const before = spikes.add(key, seconds);
      if (!trials && seconds < before) falls.add(before - seconds);
    }
  } catch (error) {
    spikes.close();
    throw error;
  }
  const inWells = columns.culture < 0 && spikes.everyName((label) => wellOf(label) !== undefined);
  return {
    name,
    source: "spike-list",
    channels: spikes.finish((key) => {
      const end = columns.culture < 0 ? -1 : key.indexOf("\0");
      const label = key.slice(end + 1);
      const well = inWells ? (wellOf(label) ?? "") : key.slice(0, Math.max(0, end));
      const group = groups.get(key) ?? well;
      return {
        ...(end < 0 ? {} : { name: label }),
        ...(well === "" ? {} : { culture: well }),
        ...(group === "" ? {} : { group }),
      };
    }),
    cultures: facts,
    ...trialFacts(trials),
    meta: options.samplingRateHz === undefined ? {} : { samplingRateHz: options.samplingRateHz },
    doubts: [...(trials?.doubts ?? []), ...falls.doubts()],
    readSpikes: (channel) => spikes.read(channel),
    close: () => spikes.close(),
  };
}

function trialFacts(plan: TrialPlan | undefined): CultureFacts {
  if (!plan) return {};
  return { trials: plan.trials, ...(plan.restart ? { observed: plan.trials } : {}) };
}

function given(row: readonly string[], { treatment, dose }: Columns) {
  return {
    ...(row[treatment] ? { treatment: row[treatment] } : {}),
    ...(row[dose] ? { dose: row[dose] } : {}),
  };
}

async function* rowsOf(path: string, layout: SpikeListLayout, factor: number): AsyncGenerator<Row> {
  const { columns, timeColumn, width } = layout;
  let lineNumber = 0;
  let skip = layout.hasHeader;
  for await (const lines of lineBatches(path))
    for (const line of lines) {
      lineNumber++;
      if (line.trim() === "" || line.startsWith("#")) continue;
      if (skip) {
        skip = false;
        continue;
      }
      const row = fields(layout.trimmed ? line.trim() : line, layout.separator);
      const time = numberIn(row[timeColumn], layout) * factor;
      const channel = row[columns.electrode] || row[columns.unit];
      if (row.length !== width || !Number.isFinite(time) || !channel)
        throw new RecordingError(
          `${path}:${lineNumber}: expected a time and a channel, got "${line.slice(0, 200)}"`,
        );
      yield { time, row, culture: row[columns.culture] ?? "", trial: row[columns.trial] ?? "" };
    }
}

/** How long one unit of the time column lasts. */
function secondsPer(name: string, { unit }: SpikeListLayout, options: ReadOptions): number {
  const said = options.timeUnit ?? unit ?? "s";
  if (/^(samples?|frames?)$/.test(said)) {
    if (!options.samplingRateHz)
      throw new RecordingError(
        `${name}: its times are ${said}: say how many a second with --sampling-rate HZ`,
      );
    return 1 / options.samplingRateHz;
  }
  if (/^(ms|msec|millisec)/.test(said)) return 1e-3;
  return /^(us|[µμ]s|usec|micro)/.test(said) ? 1e-6 : 1;
}

/** Notes times that fall back within a channel, where the list is not one channel after another. */
class FallsBack {
  private count = 0;
  private greatest = 0;

  add(bySeconds: number): void {
    this.count++;
    this.greatest = Math.max(this.greatest, bySeconds);
  }

  doubts(): Doubt[] {
    if (this.count === 0 || this.greatest < 0.1) return [];
    return [
      {
        kind: "times-fall-back",
        message: `times fall back ${this.count} times within a channel, by up to ${this.greatest.toFixed(2)} s: sorted; where trials or recordings follow one another, number them in a column named trial`,
      },
    ];
  }
}

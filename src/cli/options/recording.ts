/** How a recording is to be read, and which of its cultures: the options that every command on recordings shares. */
import { type Command, Option } from "commander";
import type { Doubt, ReadCulture } from "../../recording/contract.ts";
import { nameOf } from "./names.ts";
import { numberOf } from "./numbers.ts";

export interface RecordingTexts {
  readonly culture?: string;
  readonly well?: string;
  readonly timeUnit?: string;
  readonly samplingRate?: string;
  readonly from?: string;
  readonly to?: string;
  readonly detect?: string;
  readonly trials?: string;
}

export function withReadOptions(command: Command): Command {
  return command
    .option("--time-unit <unit>", "of its times, where it does not say: s, ms, us, samples")
    .option("--sampling-rate <hz>", "samples a second, where it does not say, or says it wrongly")
    .option("--from <s>", "take only what comes after this on the file's clock")
    .option("--to <s>", "take only what comes before this on the file's clock")
    .option("--detect <sd>", "find spikes in raw samples, at this many standard deviations of the noise")
    .option("--trials <how>", "whether the clock begins anew in each trial: restart, go-on");
}

/** With the choice of a culture. */
export function withRecordingOptions(command: Command): Command {
  return withReadOptions(
    command
      .option("--culture <name>", "which culture, where the file holds several: a well, a dish, an arm")
      .addOption(new Option("--well <name>", "the same").hideHelp()),
  );
}

/** Throws `UsageError`. */
export function readOptionsOf(texts: RecordingTexts): ReadCulture {
  const number = (flag: keyof RecordingTexts, name: string, min: number, max = 1e12) => {
    const text = texts[flag];
    return text === undefined ? undefined : numberOf(text, name, { min, max });
  };
  const culture = texts.culture ?? texts.well;
  const options = {
    culture,
    timeUnit:
      texts.timeUnit === undefined
        ? undefined
        : nameOf(texts.timeUnit, "--time-unit", ["s", "ms", "us", "samples"] as const),
    samplingRateHz: number("samplingRate", "--sampling-rate", 1e-3, 1e9),
    fromSeconds: number("from", "--from", -1e12),
    toSeconds: number("to", "--to", -1e12),
    detect: number("detect", "--detect", 1, 100),
    trials:
      texts.trials === undefined
        ? undefined
        : nameOf(texts.trials, "--trials", ["restart", "go-on"] as const),
  };
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as ReadCulture;
}

/** One line each, on stderr; where progress is shown there, by its `say`. */
export function tellDoubts(
  path: string,
  doubts: readonly Doubt[],
  say = (line: string): void => void process.stderr.write(`${line}\n`),
): void {
  for (const { message, flag } of doubts) say(`${path}: ${message}${flag ? ` (otherwise: ${flag})` : ""}`);
}

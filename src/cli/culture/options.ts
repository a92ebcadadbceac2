/** The options that the commands of `wetgrad culture` share. */
import { availableParallelism } from "node:os";
import { type Command, Option } from "commander";
import { MOST_NEURONS } from "../../culture/anatomy.ts";
import { FIRST_DAY } from "../../culture/growth/grow.ts";
import { LAST_DAY } from "../../culture/growth/plan.ts";
import { PRESETS } from "../../culture/presets.ts";
import { DEFAULT_RULE, RULES } from "../../culture/rules/rules.ts";
import {
  DEFAULT_SCAFFOLD,
  NEURONS_BY_SCAFFOLD,
  neuronsOn,
  SCAFFOLDS,
  SHAPES,
} from "../../device/simulated/scaffolds.ts";
import { nameOf } from "../options/names.ts";
import { numberOf, numbersOf } from "../options/numbers.ts";
import type { SimulatedCulture } from "./activity.ts";

export interface CultureOptions {
  readonly div: string;
  readonly seed: string;
  readonly scaffold: string;
  readonly shape: string;
  readonly neurons?: string;
  readonly preset: string;
  readonly rule: string;
  readonly seconds: string;
  readonly threads?: string;
  readonly json?: boolean;
}

/** One culture for each day asked for. */
export function culturesOf(options: CultureOptions): SimulatedCulture[] {
  const rest = {
    preset: nameOf(options.preset, "--preset", PRESETS),
    rule: nameOf(options.rule, "--rule", RULES),
    seed: numberOf(options.seed, "--seed", { min: 0, max: 2 ** 32 - 1, whole: true }),
    ...scaffoldOf(options),
    shape: nameOf(options.shape, "--shape", SHAPES),
    seconds: numberOf(options.seconds, "--seconds", { min: 10, max: 86_400 }),
    threads: threadsOf(options.threads),
  };
  return numbersOf(options.div, "--div", { min: FIRST_DAY, max: LAST_DAY }).map((div) => ({ div, ...rest }));
}

/** As many as there are cores, if not given: what a culture does does not depend on it. */
function threadsOf(text: string | undefined): number {
  return text === undefined
    ? availableParallelism()
    : numberOf(text, "--threads", { min: 1, max: 64, whole: true });
}

const oneRule = new Option("--rule <name>", `rule by which the synapses learn: ${RULES.join(", ")}`).default(
  DEFAULT_RULE,
);

/** Options of every command that grows one. */
export function withGrowthOptions(command: Command, rule = oneRule): Command {
  return command
    .option("--scaffold <name>", `the array that it grows around: ${SCAFFOLDS.join(", ")}`, DEFAULT_SCAFFOLD)
    .option("--shape <name>", "sheet over the array, or ball that stands on it, as an organoid", SHAPES[0])
    .option("--neurons <n>", `neurons of the culture (default: ${NEURONS_BY_SCAFFOLD})`)
    .option("--seed <n>", "seed of the culture", "1")
    .option("--preset <name>", "default (bursts) or quiet", "default")
    .addOption(rule);
}

/** The scaffold, and the neurons asked for or its own. */
export function scaffoldOf(options: Pick<CultureOptions, "scaffold" | "neurons">) {
  const scaffold = nameOf(options.scaffold, "--scaffold", SCAFFOLDS);
  const asked =
    options.neurons === undefined
      ? undefined
      : numberOf(options.neurons, "--neurons", { min: 101, max: MOST_NEURONS, whole: true });
  return { scaffold, neurons: neuronsOn(scaffold, asked) };
}

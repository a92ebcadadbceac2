/** `wetgrad wiring learn`: does a brain of a wiring diagram learn an odour's price, or a cycle of symbols, and who did the learning? */
import { join } from "node:path";
import { Command } from "commander";
import type { z } from "zod";
import { writeWhole } from "../../files/whole.ts";
import type { OdoursReport } from "../../odours/punished/report.ts";
import { UsageError, wrongOption } from "../manners/errors.ts";
import { writableFolder } from "../manners/folder.ts";
import { interruptible } from "../manners/interrupt.ts";
import { print, printJson } from "../manners/output.ts";
import { createProgress } from "../manners/progress.ts";
import { numberOf } from "../options/numbers.ts";
import { words } from "../options/schema.ts";

interface LearnTexts {
  readonly out: string;
  readonly task: string;
  readonly pairs?: string;
  readonly firstPair?: string;
  readonly trials?: string;
  readonly heal?: string;
  readonly firstSeed?: string;
  readonly rounds?: string;
  readonly babbleRounds?: string;
  readonly seeds: string;
  readonly arms?: string;
  readonly wirings?: string;
  readonly readouts?: string;
  readonly synapseMv: string;
  readonly rate: string;
  readonly json?: boolean;
}

export function learnCommand(): Command {
  return new Command("learn")
    .description(
      "teach a brain which of two odours is punished, or which symbol comes next, by dopamine; beside its arms and controls",
    )
    .argument(
      "<wiring.safetensors>",
      "a larva's brain, or any with the same names of classes, as convert wrote it",
    )
    .option(
      "--out <folder>",
      "the folder of the run; the same command goes on where it was stopped",
      "runs/odours",
    )
    .option(
      "--task <name>",
      "odours: which of two is punished; configural: which of four that no sum over receptors tells apart; symbols: which of eight comes next",
      "odours",
    )
    .option("--seeds <n>", "seeds; with odours, of each pair", "8")
    .option(
      "--arms <a,b,...>",
      "odours, configural: descent, teacher, paired, yoked, random, frozen, no dopamine, sham, scrambled, rewired after; symbols: descent, errors, others, yoked, random, frozen, sham, scrambled, rewired after (default: all)",
    )
    .option("--pairs <n>", "odours, configural: pairs (fours) of odours (default: 8)")
    .option("--first-pair <n>", "odours, configural: number of the first (default: 20)")
    .option("--trials <n>", "odours, configural: lessons of each odour (default: 10, configural 40)")
    .option("--wirings <a,b,...>", "real, rewired, rewired but dopamine, counts, signs (default: all)")
    .option("--readouts <a,b>", "odours, configural: names, contact (default: both)")
    .option("--first-seed <n>", "symbols: the first seed (default: 20)")
    .option("--rounds <n>", "symbols: rounds of teaching (default: 60)")
    .option(
      "--babble-rounds <n>",
      "rounds of babbling before descent (default: symbols 8, odours and configural 16)",
    )
    .option("--synapse-mv <mV>", "what one synapse gives", "0.8")
    .option("--rate <rate>", "of learning", "0.01")
    .option(
      "--heal <share>",
      "odours, configural: how much dopamine raises synapses of silent cells (default: 0.5)",
    )
    .option("--json", "print the report as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  $ wetgrad wiring learn larva.safetensors --pairs 2 --seeds 2 --wirings real\n  $ wetgrad wiring learn larva.safetensors --task symbols --out runs/symbols\n",
    )
    .action(learn);
}

async function learn(path: string, texts: LearnTexts): Promise<void> {
  writableFolder(texts.out, "--out");
  if (!["odours", "configural", "symbols"].includes(texts.task))
    throw wrongOption("--task", "odours, configural or symbols", texts.task);
  const progress = createProgress(process.stderr);
  const { report, html, said } = await interruptible(
    (signal) => (texts.task === "symbols" ? learnSymbols : learnOdours)(path, texts, { signal, progress }),
    (line) => progress.say(line),
  );
  progress.end();
  writeWhole(join(texts.out, "report.json"), `${JSON.stringify(report, null, 2)}\n`);
  writeWhole(join(texts.out, "report.html"), html);
  if (texts.json) printJson(report);
  else print(said.join("\n"));
  process.stderr.write(`${join(texts.out, "report.html")}\n`);
}

interface Lesson {
  readonly signal: AbortSignal;
  readonly progress: ReturnType<typeof createProgress>;
}

interface Learned {
  readonly report: object;
  readonly html: string;
  readonly said: readonly string[];
}

const whole = (text: string, flag: string, min: number) =>
  numberOf(text, flag, { min, max: 1e6, whole: true });

const common = ({ seeds, synapseMv, rate }: LearnTexts) => ({
  seeds: whole(seeds, "--seeds", 1),
  synapseMv: numberOf(synapseMv, "--synapse-mv", { min: 0.001, max: 1000 }),
  rate: numberOf(rate, "--rate", { min: 1e-6, max: 1 }),
});

async function learnOdours(path: string, texts: LearnTexts, { signal, progress }: Lesson): Promise<Learned> {
  only(texts, { firstSeed: "--first-seed", rounds: "--rounds" }, "symbols");
  const { CONFIGURAL_DEFAULTS, ODOURS_DEFAULTS, odoursConfig } = await import(
    "../../odours/punished/config.ts"
  );
  const { runOdours } = await import("../../odours/punished/run.ts");
  const { renderOdours } = await import("../../odours/punished/page.ts");
  const defaults = texts.task === "configural" ? CONFIGURAL_DEFAULTS : ODOURS_DEFAULTS;
  const config = parsed(odoursConfig, {
    ...common(texts),
    task: defaults.task,
    pairs: whole(texts.pairs ?? `${defaults.pairs}`, "--pairs", 1),
    firstPair: whole(texts.firstPair ?? `${defaults.firstPair}`, "--first-pair", 0),
    trials: whole(texts.trials ?? `${defaults.trials}`, "--trials", 1),
    babbleRounds: whole(texts.babbleRounds ?? `${defaults.babbleRounds}`, "--babble-rounds", 1),
    heal: texts.heal === undefined ? defaults.heal : numberOf(texts.heal, "--heal", { min: 0, max: 10 }),
    arms: texts.arms === undefined ? defaults.arms : words(texts.arms),
    wirings: texts.wirings === undefined ? defaults.wirings : words(texts.wirings),
    readouts: texts.readouts === undefined ? defaults.readouts : words(texts.readouts),
  });
  const report = await runOdours(config, {
    ...{ path, folder: texts.out, signal },
    onProgress: (done, total, message) => progress.update({ done, total, unit: "lessons", message }),
  });
  return { report, html: renderOdours(report), said: lines(report) };
}

async function learnSymbols(path: string, texts: LearnTexts, { signal, progress }: Lesson): Promise<Learned> {
  const odoursAlone = {
    ...{ pairs: "--pairs", firstPair: "--first-pair" },
    ...{ trials: "--trials", readouts: "--readouts", heal: "--heal" },
  };
  only(texts, odoursAlone, "odours");
  const { SYMBOLS_DEFAULTS, symbolsConfig } = await import("../../odours/symbols/config.ts");
  const { runSymbolsExperiment } = await import("../../odours/symbols/run.ts");
  const { renderSymbols } = await import("../../odours/symbols/page.ts");
  const { percent } = await import("../../odours/verdict.ts");
  const { firstSeed, rounds, babbleRounds, arms, wirings } = SYMBOLS_DEFAULTS;
  const config = parsed(symbolsConfig, {
    ...common(texts),
    firstSeed: whole(texts.firstSeed ?? `${firstSeed}`, "--first-seed", 0),
    rounds: whole(texts.rounds ?? `${rounds}`, "--rounds", 1),
    babbleRounds: whole(texts.babbleRounds ?? `${babbleRounds}`, "--babble-rounds", 1),
    arms: texts.arms === undefined ? arms : words(texts.arms),
    wirings: texts.wirings === undefined ? wirings : words(texts.wirings),
  });
  const report = await runSymbolsExperiment(config, {
    ...{ path, folder: texts.out, signal },
    onProgress: (done, total, message) => progress.update({ done, total, unit: "arms", message }),
  });
  const said = [
    ...report.arms.map(({ arm, right }) => `${arm}: ${percent(right)}`),
    ...report.changed.map(({ wiring, right }) => `descent, ${wiring}: ${percent(right)}`),
    ...report.verdict,
  ];
  return { report, html: renderSymbols(report), said };
}

/** Refuses flags that are of another task alone. */
function only(texts: LearnTexts, flags: Readonly<Record<string, string>>, task: string): void {
  for (const [name, flag] of Object.entries(flags))
    if (texts[name as keyof LearnTexts] !== undefined)
      throw new UsageError(`${flag}: is of --task ${task} alone; leave it out`);
}

function parsed<Config>(schema: z.ZodType<Config>, given: unknown): Config {
  const { success, data, error } = schema.safeParse(given);
  if (success) return data;
  const [issue] = error.issues;
  throw new UsageError(`--${issue!.path.join(".")}: ${issue!.message}`);
}

function lines({ conditions, verdict }: OdoursReport): string[] {
  return [
    ...conditions.map(
      ({ wiring, arm, readout, before, right }) =>
        `${wiring}, ${arm}, by ${readout}: ${before.mean.toFixed(3)} before, ${right.mean.toFixed(3)} [${right.ci95.map((end) => end.toFixed(3)).join(", ")}] after`,
    ),
    ...verdict,
  ];
}

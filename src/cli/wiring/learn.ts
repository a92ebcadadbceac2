/** `wetgrad wiring learn`: does a brain of a wiring diagram learn which of two odours is punished, and does that take this wiring? */
import { join } from "node:path";
import { Command } from "commander";
import type { OdoursReport } from "../../odours/report.ts";
import { UsageError } from "../manners/errors.ts";
import { writableFolder } from "../manners/folder.ts";
import { interruptible } from "../manners/interrupt.ts";
import { print, printJson } from "../manners/output.ts";
import { createProgress } from "../manners/progress.ts";
import { numberOf } from "../options/numbers.ts";
import { words } from "../options/schema.ts";

interface LearnTexts {
  readonly out: string;
  readonly pairs: string;
  readonly firstPair: string;
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
      "teach a brain which of two odours is punished, beside its arms, controls of wiring, and no brain at all",
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
    .option("--pairs <n>", "pairs of odours", "8")
    .option("--first-pair <n>", "number of the first", "20")
    .option("--seeds <n>", "seeds of each pair", "8")
    .option("--arms <a,b,...>", "teacher, paired, yoked, random, frozen, sham (default: all)")
    .option("--wirings <a,b,...>", "real, rewired, rewired but dopamine, counts, signs (default: all)")
    .option("--readouts <a,b>", "names, contact (default: both)")
    .option("--synapse-mv <mV>", "what one synapse gives", "0.8")
    .option("--rate <rate>", "of learning", "0.01")
    .option("--json", "print the report as JSON")
    .addHelpText(
      "after",
      "\nExample:\n  $ wetgrad wiring learn larva.safetensors --pairs 2 --seeds 2 --wirings real\n",
    )
    .action(learn);
}

async function learn(path: string, texts: LearnTexts): Promise<void> {
  writableFolder(texts.out, "--out");
  const { ODOURS_DEFAULTS, odoursConfig } = await import("../../odours/config.ts");
  const { runOdours } = await import("../../odours/run.ts");
  const { renderOdours } = await import("../../odours/page.ts");
  const { writeWhole } = await import("../../files/whole.ts");
  const whole = (text: string, flag: string, min: number) =>
    numberOf(text, flag, { min, max: 1e6, whole: true });
  const parsed = odoursConfig.safeParse({
    pairs: whole(texts.pairs, "--pairs", 1),
    firstPair: whole(texts.firstPair, "--first-pair", 0),
    seeds: whole(texts.seeds, "--seeds", 1),
    arms: texts.arms === undefined ? ODOURS_DEFAULTS.arms : words(texts.arms),
    wirings: texts.wirings === undefined ? ODOURS_DEFAULTS.wirings : words(texts.wirings),
    readouts: texts.readouts === undefined ? ODOURS_DEFAULTS.readouts : words(texts.readouts),
    synapseMv: numberOf(texts.synapseMv, "--synapse-mv", { min: 0.001, max: 1000 }),
    rate: numberOf(texts.rate, "--rate", { min: 1e-6, max: 1 }),
  });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new UsageError(`--${issue!.path.join(".")}: ${issue!.message}`);
  }
  const progress = createProgress(process.stderr);
  const report = await interruptible(
    (signal) =>
      runOdours(parsed.data, {
        path,
        folder: texts.out,
        signal,
        onProgress: (done, total, message) => progress.update({ done, total, unit: "lessons", message }),
      }),
    (line) => progress.say(line),
  );
  progress.end();
  writeWhole(join(texts.out, "report.json"), `${JSON.stringify(report, null, 2)}\n`);
  writeWhole(join(texts.out, "report.html"), renderOdours(report));
  if (texts.json) printJson(report);
  else print(lines(report).join("\n"));
  process.stderr.write(`${join(texts.out, "report.html")}\n`);
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

/** `wetgrad read speed`: how fast cultures read, with words written to them and after lessons, beside controls. */
import { join } from "node:path";
import { Command } from "commander";
import { SPEED_DEFAULTS, type SpeedConfig } from "../../reading/speed/run.ts";
import { openInBrowser } from "../manners/browser.ts";
import { wrongOption } from "../manners/errors.ts";
import { writableFolder } from "../manners/folder.ts";
import { interruptible } from "../manners/interrupt.ts";
import { print, printJson } from "../manners/output.ts";
import { createProgress } from "../manners/progress.ts";
import { packageVersion } from "../manners/version.ts";
import { numberOf, numbersOf } from "../options/numbers.ts";
import { openModel, withModelOption } from "../text/model.ts";

type Texts = Readonly<Record<keyof SpeedConfig, string>>;
interface Flags {
  readonly model?: string;
  readonly out: string;
  readonly open?: boolean;
  readonly json?: boolean;
}

export function speedCommand(): Command {
  const { seeds, firstSeed, msPerWord, sentences, test, lessons } = SPEED_DEFAULTS;
  return withModelOption(
    new Command("speed").description(
      "measure how fast cultures read, with the next words written to them, and after lessons, beside all controls",
    ),
  )
    .option("--seeds <n>", "cultures", `${seeds}`)
    .option("--first-seed <n>", "the first seed", `${firstSeed}`)
    .option("--ms-per-word <list>", "times a word, ms, from the shortest", msPerWord.join(","))
    .option("--sentences <n>", "sentences to fit the decoder on, at each speed", `${sentences}`)
    .option("--test <n>", "held-out sentences to test on", `${test}`)
    .option("--lessons <n>", "sentences of a lesson", `${lessons}`)
    .option("--out <dir>", "folder of the run", join("runs", "reading-speed"))
    .option("--open", "show the report in the browser at the end")
    .option("--json", "print the report as JSON")
    .addHelpText(
      "after",
      "\nExample:\n  $ wetgrad read speed --seeds 2 --out runs/speed\n\nCtrl-C stops the stimulation and exits; cultures that are done are kept, and the same command continues.",
    )
    .action(speed);
}

async function speed(options: Texts & Flags): Promise<void> {
  const config = configOf(options);
  writableFolder(options.out, "--out");
  const { saved, codec } = await openModel(options.model);
  const [{ corpusOf }, { runSpeed }, { speedReport }, { writeSpeed }] = await Promise.all([
    import("../../text/training/train-in-folder.ts"),
    import("../../reading/speed/run.ts"),
    import("../../reading/speed/report.ts"),
    import("../../reading/speed/page.ts"),
  ]);
  const { training, heldOut } = corpusOf(saved.corpus, saved.settings.seed);
  const progress = createProgress(process.stderr);
  try {
    const cultures = await interruptible(
      (signal) =>
        runSpeed(config, {
          ...{ folder: options.out, codec, training, heldOut, signal },
          onProgress: (done, total, message) => progress.update({ done, total, unit: "readings", message }),
        }),
      progress.say,
    );
    const report = speedReport(config, cultures, packageVersion());
    const paths = writeSpeed(options.out, report);
    progress.end();
    if (options.json) printJson({ folder: options.out, paths, report });
    else print(`${report.verdict.join("\n")}\n\nreport: ${paths.html}`);
    if (options.open) await openInBrowser(paths.html, progress.say);
  } finally {
    progress.end();
    await codec.dispose();
  }
}

function configOf(texts: Texts): SpeedConfig {
  const whole = (name: keyof SpeedConfig, flag: string, min: number, max: number) =>
    numberOf(texts[name], flag, { min, max, whole: true });
  const msPerWord = numbersOf(texts.msPerWord, "--ms-per-word", { min: 40, max: 2000 });
  if (msPerWord.length < 3 || msPerWord.some((ms, i) => i > 0 && ms <= msPerWord[i - 1]))
    throw wrongOption(
      "--ms-per-word",
      "at least three times from the shortest to the longest",
      texts.msPerWord,
    );
  return {
    seeds: whole("seeds", "--seeds", 1, 1000),
    firstSeed: whole("firstSeed", "--first-seed", 0, 1_000_000),
    msPerWord,
    sentences: whole("sentences", "--sentences", 50, 100_000),
    test: whole("test", "--test", 10, 100_000),
    lessons: whole("lessons", "--lessons", 1, 100_000),
  };
}

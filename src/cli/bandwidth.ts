/** `wetgrad bandwidth`: what of a tissue's task and state survives each modality. */
import { join } from "node:path";
import { Command } from "commander";
import { makeFolder } from "../files/folder.ts";
import { writeWhole } from "../files/whole.ts";
import { writableFolder } from "./manners/folder.ts";
import { interruptible } from "./manners/interrupt.ts";
import { print, printJson } from "./manners/output.ts";
import { createProgress } from "./manners/progress.ts";
import { numberOf } from "./options/numbers.ts";

interface BandwidthFlags {
  readonly seeds: string;
  readonly trials: string;
  readonly div: string;
  readonly neurons: string;
  readonly out: string;
  readonly json?: boolean;
}

export function bandwidthCommand(): Command {
  return new Command("bandwidth")
    .description(
      "how much of one tissue's task and state an array, EEG and fMRI let through, in bits per second",
    )
    .option("--seeds <n>", "cultures", "6")
    .option("--trials <n>", "presentations to each, 100 ms apart", "1500")
    .option("--div <n>", "days in vitro", "21")
    .option("--neurons <n>", "neurons of a culture", "1000")
    .option("--out <dir>", "folder for report.json and report.html", "runs/bandwidth")
    .option("--json", "print the report as JSON")
    .addHelpText("after", "\nExample:\n  $ wetgrad bandwidth --seeds 3 --trials 600\n")
    .action(bandwidth);
}

async function bandwidth(flags: BandwidthFlags): Promise<void> {
  const count = numberOf(flags.seeds, "--seeds", { min: 1, max: 100, whole: true });
  const trials = numberOf(flags.trials, "--trials", { min: 100, max: 100_000, whole: true });
  const div = numberOf(flags.div, "--div", { min: 7, max: 35 });
  const neurons = numberOf(flags.neurons, "--neurons", { min: 101, max: 20_000, whole: true });
  writableFolder(flags.out, "--out");
  const [{ measureBandwidth }, { keptIn }, { bandwidthTable, renderBandwidth }] = await Promise.all([
    import("../bandwidth/experiment.ts"),
    import("../bandwidth/kept.ts"),
    import("../bandwidth/page.ts"),
  ]);
  const progress = createProgress(process.stderr);
  const seeds = Array.from({ length: count }, (_, i) => i + 1);
  try {
    const report = await interruptible(
      (signal) =>
        measureBandwidth({
          seeds,
          trials,
          div,
          neurons,
          signal,
          kept: keptIn(flags.out, { trials, div, neurons }),
          onProgress: (done, total, message) => progress.update({ done, total, unit: "cultures", message }),
        }),
      progress.say,
    );
    makeFolder(flags.out);
    writeWhole(join(flags.out, "report.json"), `${JSON.stringify(report)}\n`);
    writeWhole(join(flags.out, "report.html"), renderBandwidth(report));
    if (flags.json) printJson(report);
    else print(`${bandwidthTable(report)}\n\npage: ${join(flags.out, "report.html")}`);
  } finally {
    progress.end();
  }
}

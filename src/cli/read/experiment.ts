/** `wetgrad read experiment`: a culture's latent program is moved toward that of a string, beside all controls. */
import { join } from "node:path";
import { Command } from "commander";
import { writingConfig } from "../../writing/config.ts";
import { openInBrowser } from "../manners/browser.ts";
import { wrongOption } from "../manners/errors.ts";
import { writableFolder } from "../manners/folder.ts";
import { interruptible } from "../manners/interrupt.ts";
import { print, printJson, stdoutPaint } from "../manners/output.ts";
import { createProgress } from "../manners/progress.ts";
import { packageVersion } from "../manners/version.ts";
import { checkedBy, type OptionTexts, readTexts, withSchemaOptions } from "../options/schema.ts";
import { openModel } from "../text/model.ts";

interface Flags {
  readonly out?: string;
  readonly open?: boolean;
  readonly json?: boolean;
}

export function experimentCommand(): Command {
  const command = new Command("experiment").description(
    "write toward target strings, by descent and its controls, and ask the tissue afterwards with nothing written",
  );
  return withSchemaOptions(command, writingConfig)
    .option("--out <dir>", "folder of the run (default: runs/reading)")
    .option("--open", "show the report in the browser at the end")
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      "\nExample:\n  $ wetgrad read experiment --seeds 2 --arms descent,hand,yoked,sham\n  $ wetgrad read experiment --targets strings.txt --out runs/strings\n\nCtrl-C stops the stimulation and exits; what is done is kept, and the same command continues.",
    )
    .action(experiment);
}

async function experiment(options: OptionTexts & Flags): Promise<void> {
  const { sentencesIn } = await import("../../text/corpus/corpus.ts");
  const given = readTexts(writingConfig, options, { targets: sentencesIn });
  const { targets } = given;
  if (Array.isArray(targets)) {
    if (targets.length < 2)
      throw wrongOption(
        "--targets",
        "a file of at least two target strings, one a line",
        String(options["targets"]),
      );
    given["pairs"] ??= targets.length;
  }
  const config = checkedBy(writingConfig, given);
  const folder = options.out ?? join("runs", "reading");
  writableFolder(folder, "--out");
  const { saved, codec } = await openModel(config.model);
  const [{ corpusOf }, { runWriting }, { reportOf }, { writeWriting }, { writingTable }] = await Promise.all([
    import("../../text/training/train-in-folder.ts"),
    import("../../writing/run.ts"),
    import("../../writing/report/report.ts"),
    import("../../writing/report/files.ts"),
    import("../../writing/report/table.ts"),
  ]);
  const { training, heldOut } = corpusOf(saved.corpus, saved.settings.seed);
  const progress = createProgress(process.stderr);
  try {
    const results = await interruptible(
      (signal) =>
        runWriting(config, {
          folder,
          codec,
          training,
          heldOut,
          signal,
          onProgress: (done, total, message) => progress.update({ done, total, unit: "arms", message }),
        }),
      progress.say,
    );
    const report = await reportOf(results, {
      wetgradVersion: packageVersion(),
      decode: (latents) => codec.decode(latents),
    });
    progress.end();
    const paths = writeWriting(folder, report);
    if (options.json) printJson({ folder, paths, report });
    else print(`${writingTable(report, stdoutPaint())}\n\nreport: ${paths.html}`);
    if (options.open) await openInBrowser(paths.html, progress.say);
  } finally {
    progress.end();
    await codec.dispose();
  }
}

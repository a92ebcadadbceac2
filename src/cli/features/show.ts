/** `wetgrad features show`: the page of what `features fit` found. */
import { join } from "node:path";
import { Command } from "commander";
import { writableFolder } from "../manners/folder.ts";
import { print, printJson } from "../manners/output.ts";
import { type RecordingTexts, readOptionsOf, withRecordingOptions } from "../options/recording.ts";

interface ShowFlags extends RecordingTexts {
  readonly recording?: string;
  readonly out?: string;
  readonly json?: boolean;
}

export function showCommand(): Command {
  return withRecordingOptions(
    new Command("show")
      .description("write the page of a recording's features: where, when, with what, how stable")
      .argument("<dir>", "a folder that `features fit` wrote"),
  )
    .option("--recording <file>", "the recording, where it is no longer where it was")
    .option("--out <file.html>", "the page to write (default: report.html in the folder)")
    .option("--json", "print the figures as JSON")
    .addHelpText("after", "\nExample:\n  $ wetgrad features show features/culture\n")
    .action(show);
}

async function show(folder: string, flags: ShowFlags): Promise<void> {
  const [{ readFitted }, { loadDictionary }, { lookAt }, { renderFeatures }] = await Promise.all([
    import("../../features/fit-recording.ts"),
    import("../../features/folder/saelens.ts"),
    import("../../features/show/look.ts"),
    import("../../features/show/page.ts"),
  ]);
  const { openRecording } = await import("../../recording/open.ts");
  const { writeWhole } = await import("../../files/whole.ts");
  const fitted = readFitted(folder);
  const dictionary = loadDictionary(folder);
  const out = flags.out ?? join(folder, "report.html");
  writableFolder(join(out, ".."), "--out");
  const recording = await openRecording(flags.recording ?? fitted.path, readOptionsOf(flags));
  try {
    const look = lookAt(recording, fitted, dictionary);
    writeWhole(out, renderFeatures(fitted, look));
    if (flags.json)
      printJson({
        out,
        kept: fitted.kept,
        features: look.features.map(({ top: _, deciles: __, ...feature }) => ({
          ...feature,
          ...fitted.features[feature.index],
        })),
      });
    else print(out);
  } finally {
    recording.close();
  }
}

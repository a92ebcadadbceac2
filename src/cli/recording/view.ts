/** `wetgrad recording view`: a recording as one page to look at. */
import { basename, dirname } from "node:path";
import { Command } from "commander";
import { UsageError } from "../manners/errors.ts";
import { writableFolder } from "../manners/folder.ts";
import { print, printJson } from "../manners/output.ts";
import {
  type RecordingTexts,
  readOptionsOf,
  tellDoubts,
  withRecordingOptions,
} from "../options/recording.ts";

interface ViewOptions extends RecordingTexts {
  readonly out?: string;
  readonly json?: boolean;
}

export function viewCommand(): Command {
  return withRecordingOptions(
    new Command("view")
      .description(
        "write one page: raster, rates over time and on the array, bursts, intervals, the plate by well",
      )
      .argument("<file>", "a recording of spikes, or with --detect one of raw samples"),
  )
    .option(
      "--out <file.html>",
      "the page to write (default: beside where you are, named after the recording)",
    )
    .option("--json", "print the numbers as JSON")
    .addHelpText("after", "\nExample:\n  $ wetgrad recording view plate.csv --out plate.html\n")
    .action(view);
}

async function view(path: string, options: ViewOptions): Promise<void> {
  const read = readOptionsOf(options);
  const out = options.out ?? `${basename(path).replace(/(\.[a-z0-9]+)+$/i, "")}.html`;
  if (!/\.html?$/i.test(out)) throw new UsageError(`--out: expected a file name ending in .html, got ${out}`);
  writableFolder(dirname(out), "--out");
  const { openRecordingFile } = await import("../../recording/open.ts");
  const { cultureNamed } = await import("../../recording/cultures/cultures.ts");
  const { viewOf } = await import("../../recording/statistics/view.ts");
  const { renderRecording } = await import("../../report/recording/page.ts");
  const { writeWhole } = await import("../../files/whole.ts");
  const file = await openRecordingFile(path, read);
  try {
    tellDoubts(path, file.doubts);
    const cultures = read.culture === undefined ? file.cultures : [cultureNamed(file, read.culture)];
    const found = {
      name: file.name,
      source: file.source,
      cultures: cultures.map(viewOf),
      doubts: file.doubts.map(({ message, flag }) => (flag ? `${message} (otherwise: ${flag})` : message)),
    };
    writeWhole(out, renderRecording(found));
    if (options.json) printJson({ out, ...found });
    else print(out);
  } finally {
    file.close();
  }
}

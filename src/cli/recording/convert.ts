/** `wetgrad recording convert`: a recording as NWB or as a CL1 recording; or one culture of a run, with its stimulation, as the latter. */
import { dirname } from "node:path";
import { Command } from "commander";
import type { ReadCulture } from "../../recording/contract.ts";
import { UsageError } from "../manners/errors.ts";
import { writableFolder } from "../manners/folder.ts";
import { print, printJson } from "../manners/output.ts";
import { numberOf } from "../options/numbers.ts";
import {
  type RecordingTexts,
  readOptionsOf,
  tellDoubts,
  withRecordingOptions,
} from "../options/recording.ts";
import { words } from "../options/schema.ts";

interface ConvertOptions extends RecordingTexts {
  readonly seed?: string;
  readonly code?: string;
  readonly arm?: string;
  readonly channels?: string;
  readonly json?: boolean;
}

export function convertCommand(): Command {
  return withRecordingOptions(
    new Command("convert")
      .description("write a recording as NWB, or in the CL SDK's HDF5 layout")
      .argument("<in>", "a recording of spikes, or the recording.nwb of a run")
      .argument("<out>", "what to write: a name ending in .nwb is NWB, one in .h5 a CL1 recording"),
  )
    .option("--channels <a,b,...>", "only these channels")
    .option("--seed <n>", "of a run, to .h5: the culture's seed (default: the first)")
    .option("--code <name>", "of a run, to .h5: the code, assigned or free (default: the first)")
    .option("--arm <name>", "of a run, to .h5: the arm (default: the first)")
    .option("--json", "print what was written as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  $ wetgrad recording convert plate.csv plate.nwb\n  $ wetgrad recording convert plate.csv well.h5 --culture A1\n  $ wetgrad recording convert runs/laser/recording.nwb laser.h5 --arm descent\n",
    )
    .action(convert);
}

async function convert(input: string, output: string, options: ConvertOptions): Promise<void> {
  const toNwb = /\.nwb$/i.test(output);
  if (!toNwb && !/\.(h5|hdf5)$/i.test(output))
    throw new UsageError(
      `${output}: expected a file name ending in .nwb (NWB) or .h5 (CL1 recordings are HDF5)`,
    );
  writableFolder(dirname(output), "<out>");
  const { seed, code, arm } = options;
  const wanted = {
    ...(seed === undefined
      ? {}
      : { seed: numberOf(seed, "--seed", { min: 0, max: 2 ** 32 - 1, whole: true }) }),
    ...(code === undefined ? {} : { code }),
    ...(arm === undefined ? {} : { arm }),
  };
  const read = readOptionsOf(options);
  const ofRun = toNwb || Object.keys(read).length > 0 ? undefined : await convertRun(input, output, wanted);
  if (!ofRun && Object.keys(wanted).length > 0)
    throw new UsageError(
      "--seed, --code and --arm choose a culture of a run to write as .h5; of other files, choose one with --culture",
    );
  const result = ofRun ?? (await convertAny(input, output, { read, toNwb, ...options }));
  if (options.json) printJson({ out: output, ...result });
  else print(`${output}: ${result.spikes} spikes in ${result.durationSeconds.toFixed(1)} s`);
}

/** Undefined where the file is not that of a run. */
async function convertRun(input: string, output: string, wanted: object) {
  const { NwbReader } = await import("../../recording/nwb/reader.ts");
  const { convertRunToCl1 } = await import("../../recording/cl1/convert-run.ts");
  const reader = await NwbReader.open(input).catch(() => undefined);
  if (!reader) return undefined;
  try {
    return await convertRunToCl1(reader, output, wanted);
  } finally {
    reader.close();
  }
}

interface AnyOptions {
  readonly read: ReadCulture;
  readonly toNwb: boolean;
  readonly channels?: string;
}

async function convertAny(input: string, output: string, { read, toNwb, channels }: AnyOptions) {
  const { openRecordingFile } = await import("../../recording/open.ts");
  const { cultureNamed } = await import("../../recording/cultures/cultures.ts");
  const { withChannels } = await import("../../recording/cultures/choose.ts");
  const file = await openRecordingFile(input, read);
  try {
    tellDoubts(input, file.doubts);
    const all = toNwb && read.culture === undefined && channels === undefined;
    const cultures = all ? file.cultures : [cultureNamed(file, read.culture)];
    const chosen = cultures.map((culture) =>
      channels === undefined ? culture : withChannels(culture, words(channels)),
    );
    if (toNwb) return await (await import("../../recording/nwb/convert.ts")).convertToNwb(chosen, output);
    return await (await import("../../recording/cl1/convert.ts")).convertToCl1(chosen[0], output);
  } finally {
    file.close();
  }
}

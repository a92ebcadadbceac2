/** `wetgrad recording convert`: any recording, or one culture of a run, as a CL1 recording. */
import { dirname } from "node:path";
import { Command } from "commander";
import { UsageError } from "../manners/errors.ts";
import { writableFolder } from "../manners/folder.ts";
import { print, printJson } from "../manners/output.ts";
import { numberOf } from "../options/numbers.ts";

interface ConvertOptions {
  readonly seed?: string;
  readonly code?: string;
  readonly arm?: string;
  readonly json?: boolean;
}

export function convertCommand(): Command {
  return new Command("convert")
    .description("write a recording in the CL SDK's HDF5 layout")
    .argument("<in>", "a recording (NWB, MEA HDF5, CL1, Axion, spike list), or the recording.nwb of a run")
    .argument("<out.h5>", "the CL1 recording to write")
    .option("--seed <n>", "of a run: the culture's seed (default: the first)")
    .option("--code <name>", "of a run: the code, assigned or free (default: the first)")
    .option("--arm <name>", "of a run: the arm (default: the first)")
    .option("--json", "print what was written as JSON")
    .addHelpText(
      "after",
      "\nExample:\n  $ wetgrad recording convert runs/laser/recording.nwb laser.h5 --arm descent\n",
    )
    .action(convert);
}

async function convert(input: string, output: string, options: ConvertOptions): Promise<void> {
  if (!/\.(h5|hdf5)$/i.test(output))
    throw new UsageError(`${output}: expected a file name ending in .h5 (CL1 recordings are HDF5)`);
  writableFolder(dirname(output), "<out.h5>");
  const { seed, code, arm, json } = options;
  const wanted = {
    ...(seed === undefined
      ? {}
      : { seed: numberOf(seed, "--seed", { min: 0, max: 2 ** 32 - 1, whole: true }) }),
    ...(code === undefined ? {} : { code }),
    ...(arm === undefined ? {} : { arm }),
  };
  const result = (await convertRun(input, output, wanted)) ?? (await convertAny(input, output, wanted));
  if (json) printJson({ out: output, ...result });
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

async function convertAny(input: string, output: string, wanted: object) {
  const { openRecording } = await import("../../recording/open.ts");
  const { convertToCl1 } = await import("../../recording/cl1/convert.ts");
  const recording = await openRecording(input);
  try {
    if (Object.keys(wanted).length > 0)
      throw new UsageError(
        "--seed, --code and --arm choose a culture of a run, and this file is not a run's",
      );
    return await convertToCl1(recording, output);
  } finally {
    recording.close();
  }
}

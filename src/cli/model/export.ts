/** `wetgrad model export`: a trained model as a plain ONNX file. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { Command } from "commander";
import type { PlainModel } from "../../compute/index.ts";
import { MODEL_FILE } from "../emulator/recording.ts";
import { UsageError, wrongOption } from "../manners/errors.ts";
import { writableFolder } from "../manners/folder.ts";
import { print, printJson } from "../manners/output.ts";
import { numberOf } from "../options/numbers.ts";

interface ExportOptions {
  readonly program?: string;
  readonly batch: string;
  readonly samples: string;
  readonly json?: boolean;
}

export function exportCommand(): Command {
  return new Command("export")
    .description("write a trained model as an .onnx file that any runtime loads, parameters inside")
    .argument("<model>", "folder of an emulator, or a file of a run's folder models/")
    .argument("<out.onnx>", "the file to write")
    .option(
      "--program <name>",
      "of an emulator: forecast or encode (default: forecast); of a run's models: encode, decode, next, bridge-encode or bridge-decode (default: next)",
    )
    .option("--batch <n>", "items that the model takes at a time", "1")
    .option("--samples <n>", "of forecast: courses sampled per item", "32")
    .option("--json", "print inputs and outputs as JSON")
    .addHelpText(
      "after",
      "\nExample:\n  $ wetgrad model export emulators/culture forecast.onnx --samples 100\n\nThe file holds operators of ONNX's own set 17 only. Random numbers are an input: standard normal noise. An emulator is exported without what is blended into its forecasts.",
    )
    .action(exportModel);
}

async function exportModel(path: string, out: string, options: ExportOptions): Promise<void> {
  if (!out.endsWith(".onnx")) throw new UsageError(`${out}: expected a file name ending in .onnx`);
  writableFolder(dirname(out), "<out.onnx>");
  const batch = numberOf(options.batch, "--batch", { min: 1, max: 1e6, whole: true });
  const samples = numberOf(options.samples, "--samples", { min: 1, max: 1e6, whole: true });
  const programs = await programsOf(path, batch, samples);
  const name = options.program ?? Object.keys(programs.make)[0];
  const make = programs.make[name];
  if (!make)
    throw wrongOption("--program", `${Object.keys(programs.make).join(", ")} of ${programs.kind}`, name);
  const { onnx, inputs, outputs } = make();
  const { writeWhole } = await import("../../files/whole.ts");
  writeWhole(out, onnx);
  if (options.json) printJson({ out, program: name, bytes: onnx.length, inputs, outputs });
  else {
    const ports = (all: PlainModel["inputs"]) =>
      all.map(({ name, shape }) => `${name} [${shape}]`).join(", ");
    print(`${out}: ${name}, ${onnx.length} bytes\n${ports(inputs)} -> ${ports(outputs)}`);
  }
}

interface Programs {
  readonly kind: string;
  /** The default first. */
  readonly make: Readonly<Record<string, () => PlainModel>>;
}

async function programsOf(path: string, batch: number, samples: number): Promise<Programs> {
  const isFolder = existsSync(path) && statSync(path).isDirectory();
  const file = isFolder ? join(path, MODEL_FILE) : path;
  if (isFolder && !existsSync(file))
    throw new UsageError(
      `${path}: expected a folder with ${MODEL_FILE}, as \`wetgrad emulator fit\` writes, or a file of a run's folder models/`,
    );
  const bytes = readFileSync(file);
  const { decodeRunModels, RUN_MODELS } = await import("../../emulator/one/exported.ts");
  const models = runModels(bytes, decodeRunModels);
  if (models) {
    const { next, ...others } = RUN_MODELS;
    const make = Object.entries({ next: next!, ...others }).map(([name, model]) => [
      name,
      () => model(models, batch),
    ]);
    return { kind: "a run's models", make: Object.fromEntries(make) };
  }
  const { decodeForecastEmulator } = await import("../../forecast/training/saved-emulator.ts");
  const { FORECAST_MODELS } = await import("../../forecast/rollout/exported-models.ts");
  const saved = decodeForecastEmulator(bytes);
  const make = Object.entries(FORECAST_MODELS).map(([name, model]) => [
    name,
    () => model(saved, { batch, samples }),
  ]);
  return { kind: "an emulator", make: Object.fromEntries(make) };
}

/** null also for what is no safetensors file: the emulator's reader says what is wrong with it. */
function runModels<Models>(bytes: Uint8Array, decode: (bytes: Uint8Array) => Models | null): Models | null {
  try {
    return decode(bytes);
  } catch {
    return null;
  }
}

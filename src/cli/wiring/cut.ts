/** `wetgrad wiring cut`: some cells of a wiring diagram, and their neighbours. */
import { Command } from "commander";
import { numberOf } from "../options/numbers.ts";
import { readOptionsOf, type WiringTexts, wiringFile, withWiringOptions, writeAndTell } from "./options.ts";

interface CutTexts extends WiringTexts {
  readonly cells: string;
  readonly steps: string;
  readonly least: string;
  readonly json?: boolean;
}

export function cutCommand(): Command {
  return withWiringOptions(
    new Command("cut")
      .description("write some cells of a wiring diagram, and their neighbours")
      .argument("<in>", "a wiring diagram")
      .argument("<out.safetensors>", "the file to write"),
  )
    .requiredOption(
      "--cells <words>",
      "names, values of labels, column=value with * for any letters; commas between",
    )
    .option("--steps <n>", "neighbours so many connections away, too", "0")
    .option("--least <n>", "synapses that make a neighbour", "1")
    .option("--json", "print what was written as JSON")
    .addHelpText(
      "after",
      "\nExample:\n  $ wetgrad wiring cut larva.safetensors mushroom.safetensors --cells KC,MBON,MBIN,APL --steps 1 --least 3\n",
    )
    .action(async (input: string, output: string, { cells, steps, least, json, ...options }: CutTexts) => {
      const out = wiringFile(output);
      const neighbours = {
        steps: numberOf(steps, "--steps", { min: 0, max: 100, whole: true }),
        least: numberOf(least, "--least", { min: 1, max: 1e6, whole: true }),
      };
      const { readWiring } = await import("../../wiring/layouts/read.ts");
      const { selectCells } = await import("../../wiring/select.ts");
      const { cutWiring } = await import("../../wiring/change/cut.ts");
      const wiring = await readWiring(input, await readOptionsOf(options));
      await writeAndTell(out, cutWiring(wiring, selectCells(wiring, cells), { neighbours }), json);
    });
}

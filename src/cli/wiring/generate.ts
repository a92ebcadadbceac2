/** `wetgrad wiring generate`: a table of any size with the distributions of a model. */
import { Command } from "commander";
import { numberOf } from "../options/numbers.ts";
import { readOptionsOf, type WiringTexts, wiringFile, withWiringOptions, writeAndTell } from "./options.ts";

interface GenerateTexts extends WiringTexts {
  readonly cells: string;
  readonly connections: string;
  readonly near: string;
  readonly seed: string;
  readonly json?: boolean;
}

export function generateCommand(): Command {
  return withWiringOptions(
    new Command("generate")
      .description(
        "write a wiring diagram of any size that has the degrees, counts, signs and labels of another",
      )
      .argument("<model>", "the wiring diagram whose distributions it takes")
      .argument("<out.safetensors>", "the file to write"),
  )
    .option("--cells <n>", "as many as a fly has, if not given", "138639")
    .option("--connections <n>", "as many as a fly has, if not given", "15091983")
    .option("--near <share>", "of the targets within a neighbourhood as large as the model", "0.9")
    .option("--seed <n>", "of the draws", "1")
    .option("--json", "print what was written as JSON")
    .addHelpText("after", "\nExample:\n  $ wetgrad wiring generate larva.safetensors fly-sized.safetensors\n")
    .action(
      async (
        input: string,
        output: string,
        { cells, connections, near, seed, json, ...options }: GenerateTexts,
      ) => {
        const out = wiringFile(output);
        const wanted = {
          cells: numberOf(cells, "--cells", { min: 2, max: 1e7, whole: true }),
          connections: numberOf(connections, "--connections", { min: 1, max: 1e9, whole: true }),
          near: numberOf(near, "--near", { min: 0, max: 1 }),
          seed: numberOf(seed, "--seed", { min: 0, max: 2 ** 32 - 1, whole: true }),
        };
        const { readWiring } = await import("../../wiring/layouts/read.ts");
        const { generateWiring } = await import("../../wiring/change/generate.ts");
        const model = await readWiring(input, await readOptionsOf(options));
        await writeAndTell(out, generateWiring(model, wanted), json);
      },
    );
}

/** `wetgrad text interpolate`: sentences on the way from one to another. */
import { Command } from "commander";
import { assertSentence } from "../../text/corpus/sentence.ts";
import { print, printJson } from "../manners/output.ts";
import { numberOf } from "../options/numbers.ts";
import { openModel, withModelOption } from "./model.ts";

interface InterpolateOptions {
  readonly model?: string;
  readonly steps: string;
  readonly json?: boolean;
}

export function interpolateCommand(): Command {
  return withModelOption(
    new Command("interpolate")
      .description("decode the latent programs between two sentences")
      .argument("<from>", "a sentence")
      .argument("<to>", "another"),
  )
    .option("--steps <n>", "sentences to say, both ends among them", "7")
    .option("--json", "print as JSON")
    .addHelpText(
      "after",
      '\nExample:\n  $ wetgrad text interpolate "The house is warm." "Where did you go that night?"',
    )
    .action(async (from: string, to: string, { model, steps, json }: InterpolateOptions) => {
      const count = numberOf(steps, "--steps", { min: 2, max: 1000, whole: true });
      for (const sentence of [from, to]) assertSentence(sentence);
      const { codec } = await openModel(model);
      const { mean } = await codec.encode([from, to]);
      const Z = codec.latents;
      const between = new Float32Array(count * Z);
      for (let n = 0; n < count; n++)
        for (let i = 0; i < Z; i++)
          between[n * Z + i] = mean[i] + (n / (count - 1)) * (mean[Z + i] - mean[i]);
      const said = await codec.decode(between);
      if (json) printJson(said.map((sentence, n) => ({ share: n / (count - 1), sentence })));
      else print(said.join("\n"));
    });
}

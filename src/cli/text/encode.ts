/** `wetgrad text encode`: the latent program of each sentence. */
import { Command } from "commander";
import { assertSentence } from "../../text/corpus/sentence.ts";
import { print, printJson } from "../manners/output.ts";
import { openModel, withModelOption } from "./model.ts";

export function encodeCommand(): Command {
  return withModelOption(
    new Command("encode")
      .description("print the latent program of each sentence")
      .argument("<sentence...>", "sentences, each in quotes"),
  )
    .option("--json", "print mean and deviation of every number as JSON")
    .addHelpText(
      "after",
      '\nExample:\n  $ wetgrad text encode "The house is warm." --json > z.json\n  $ wetgrad text decode z.json',
    )
    .action(async (sentences: string[], { model, json }: { model?: string; json?: boolean }) => {
      for (const sentence of sentences) assertSentence(sentence);
      const { codec } = await openModel(model);
      const { mean, logVariance } = await codec.encode(sentences);
      const Z = codec.latents;
      const rows = sentences.map((sentence, n) => ({
        sentence,
        z: [...mean.subarray(n * Z, (n + 1) * Z)],
        deviation: [...logVariance.subarray(n * Z, (n + 1) * Z)].map((value) => Math.exp(value / 2)),
      }));
      if (json) printJson(rows);
      else for (const { sentence, z } of rows) print(`${sentence}\n${z.map((v) => v.toFixed(3)).join(" ")}`);
    });
}

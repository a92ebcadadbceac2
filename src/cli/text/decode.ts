/** `wetgrad text decode`: what the decoder says of latent programs. */
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { z } from "zod";
import { UsageError } from "../manners/errors.ts";
import { print, printJson } from "../manners/output.ts";
import { openModel, withModelOption } from "./model.ts";

const NUMBERS = z.array(z.number()).min(1);
const ROWS = z.union([
  z.array(z.object({ z: NUMBERS })).min(1),
  z.array(NUMBERS).min(1),
  NUMBERS.transform((numbers) => [numbers]),
]);

export function decodeCommand(): Command {
  return withModelOption(
    new Command("decode")
      .description("say what latent programs mean, the likeliest token each time")
      .argument("<file>", "JSON: what encode --json printed, or rows of numbers; - for standard input"),
  )
    .option("--json", "print as JSON")
    .addHelpText(
      "after",
      '\nExample:\n  $ wetgrad text encode "They have two daughters." --json | wetgrad text decode -',
    )
    .action(async (file: string, { model, json }: { model?: string; json?: boolean }) => {
      const rows = rowsOf(readFileSync(file === "-" ? 0 : file, "utf8"), file);
      const { codec } = await openModel(model);
      const wrong = rows.find((row) => row.length !== codec.latents);
      if (wrong)
        throw new UsageError(
          `${file}: expected ${codec.latents} numbers a row, as this model has, got ${wrong.length}`,
        );
      const said = await codec.decode(Float32Array.from(rows.flat()));
      if (json) printJson(said);
      else print(said.join("\n"));
    });
}

function rowsOf(text: string, file: string): number[][] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UsageError(`${file}: expected JSON, as \`wetgrad text encode --json\` prints it`);
  }
  const parsed = ROWS.safeParse(value);
  if (!parsed.success)
    throw new UsageError(`${file}: expected rows of numbers, or objects with z; got other JSON`);
  return parsed.data.map((row) => (Array.isArray(row) ? row : row.z));
}

/** `wetgrad wiring convert`: a wiring diagram as one file that loads at once. */
import { Command } from "commander";
import { readOptionsOf, type WiringTexts, wiringFile, withWiringOptions, writeAndTell } from "./options.ts";

export function convertCommand(): Command {
  return withWiringOptions(
    new Command("convert")
      .description("write a wiring diagram as one file that loads at once")
      .argument("<in>", "the folder or archive of a release, a table of pairs, or a matrix")
      .argument("<out.safetensors>", "the file to write"),
  )
    .option("--json", "print what was written as JSON")
    .addHelpText("after", "\nExample:\n  $ wetgrad wiring convert flywire-783/ fly.safetensors\n")
    .action(async (input: string, output: string, options: WiringTexts & { json?: boolean }) => {
      const out = wiringFile(output);
      const { readWiring } = await import("../../wiring/layouts/read.ts");
      await writeAndTell(out, await readWiring(input, await readOptionsOf(options)), options.json);
    });
}

/** `wetgrad wiring rewire`: controls of wiring. */
import { Command } from "commander";
import type { Rewiring } from "../../wiring/change/rewire.ts";
import { wrongOption } from "../manners/errors.ts";
import { numberOf } from "../options/numbers.ts";
import { readOptionsOf, type WiringTexts, wiringFile, withWiringOptions, writeAndTell } from "./options.ts";

interface RewireTexts extends WiringTexts {
  readonly what: string;
  readonly seed: string;
  readonly within?: string;
  readonly only?: string;
  readonly except?: string;
  readonly json?: boolean;
}

export function rewireCommand(): Command {
  return withWiringOptions(
    new Command("rewire")
      .description(
        "write a wiring diagram with targets exchanged (degrees kept), or counts or signs dealt out anew",
      )
      .argument("<in>", "a wiring diagram")
      .argument("<out.safetensors>", "the file to write"),
  )
    .option("--what <what>", "targets, counts or signs", "targets")
    .option(
      "--within <column>",
      "only between connections of the same pair of values of that column of the labels",
    )
    .option("--only <pairs>", "only connections of these pairs, such as *PN>KC; commas between")
    .option("--except <pairs>", "all pairs but these")
    .option("--seed <n>", "of the exchanges", "1")
    .option("--json", "print what was written as JSON")
    .addHelpText(
      "after",
      "\nExample:\n  $ wetgrad wiring rewire larva.safetensors rewired.safetensors --within fine --except 'MBIN>MBON'\n",
    )
    .action(async (input: string, output: string, texts: RewireTexts) => {
      const { what, seed, within, only, except, json, ...options } = texts;
      const out = wiringFile(output);
      const { REWIRINGS, rewire } = await import("../../wiring/change/rewire.ts");
      if (!(REWIRINGS as readonly string[]).includes(what))
        throw wrongOption("--what", REWIRINGS.join(", "), what);
      const { readWiring } = await import("../../wiring/layouts/read.ts");
      const wiring = await readWiring(input, await readOptionsOf(options));
      const seedNumber = numberOf(seed, "--seed", { min: 0, max: 2 ** 32 - 1, whole: true });
      const changed = rewire(wiring, { what: what as Rewiring, seed: seedNumber, within, only, except });
      await writeAndTell(out, changed, json);
    });
}

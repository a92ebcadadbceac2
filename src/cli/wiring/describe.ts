/** `wetgrad wiring describe`: what a wiring diagram holds. */
import { basename } from "node:path";
import { Command } from "commander";
import { significant } from "../../report/format.ts";
import type { Degrees, WiringDescription } from "../../wiring/describe.ts";
import { print, printJson } from "../manners/output.ts";
import { readOptionsOf, summary, tell, type WiringTexts, withWiringOptions } from "./options.ts";

export function describeCommand(): Command {
  return withWiringOptions(
    new Command("describe")
      .description(
        "say what a wiring diagram holds: cells, connections, signs, degrees, classes, source and licence",
      )
      .argument(
        "<wiring>",
        "a file of ours, the folder or archive of a release, a table of pairs, or a matrix",
      ),
  )
    .option("--json", "print it as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  $ wetgrad wiring describe larval-drosophila-s1.zip\n  $ wetgrad wiring describe pairs.csv --columns pre=from,post=to,weight=n\n",
    )
    .action(async (path: string, options: WiringTexts & { json?: boolean }) => {
      const { readWiring } = await import("../../wiring/layouts/read.ts");
      const { describeWiring } = await import("../../wiring/describe.ts");
      const description = describeWiring(await readWiring(path, await readOptionsOf(options)));
      if (options.json) printJson({ name: basename(path), ...description });
      else print(`${basename(path)}: ${lines(description).join("\n  ")}`);
      tell(description);
    });
}

function lines(description: WiringDescription): string[] {
  const { layers, signs, labels, positioned, pairs, source, licence, signRule, notes } = description;
  return [
    `${summary(description)}, ${significant(description.synapsesPerConnection)} synapses a connection`,
    ...layers.map(
      ({ name, drives, connections, synapses, ontoItself }) =>
        `${name}${drives ? "" : " (does not drive)"}: ${connections} connections, ${synapses} synapses, ${ontoItself} onto itself`,
    ),
    `signs: ${signs.excite} cells excite, ${signs.inhibit} inhibit, ${signs.none} without fast current (${signRule})`,
    `out-degree: ${degrees(description.out)}; in-degree: ${degrees(description.in)}`,
    ...Object.entries(labels).map(
      ([name, { values, unsaid, common }]) =>
        `${name}: ${values} values${unsaid > 0 ? `, ${unsaid} cells without` : ""}: ${Object.entries(common)
          .slice(0, 12)
          .map(([value, cells]) => `${value} ${cells}`)
          .join(", ")}${values > 12 ? ", ..." : ""}`,
    ),
    ...(positioned > 0 ? [`${positioned} cells with a position`] : []),
    ...(pairs > 0 ? [`${pairs} pairs of left and right`] : []),
    `source: ${source}; licence: ${licence}`,
    ...notes,
  ];
}

function degrees({ mean, median, most, none }: Degrees): string {
  return `mean ${significant(mean)}, median ${median}, most ${most}, none ${none}`;
}

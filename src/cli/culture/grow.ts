/** `wetgrad culture grow`: grows a culture, listens to it, and says what it is like at each age; or saves it. */
import { dirname } from "node:path";
import { Command } from "commander";
import { z } from "zod";
import { PRESETS } from "../../culture/presets.ts";
import { RULES } from "../../culture/rules/rules.ts";
import { SCAFFOLDS, SHAPES } from "../../device/simulated/scaffolds.ts";
import { comparisonTable } from "../../report/compare/table.ts";
import { UsageError } from "../manners/errors.ts";
import { writableFolder } from "../manners/folder.ts";
import { print, printJson, stdoutPaint } from "../manners/output.ts";
import { createProgress } from "../manners/progress.ts";
import type { SimulatedCulture } from "./activity.ts";
import { type CultureOptions, culturesOf, withGrowthOptions } from "./options.ts";

interface GrowOptions extends CultureOptions {
  readonly out?: string;
  readonly from?: string;
}

export function growCommand(): Command {
  return withGrowthOptions(new Command("grow"))
    .description("grow a culture around the scaffold and describe its spontaneous activity at each age")
    .option("--div <days,...>", "days in vitro", "7,14,21,28")
    .option("--seconds <n>", "simulated time to listen for", "120")
    .option("--threads <n>", "threads on which a culture of thousands lives (default: one for each core)")
    .option("--out <file>", "save the culture of one day (.safetensors) instead of listening to it")
    .option("--from <file>", "listen to a culture that was saved so")
    .option("--json", "print the numbers as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  $ wetgrad culture grow --div 7,14,21,28 --seed 3\n  $ wetgrad culture grow --neurons 100000 --div 21 --out large.safetensors\n  $ wetgrad culture grow --shape ball --scaffold hd1024 --neurons 10000 --div 21\n  $ wetgrad culture grow --from large.safetensors --seconds 20\n",
    )
    .action(grow);
}

async function grow(options: GrowOptions): Promise<void> {
  if (options.out !== undefined && options.from !== undefined)
    throw new UsageError("--out: expected without --from, which takes a culture that is saved already");
  const asked = culturesOf(options);
  if (options.out !== undefined) return save(options.out, asked, options.json === true);
  const cultures = options.from === undefined ? asked : [await saved(options.from, asked[0])];
  const { simulatedActivity } = await import("./activity.ts");
  const simulated = [];
  for (const culture of cultures) simulated.push(await simulatedActivity(culture));
  if (options.json) printJson({ simulated });
  else print(comparisonTable({ simulated, real: [] }, stdoutPaint()));
}

async function save(path: string, cultures: readonly SimulatedCulture[], json: boolean): Promise<void> {
  if (cultures.length > 1)
    throw new UsageError("--out: expected one day, such as --div 21, for one file holds one");
  writableFolder(dirname(path), "--out");
  const [{ growOn }, { saveCulture }] = await Promise.all([
    import("../../device/simulated/grow.ts"),
    import("../../culture/saved/saved.ts"),
  ]);
  const [{ scaffold, shape, preset, rule, seed, div, neurons }] = cultures;
  const progress = createProgress(process.stderr);
  const onGrowth = (done: number, total: number) =>
    progress.update({ done, total, unit: "axons", message: path });
  const grown = growOn(scaffold, { shape, seed, div, neurons, preset, rule, onGrowth });
  progress.end();
  saveCulture(path, grown, { seed: `${seed}`, scaffold, shape, preset, rule });
  const synapses = grown.anatomy.synapses.pre.length;
  if (json) printJson({ saved: { file: path, neurons, synapses, div, seed, scaffold, shape, preset, rule } });
  else print(`${path}: ${neurons} neurons, ${synapses} synapses, DIV ${div}, ${shape} on ${scaffold}`);
}

/** What `save` writes beside a culture. */
const savedFacts = z.object({
  seed: z.string().regex(/^\d+$/, "expected a whole number").transform(Number),
  scaffold: z.enum(SCAFFOLDS),
  shape: z.enum(SHAPES).default("sheet"),
  preset: z.enum(PRESETS),
  rule: z.enum(RULES),
});

/** The culture in the file, to be listened to as `asked` says. Throws `CultureFileError`. */
async function saved(path: string, asked: SimulatedCulture): Promise<SimulatedCulture> {
  const { CultureFileError, loadCulture } = await import("../../culture/saved/saved.ts");
  const { facts, ...grown } = loadCulture(path);
  const { success, data, error } = savedFacts.safeParse(facts);
  if (!success) {
    const [{ path: where, message }] = error.issues;
    throw new CultureFileError(`${path}: damaged: ${where.join(".")}: ${message}`);
  }
  return { ...asked, ...data, grown, div: grown.div, neurons: grown.anatomy.positionsMm.length / 2 };
}

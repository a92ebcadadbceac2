/** `wetgrad experiment plan`: arms on dishes and days, written and hashed before the first pulse; and how many dishes it takes. */
import { Command } from "commander";
import type { Design } from "../../experiment/design/file.ts";
import type { Plan } from "../../experiment/design/plan.ts";
import type { Scatter } from "../../experiment/design/power.ts";
import { columns } from "../../report/columns.ts";
import { UsageError, wrongOption } from "../manners/errors.ts";
import { writableFolder } from "../manners/folder.ts";
import { print, printJson, stdoutPaint } from "../manners/output.ts";
import { packageVersion } from "../manners/version.ts";

interface PlanFlags {
  readonly out: string;
  readonly pilot?: string[];
  readonly effect?: string;
  readonly power: string;
  readonly json?: boolean;
}

export function planCommand(): Command {
  return new Command("plan")
    .description("assign arms to dishes and sessions in random blocks, before the first pulse")
    .argument(
      "<file>",
      "YAML or JSON: name, arms, control, dishes, sessionsPerDish, washoutHours, blind, exclude, options",
    )
    .requiredOption("--out <dir>", "folder of the plan; its sessions will be in it")
    .option("--pilot <run...>", "runs on simulated dishes with these arms: how much dishes scatter")
    .option("--effect <points>", "with --pilot: the difference that is to be found, in percentage points")
    .option("--power <share>", "with --pilot: how often it is to be found", "0.8")
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      "\nExample:\n  $ wetgrad experiment plan henon.yaml --out henon\n  $ wetgrad experiment plan henon.yaml --out henon --pilot runs/pilot --effect 10     how many dishes it takes\n  $ wetgrad experiment session henon 1 --rehearse\n\nA file of four dishes:\n  name: henon\n  arms: [descent, sham]\n  dishes:\n    - { name: A, seed: 1, dish: cl1://10.0.0.8, file: lab.json }\n    - { name: B, seed: 2, dish: cl1://10.0.0.9, file: lab.json }\n  sessionsPerDish: 2\n  options: { series: henon, cycles: 4 }",
    )
    .action(plan);
}

async function plan(file: string, flags: PlanFlags): Promise<void> {
  const { readDesign } = await import("../../experiment/design/file.ts");
  const { makePlan, writePlan } = await import("../../experiment/design/plan.ts");
  const design = readDesign(file);
  writableFolder(flags.out, "--out");
  const power = await powerOf(design, flags);
  const made = makePlan(design, packageVersion());
  writePlan(flags.out, made);
  if (flags.json) printJson({ folder: flags.out, plan: made.plan, ...(power && { power }) });
  else
    print(
      [planTable(made.plan), ...(power ? [powerLines(power)] : []), footer(made.plan, flags.out)].join(
        "\n\n",
      ),
    );
}

interface Dishes {
  readonly effect: number;
  readonly wanted: number;
  readonly scatter: Scatter;
  readonly dishes: number | null;
  readonly tried: readonly { readonly dishes: number; readonly power: number }[];
}

async function powerOf(design: Design, { pilot, effect, power }: PlanFlags): Promise<Dishes | undefined> {
  if ((pilot === undefined) !== (effect === undefined))
    throw new UsageError(
      "--pilot, --effect: expected both or none, for power is of an effect among dishes that scatter",
    );
  if (pilot === undefined) return undefined;
  const points = Number(effect);
  if (!(points > 0 && points <= 100))
    throw wrongOption("--effect", "percentage points, above 0, at most 100", effect ?? "");
  const wanted = Number(power);
  if (!(wanted > 0 && wanted < 1)) throw wrongOption("--power", "a share between 0 and 1", power);
  const [{ pilotOf }, { dishesFor, scatterOf }] = await Promise.all([
    import("../../experiment/design/pilot.ts"),
    import("../../experiment/design/power.ts"),
  ]);
  const scatter = scatterOf(pilotOf(pilot, design.arms));
  return { effect: points / 100, wanted, scatter, ...dishesFor(design, points / 100, scatter, wanted) };
}

function planTable({ sessions }: Plan): string {
  const head = ["session", "dish", "day", "arm"];
  const rows = sessions.map(({ number, dish, day, arm }) => [String(number), dish, String(day), arm]);
  return columns([head, ...rows].map((row) => row.map((text) => ({ text }))));
}

function powerLines({ effect, wanted, scatter, dishes, tried }: Dishes): string {
  const share = (value: number) => `${(100 * value).toFixed(1)}`;
  const found =
    dishes === null
      ? `no number of dishes up to ${tried[tried.length - 1].dishes} finds ${share(effect)} points ${share(wanted)} % of the time`
      : `${dishes} dishes find ${share(effect)} points ${share(wanted)} % of the time`;
  const all = tried.map((at) => `${at.dishes}: ${share(at.power)} %`).join(", ");
  return `${found} (dishes scatter by ${share(scatter.dish)} points, sessions by ${share(scatter.session)}; power by number of dishes: ${all})`;
}

function footer({ sha256, design }: Plan, folder: string): string {
  const blind = design.blind
    ? " Arms are letters; key.json has their names, and whoever runs and reads the sessions leaves it closed."
    : "";
  return `${stdoutPaint().dim(`SHA-256 ${sha256}`)}\nplan: ${folder}/plan.json.${blind}\nNext: wetgrad experiment session ${folder} 1 --rehearse`;
}

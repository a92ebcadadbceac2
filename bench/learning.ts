/**
 * What stimulation alone teaches a culture, by who chooses the writes: accuracy on held-out data by electrode counts, no writes,
 * no model; means over seeds with 95 % intervals, and differences from the first arm paired by seed. Each arm begins from the
 * same grown and quieted culture; there is no babbling, for no emulator takes part.
 *
 * Settings, in the environment: WETGRAD_BENCH_SERIES (henon,laser,noisy-cycle), WETGRAD_BENCH_ARMS (method:arm, ...),
 * WETGRAD_BENCH_SEEDS (101-108), WETGRAD_BENCH_OPTIONS (JSON over the settings below: rule, scaffold, passes, margin, reading, ...).
 * Rows are kept, so that a run that was stopped goes on.
 */
import { organoidConfig } from "../src/experiment/organoid/config.ts";
import { planOf } from "../src/experiment/plans.ts";
import { pairedDifference } from "../src/math/comparison/paired.ts";
import { bootstrapInterval } from "../src/math/interval.ts";
import { keptUnder } from "./kept.ts";
import { openSubject, type Row, type Subject, teach } from "./learning/row.ts";

const settings = {
  preset: "default",
  rule: "depression-dominated",
  cycles: 12,
  passes: 3,
  ...JSON.parse(process.env["WETGRAD_BENCH_OPTIONS"] ?? "{}"),
};
const names = (name: string, standard: string) => (process.env[name] ?? standard).split(",");
const SERIES = names("WETGRAD_BENCH_SERIES", "henon,laser,noisy-cycle");
const ARMS = names(
  "WETGRAD_BENCH_ARMS",
  ["descent", "hand", "signed-hand", "always", "random"].map((arm) => `learned-descent:${arm}`).join(),
);
const SEEDS = seedsOf(process.env["WETGRAD_BENCH_SEEDS"] ?? "101-108");

export async function run(): Promise<object> {
  const found = [];
  for (const series of SERIES) {
    const rows = new Map<string, Row[]>(ARMS.map((arm) => [arm, []]));
    for (const seed of SEEDS) {
      let subject: Subject | undefined;
      for (const arm of ARMS) {
        const [method, name] = arm.split(":");
        const plan = planOf({
          kind: "organoid",
          config: organoidConfig.parse({ ...settings, series, method, arms: [name] }),
        });
        const row = await keptUnder("learning", { series, arm, seed, ...settings }, async () => {
          subject ??= await openSubject(plan, seed);
          return teach({ ...subject, plan }, name);
        });
        console.error(JSON.stringify({ series, arm, seed, ...row }));
        rows.get(arm)?.push(row);
      }
    }
    found.push({ series, arms: summaryOf(rows) });
  }
  return { settings, seeds: SEEDS, found };
}

function summaryOf(rows: ReadonlyMap<string, readonly Row[]>) {
  const [first = []] = rows.values();
  const of = (some: readonly Row[]) => some.map(({ accuracy }) => accuracy);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return Object.fromEntries(
    [...rows].map(([arm, some]) => [
      arm,
      {
        accuracy: bootstrapInterval(of(some)),
        firstMinusThis: pairedDifference(of(first), of(some)),
        presentations: mean(some.map(({ presentations }) => presentations)),
        written: mean(some.map(({ written }) => written)),
        seconds: mean(some.map(({ seconds }) => seconds)),
      },
    ]),
  );
}

/** `1,2,101-104` */
function seedsOf(text: string): number[] {
  return text.split(",").flatMap((part) => {
    const [from, to = from] = part.split("-").map(Number);
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
}

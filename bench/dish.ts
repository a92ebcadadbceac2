/**
 * The experiment as a laboratory could run it: what cultures alone have right, by electrode counts, under ideal conditions and under those
 * of a dish, by how far its tissue scales itself down (docs/dish.md); how many dishes tell that from sham; and the published cart-pole.
 *
 * Then the same protocol on a tissue that nothing was chosen on (bench/dish/second-tissue.ts).
 *
 * WETGRAD_BENCH_SEEDS (default 101-108), WETGRAD_BENCH_SERIES, WETGRAD_BENCH_ARMS, WETGRAD_BENCH_LIMITS, WETGRAD_BENCH_PLACES
 * ("none": no cart-pole), WETGRAD_BENCH_SECOND (arms of the second tissue; "none": without it). Runs are kept below WETGRAD_BENCH_CACHE, so that a bench that was stopped goes on.
 */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CartpoleConfig, cartpoleConfig } from "../src/cartpole/config.ts";
import { runCartpole } from "../src/cartpole/run.ts";
import { designFile } from "../src/experiment/design/file.ts";
import { dishesFor, scatterOf } from "../src/experiment/design/power.ts";
import { organoidConfig } from "../src/experiment/organoid/config.ts";
import { dishDefaults } from "../src/experiment/organoid/dish-defaults.ts";
import { runOrganoid } from "../src/experiment/organoid/run.ts";
import { secondTissue } from "./dish/second-tissue.ts";

const names = (name: string, standard: string) => (process.env[name] ?? standard).split(",");
const [FIRST, LAST] = names("WETGRAD_BENCH_SEEDS", "101-108")[0].split("-").map(Number);
const SERIES = names("WETGRAD_BENCH_SERIES", "noisy-cycle,henon");
const ARMS = names("WETGRAD_BENCH_ARMS", "descent,yoked,random,sham");
const LIMITS = names("WETGRAD_BENCH_LIMITS", "0.4,0.6,1").map(Number);
const SECOND = names("WETGRAD_BENCH_SECOND", "teacher,teacher@10,descent@10,random@10,sham");
const PLACES = names("WETGRAD_BENCH_PLACES", "square,ranked");
const CACHE = process.env["WETGRAD_BENCH_CACHE"] ?? join(tmpdir(), "wetgrad-bench-dish");
/** A difference from sham, in percentage points, and how often it is to be found. */
const [EFFECT, POWER] = [0.1, 0.8];
const KEPT = { wetgradVersion: "bench" };

type Shares = Record<
  string,
  { accuracy: number; ci95: readonly [number, number]; perSeed: readonly number[] }
>;

export async function run(): Promise<object> {
  const conditions: Record<string, Record<string, Shares>> = {};
  for (const series of SERIES) {
    conditions[series] = { ideal: await shares(series, {}) };
    for (const scalingLimit of LIMITS)
      conditions[series][`dish, limit ${scalingLimit}`] = await shares(series, {
        conditions: "dish",
        scalingLimit,
      });
  }
  const cartpole: Record<string, object> = {};
  for (const places of PLACES) {
    const parsed = cartpoleConfig.shape.places.safeParse(places);
    if (parsed.success) cartpole[places] = await cartpoleOn(parsed.data);
  }
  const second: Record<string, object> = {};
  for (const series of SECOND[0] === "none" ? [] : SERIES)
    second[series] = await secondTissue({
      series,
      seeds: Array.from({ length: LAST - FIRST + 1 }, (_, i) => FIRST + i),
      arms: SECOND,
    });
  return {
    conditions,
    secondTissue: second,
    power: Object.fromEntries(SERIES.map((series) => [series, powerOf(conditions[series])])),
    cartpole,
  };
}

async function shares(series: string, conditions: object): Promise<Shares> {
  const { seeds: _, arms: __, ...dish } = dishDefaults;
  const config = organoidConfig.parse({
    ...("conditions" in conditions ? dish : {}),
    ...{ series, seeds: LAST - FIRST + 1, firstSeed: FIRST, arms: ARMS, codes: ["assigned"], ...conditions },
  });
  const folder = join(CACHE, [series, ...Object.values(conditions)].join("-"));
  const { report } = await runOrganoid(config, folder, KEPT);
  const [{ arms, retention }] = report.series;
  const after = Object.fromEntries(
    Object.entries(retention?.arms ?? {}).map(([arm, probe]) => [
      `${arm}, ${config.retentionSeconds} s later`,
      { probe },
    ]),
  );
  const found = Object.fromEntries(
    Object.entries({ ...arms, ...after }).flatMap(
      ([
        arm,
        {
          probe: { countAccuracy: counts },
        },
      ]) => (counts ? [[arm, { accuracy: counts.mean, ci95: counts.ci95, perSeed: counts.perSeed }]] : []),
    ),
  );
  console.error(`bench dish: ${folder} ${JSON.stringify(found)}`);
  return found;
}

function powerOf(conditions: Record<string, Shares>): object | null {
  const shares = Object.entries(conditions).find(([name]) => name.startsWith("dish"))?.[1];
  if (!shares?.["descent"] || !shares["sham"]) return null;
  const scatter = scatterOf([shares["descent"].perSeed, shares["sham"].perSeed]);
  const dishes = [0, 1].map((seed) => ({ name: String(seed), seed }));
  const design = designFile.parse({ name: "power", arms: ["descent", "sham"], dishes });
  return { effect: EFFECT, power: POWER, scatter, ...dishesFor(design, EFFECT, scatter, POWER) };
}

async function cartpoleOn(places: CartpoleConfig["places"]): Promise<object> {
  const config = cartpoleConfig.parse({ places, seeds: LAST - FIRST + 1, firstSeed: FIRST });
  const { arms } = await runCartpole(config, { folder: join(CACHE, `cartpole-${places}`), ...KEPT });
  return Object.fromEntries(
    Object.entries(arms).map(([arm, { test, rested, blocked, behindDescent }]) => [
      arm,
      {
        ...{ over100: test.over100.mean, ci95: test.over100.ci95, stepsPerFall: test.stepsPerFall.mean },
        ...(rested && { rested: rested.over100.mean }),
        ...(blocked && { blocked: blocked.over100.mean }),
        ...(behindDescent && { descentMinusIt: behindDescent }),
      },
    ]),
  );
}

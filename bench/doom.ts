/**
 * A vat that plays Doom: what the engine costs, and what vats come to in its arenas beside their controls and players without tissue.
 * The vats' seeds (1 to 8) are not those that settings were tried on (101 and above). Each run is a folder below
 * WETGRAD_BENCH_CACHE, so that a bench that was stopped goes on; WETGRAD_BENCH_DOOM names the runs, all if not given ("engine" for
 * none). All runs: about an hour and a half on two cores.
 */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installedDoom } from "../src/engines/installed.ts";
import { type VatConfig, vatConfig } from "../src/experiment/vat/config.ts";
import { runVat } from "../src/experiment/vat/run.ts";
import type { Interval } from "../src/math/interval.ts";
import type { VatReport } from "../src/report/schema.ts";
import { measureEngine } from "./doom/engine.ts";

/** Of each run what it has beside the settings that all share. */
const RUNS: Readonly<Record<string, Partial<VatConfig>>> = {
  centre: {
    critics: true,
    arms: ["descent", "teacher", "yoked", "random", "frozen", "sham", "feedback"],
  },
  gather: { arena: "gather", lives: 10, arms: ["descent", "teacher", "yoked", "random", "sham"] },
  corridor: { arena: "corridor", lives: 10, arms: ["descent", "teacher", "yoked", "random", "sham"] },
  retina: { perception: "retina", arms: ["descent", "sham"] },
  pixels: { perception: "pixels", arms: ["descent", "sham"] },
  split: { view: "split", arms: ["descent", "unconnected", "sham"] },
};

const SHARED = {
  task: "doom",
  brains: 8,
  neurons: 400,
  firstSeed: 1,
  seeds: 8,
  cycles: 1,
  presentations: 400,
  probeTrials: 6000,
  babbleTrials: 300,
  lives: 20,
};

export async function run() {
  const doom = installedDoom();
  const engine = measureEngine(doom);
  console.error(JSON.stringify(engine));
  const wanted = process.env["WETGRAD_BENCH_DOOM"]?.split(",") ?? Object.keys(RUNS);
  const found: Record<string, object> = {};
  for (const [name, own] of Object.entries(RUNS)) {
    if (!wanted.includes(name)) continue;
    console.error(`bench doom: ${name} ...`);
    found[name] = await figuresOf({ ...SHARED, ...own, engine: doom.build }, name);
    console.error(JSON.stringify(found[name]));
  }
  return { engine, arenas: found };
}

async function figuresOf(config: object, name: string): Promise<object> {
  const cache = process.env["WETGRAD_BENCH_CACHE"] ?? join(tmpdir(), "wetgrad-bench-doom");
  const { report } = await runVat(vatConfig.parse(config), join(cache, name), { wetgradVersion: "bench" });
  return summaryOf(report);
}

/** By arm and player: what is counted in a life, and of arms the share of right moves by electrode counts. */
export function summaryOf({ vat, game }: VatReport): object {
  const [metric] = vat.mainMetrics;
  const row = (scores: VatReport["vat"]["arms"][string]["after"]) => ({
    [metric]: meanOf(scores[metric]),
    ci95: scores[metric]?.ci95,
    perSeed: scores[metric]?.perSeed,
    ...(scores.counts ? { rightMove: scores.counts.mean } : {}),
    ...(scores.itemsPerLife && metric !== "itemsPerLife" ? { itemsPerLife: scores.itemsPerLife.mean } : {}),
  });
  const arms = Object.entries(vat.arms).map(([arm, { after }]) => [arm, row(after)]);
  const before = vat.arms["descent"] ? [["before", row(vat.arms["descent"].before)]] : [];
  return {
    ...Object.fromEntries([...arms, ...before]),
    policies: Object.fromEntries(
      Object.entries(game?.opponents ?? {}).map(([who, scores]) => [who, row(scores)]),
    ),
  };
}

const meanOf = (interval: Interval | undefined) => interval?.mean;

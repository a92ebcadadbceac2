/**
 * How fast a wiring diagram lives, and whether every spike is Brian2's: the larva's brain, and tables of a fly's and a male fly's size
 * with the larva's distributions, at sparse and dense drive. Best of many warm runs on one core, with the first beside it. And whether
 * the larva learns which of two odours is punished, arm by arm, and with changed wirings.
 *
 * WETGRAD_BENCH_WIRING: the model (the larva's archive, or any wiring diagram; default ../shared/wiring). WETGRAD_BENCH_SIZES: larva,
 * fly, male with commas between, or none. WETGRAD_BENCH_LESSON: pairs of odours x seeds of the lesson (8x8), or 0. Brian2 runs in its C++ standalone mode where it is installed, with the compiling left out.
 */
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ODOURS_DEFAULTS } from "../src/odours/punished/config.ts";
import type { ConditionReport } from "../src/odours/punished/report.ts";
import { runOdours } from "../src/odours/punished/run.ts";
import { SYMBOLS_DEFAULTS } from "../src/odours/symbols/config.ts";
import { runSymbolsExperiment } from "../src/odours/symbols/run.ts";
import { generateWiring } from "../src/wiring/change/generate.ts";
import { drivingConnections, type Wiring } from "../src/wiring/contract.ts";
import { loadWiring } from "../src/wiring/file/load.ts";
import { saveWiring } from "../src/wiring/file/save.ts";
import { readWiring } from "../src/wiring/layouts/read.ts";
import { selectCells } from "../src/wiring/select.ts";
import { brian2Spikes, whyNoWiringBrian2 } from "./wiring/brian2.ts";
import { inChromium } from "./wiring/chromium.ts";
import { type Drive, driveOf, hasSame, simulate } from "./wiring/drive.ts";

const LARVA = "../shared/wiring/larval-drosophila-s1.zip";
const REPEATS = 25;

interface Size {
  readonly name: string;
  readonly cells?: number;
  readonly connections?: number;
  /** Cells that are driven, and how often. */
  readonly drives: readonly (readonly [number | string, number])[];
}

const SIZES: readonly Size[] = [
  { name: "larva", drives: [["sensory olfactory", 150]] },
  {
    name: "fly",
    cells: 138_639,
    connections: 15_091_983,
    drives: [
      [100, 100],
      [200, 150],
    ],
  },
  {
    name: "male",
    cells: 166_700,
    connections: 25_582_938,
    drives: [
      [100, 50],
      [100, 100],
    ],
  },
];

export async function run(): Promise<object> {
  const path = process.env["WETGRAD_BENCH_WIRING"] ?? LARVA;
  if (!existsSync(path))
    throw new Error(`bench wiring: expected a wiring diagram at ${path}; name one with WETGRAD_BENCH_WIRING`);
  const model = await readWiring(path);
  const wanted = process.env["WETGRAD_BENCH_SIZES"]?.split(",");
  const missing = whyNoWiringBrian2();
  if (missing !== null) console.error(`bench wiring: no Brian2 figures: ${missing}`);
  const sizes: object[] = [];
  const match = { spikes: 0, equal: 0 };
  for (const size of SIZES.filter(({ name }) => wanted?.includes(name) ?? true)) {
    const { wiring, loadSeconds, fileBytes } = stored(size, model);
    for (const [cells, rateHz] of size.drives) {
      const driven =
        typeof cells === "number"
          ? Int32Array.from({ length: cells }, (_, cell) => cell)
          : selectCells(wiring, cells);
      const drive = driveOf(driven, rateHz, 1);
      const figures = {
        name: size.name,
        neurons: wiring.names.length,
        connections: drivingConnections(wiring).targets.length,
        ...timed(wiring, drive),
        loadSeconds,
        fileBytes,
      };
      const brian2 = missing === null ? brian2Figures(wiring, drive, match) : { brian2RealTimeFactor: null };
      const browser =
        size.name === "fly" && sizes.every((done) => (done as { name: string }).name !== "fly")
          ? { browser: await inChromium(wiring, drive) }
          : {};
      sizes.push({ ...figures, drive: `${driven.length} cells at ${rateHz} Hz`, ...brian2, ...browser });
      console.error(`bench wiring: ${JSON.stringify(sizes.at(-1))}`);
    }
  }
  const larva = await lesson(model, process.env["WETGRAD_BENCH_LESSON"] ?? "8x8");
  return { match, sizes, ...(larva && { larva }) };
}

/** Null where it is not asked for, or the model has no mushroom body with the larva's names. */
async function lesson(model: Wiring, size: string): Promise<object | null> {
  const [pairs, seeds] = size.split("x").map(Number);
  if (!(pairs > 0 && seeds > 0)) return null;
  const folder = mkdtempSync(join(tmpdir(), "wetgrad-bench-"));
  const path = join(folder, "larva.safetensors");
  try {
    saveWiring(path, model);
    const config = { ...ODOURS_DEFAULTS, pairs, seeds };
    const onProgress = (done: number, total: number, message: string) => {
      if (done % 64 === 0) console.error(`bench wiring: lesson ${done} of ${total}: ${message}`);
    };
    const { conditions, workingPoints, verdict } = await runOdours(config, {
      path,
      folder: join(folder, "run"),
      onProgress,
    });
    const rows = (of: (condition: ConditionReport) => string | undefined) =>
      Object.fromEntries(
        conditions.flatMap((condition) => {
          const name = of(condition);
          return name === undefined
            ? []
            : [
                [
                  `${name}, ${condition.readout}`,
                  { right: condition.right.mean, ci95: condition.right.ci95 },
                ],
              ];
        }),
      );
    return {
      arms: rows(({ wiring, arm }) => (wiring === "real" ? arm : undefined)),
      wiring: rows(({ wiring, arm }) =>
        wiring === "real" ? undefined : `${wiring}${arm === "teacher" ? "" : ` ${arm}`}`,
      ),
      workingPoint: workingPoints["real"],
      verdict,
      ...(await symbolsOf(path, folder, seeds)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Symbols by arm, and descent on changed wirings and without a brain. */
async function symbolsOf(path: string, folder: string, seeds: number): Promise<object> {
  const { arms, changed, verdict } = await runSymbolsExperiment(
    { ...SYMBOLS_DEFAULTS, seeds },
    { path, folder: join(folder, "symbols") },
  );
  const rows = (all: readonly (readonly [string, { mean: number; ci95: readonly [number, number] }])[]) =>
    Object.fromEntries(all.map(([name, { mean, ci95 }]) => [name, { right: mean, ci95 }]));
  return {
    symbols: rows(arms.map(({ arm, right }) => [arm, right])),
    symbolsWiring: rows(changed.map(({ wiring, right }) => [wiring, right])),
    symbolsVerdict: verdict,
  };
}

/** The wiring as it is when it was written and read again. */
function stored(
  { cells, connections }: Size,
  model: Wiring,
): { wiring: Wiring; loadSeconds: number; fileBytes: number } {
  const folder = mkdtempSync(join(tmpdir(), "wetgrad-bench-"));
  const path = join(folder, "wiring.safetensors");
  try {
    const made =
      cells === undefined
        ? model
        : generateWiring(model, { cells, connections: connections!, seed: 1, near: 0.9 });
    saveWiring(path, made);
    let loadSeconds = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 3; i++) {
      const started = performance.now();
      loadWiring(path);
      loadSeconds = Math.min(loadSeconds, (performance.now() - started) / 1000);
    }
    return { wiring: loadWiring(path), loadSeconds, fileBytes: statSync(path).size };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function timed(wiring: Wiring, drive: Drive): object {
  const runs = Array.from({ length: REPEATS }, () => simulate(wiring, drive));
  const [first, ...warm] = runs.map(({ seconds }) => seconds);
  const best = Math.min(...warm);
  const { events, active, spikes, engineBytes } = runs[0];
  const perSecond = drive.seconds;
  return {
    active,
    spikes: spikes.length / 2,
    eventsPerSecond: events / perSecond,
    realTimeFactor: perSecond / best,
    firstRealTimeFactor: perSecond / first,
    nanosecondsPerEvent: (best * 1e9) / events,
    engineBytes,
    bytes: process.memoryUsage().rss,
  };
}

function brian2Figures(wiring: Wiring, drive: Drive, match: { spikes: number; equal: number }): object {
  const brian2 = brian2Spikes(wiring, drive);
  const equal = hasSame(simulate(wiring, drive).spikes, brian2.spikes);
  match.spikes += brian2.spikes.length / 2;
  match.equal += equal;
  return {
    brian2RealTimeFactor: drive.seconds / Math.min(...brian2.wallSeconds),
    brian2Bytes: brian2.peakBytes,
    brian2Spikes: brian2.spikes.length / 2,
    equalSpikes: equal,
  };
}

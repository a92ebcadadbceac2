/** One size of scale.ts: row.js NEURONS SCAFFOLD SECONDS. Prints its row as JSON. */
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Culture } from "../../src/culture/culture.ts";
import type { GrownCulture } from "../../src/culture/growth/grow.ts";
import { loadCulture, saveCulture } from "../../src/culture/saved/saved.ts";
import { openDevice } from "../../src/device/gate/open.ts";
import { recordSpontaneous } from "../../src/device/protocols/spontaneous.ts";
import { growOn, growSimulated } from "../../src/device/simulated/grow.ts";
import type { ScaffoldName } from "../../src/device/simulated/scaffolds.ts";
import { describeActivity } from "../../src/recording/statistics/activity.ts";
import { runBrian2, whyNoBrian2 } from "../cuba-brian2.ts";
import type { ScaleRow } from "./scale.ts";
import { inFolder, wallSeconds, writeArrays } from "./tools.ts";

/** Lived before anything is timed: settling, and compiling of the kernel. */
const SETTLE_SECONDS = 3;
const TIMED_SECONDS = 5;
const REPEATS = 3;
/** Above this, Brian2's compiling and its 20 bytes and more a synapse take too long. */
const MOST_FOR_BRIAN2 = 30_000;
const SEED = 1;
const DIV = 21;

const neurons = Number(process.argv[2]);
const scaffold = process.argv[3] as ScaffoldName;
const seconds = Number(process.argv[4]);
const threads = Number(process.env["WETGRAD_BENCH_THREADS"] ?? availableParallelism());

let grown!: GrownCulture;
const growSeconds = wallSeconds(() => {
  grown = growOn(scaffold, { seed: SEED, div: DIV, neurons });
});
let culture!: Culture;
const loadSeconds = inFolder((folder) => {
  const path = join(folder, "culture.safetensors");
  saveCulture(path, grown);
  return wallSeconds(() => {
    const { anatomy, parameters } = loadCulture(path);
    culture = new Culture(anatomy, parameters, SEED);
  });
});
const used = culture.useThreads(threads);
await sleep(500);
const steps = (s: number) => Math.round((s * 1000) / culture.stepMs);
culture.advance(steps(SETTLE_SECONDS));
let spikes = 0;
const walls = Array.from({ length: REPEATS }, () =>
  wallSeconds(() => {
    spikes += culture.advance(steps(TIMED_SECONDS)).steps.length;
  }),
);
const bytes = process.resourceUsage().maxRSS * 1024;

const device = openDevice(growSimulated({ scaffold, grown, seed: SEED, div: DIV, neurons, threads }));
await device.read(20 * device.profile.framesPerSecond);
const { networkBursts: _, ...statistics } = describeActivity(await recordSpontaneous(device, seconds));
await device.close();

const row: ScaleRow = {
  neurons,
  synapses: grown.anatomy.synapses.pre.length,
  scaffold,
  growSeconds,
  loadSeconds,
  realTimeFactor: TIMED_SECONDS / Math.min(...walls),
  threads: used,
  meanRateHz: spikes / neurons / (REPEATS * TIMED_SECONDS),
  bytes,
  brian2RealTimeFactor: neurons <= MOST_FOR_BRIAN2 && whyNoBrian2() === null ? brian2Factor() : null,
  statistics,
};
console.log(JSON.stringify(row));
process.exit(0);

function brian2Factor(): number {
  const { anatomy, parameters } = grown;
  const { pre, post, delayMs, weight } = anatomy.synapses;
  const brianSeconds = 2;
  const { wallSeconds: brianWalls } = inFolder((folder) => {
    writeArrays(folder, { "pre.i32": Int32Array.from(pre), "post.i32": Int32Array.from(post) });
    writeArrays(folder, { "delayMs.f32": delayMs, "weight.f32": weight });
    return runBrian2(folder, {
      network: "culture",
      plastic: true,
      parameters: { ...parameters, homeostasis: { ...parameters.homeostasis, normalise: false } },
      neurons,
      excitatoryCount: anatomy.excitatoryCount,
      seconds: brianSeconds,
      repeats: 2,
    });
  });
  return brianSeconds / Math.min(...brianWalls);
}

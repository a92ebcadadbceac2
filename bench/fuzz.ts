/**
 * Damaged files for every reader of recordings: 10,000 each, seeded. Each must be a correct read or one clear line;
 * anything else (another exception, a stack trace, a hang of 20 s, a crash, more than 1 s of processor and 1 us a byte) is a
 * fault. Memory is that of the thread after a tenth of the files and at the end, garbage collected; and the most that the
 * process held beyond what it held before the first file. Then large files, each in a process of its own: what they take.
 *
 * WETGRAD_BENCH_FILES: files per reader (default 10000); WETGRAD_BENCH_READERS, WETGRAD_BENCH_LARGE: names with commas between.
 */
import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import { boundsOfLarge } from "./fuzz/bounds.ts";
import { fuzzedReaders } from "./fuzz/readers.ts";
import type { FuzzResult, FuzzWork } from "./fuzz/worker.ts";

const SEED = 1;
const HANG_MS = 20_000;
const KINDS = 8;

export async function run(): Promise<object> {
  setFlagsFromString("--expose-gc");
  const files = Number(process.env["WETGRAD_BENCH_FILES"] ?? 10_000);
  const wanted = process.env["WETGRAD_BENCH_READERS"]?.split(",");
  const figures: Record<string, object> = {};
  for (const { name } of await fuzzedReaders()) {
    if (wanted && !wanted.includes(name)) continue;
    figures[name] = await fuzzReader(name, files);
    console.error(`bench fuzz: ${name} ${JSON.stringify(figures[name])}`);
  }
  return { ...figures, large: await boundsOfLarge(process.env["WETGRAD_BENCH_LARGE"]?.split(",")) };
}

async function fuzzReader(reader: string, files: number): Promise<object> {
  const started = performance.now();
  const outcomes: FuzzResult["outcomes"][number][] = [];
  let growthMb = 0;
  let heldMb = 0;
  let hangs = 0;
  for (let from = 0; from < files; ) {
    const progress = new SharedArrayBuffer(8);
    const result = await work({ reader, seed: SEED, from, to: files, progress });
    if (result === "hung" || result instanceof Error) {
      // What the thread had found is lost with it: the files before the bad one are done again.
      const bad = Math.max(from, new Float64Array(progress)[0]);
      if (bad > from) {
        const before = await work({ reader, seed: SEED, from, to: bad, progress: new SharedArrayBuffer(8) });
        if (typeof before === "object" && "outcomes" in before) outcomes.push(...before.outcomes);
      }
      if (result === "hung") hangs++;
      outcomes.push({
        kind: "fault",
        error: `file ${bad}: ${result === "hung" ? "no answer in 20 s" : result.message}`,
      });
      from = bad + 1;
      continue;
    }
    outcomes.push(...result.outcomes);
    heldMb = Math.max(heldMb, result.grownBytes / 2 ** 20);
    growthMb = Math.max(growthMb, (result.memoryBytes[1] - result.memoryBytes[0]) / 2 ** 20);
    from = files;
  }
  const count = (kind: string) => outcomes.filter((outcome) => outcome.kind === kind).length;
  const errors = new Map<string, number>();
  for (const outcome of outcomes)
    if (outcome.kind === "refused") errors.set(outcome.error, (errors.get(outcome.error) ?? 0) + 1);
  const sorted = [...errors].sort((a, b) => b[1] - a[1]);
  const faults = outcomes.flatMap((outcome) => (outcome.kind === "fault" ? [outcome.error] : []));
  return {
    files: outcomes.length,
    read: count("read"),
    refused: count("refused"),
    faults: faults.length,
    hangs,
    mostHeldMb: Number(heldMb.toFixed(1)),
    memoryGrowthMb: Number(growthMb.toFixed(2)),
    seconds: Number(((performance.now() - started) / 1000).toFixed(1)),
    kindsOfError: errors.size,
    commonestErrors: Object.fromEntries(sorted.slice(0, KINDS)),
    ...(faults.length > 0 ? { firstFaults: faults.slice(0, 5) } : {}),
  };
}

function work(workerData: FuzzWork): Promise<FuzzResult | "hung" | Error> {
  const worker = start(workerData);
  return new Promise((resolve) => {
    const at = new Float64Array(workerData.progress);
    at[0] = -1; // until it has started, which takes its time on a busy machine
    let [last, since] = [-1, performance.now()];
    const watch = setInterval(() => {
      if (at[0] !== last) [last, since] = [at[0], performance.now()];
      else if (last >= 0 && performance.now() - since > HANG_MS) finish("hung");
    }, 500);
    const finish = (result: FuzzResult | "hung" | Error) => {
      clearInterval(watch);
      worker.removeAllListeners(); // ending it is an exit, too
      void worker.terminate().then(() => resolve(result));
    };
    worker.once("message", finish).once("error", finish);
    worker.once("exit", (code) => finish(new Error(`the thread ended with code ${code}`)));
  });
}

/** From the build the worker is plain JavaScript; from source it is loaded through tsx. */
function start(workerData: FuzzWork): Worker {
  if (!import.meta.url.endsWith(".ts"))
    return new Worker(new URL("./fuzz/worker.js", import.meta.url), { workerData });
  const url = JSON.stringify(new URL("./fuzz/worker.ts", import.meta.url));
  const load = `import("tsx/esm/api").then(({ register }) => (register(), import(${url})))`;
  return new Worker(load, { workerData, eval: true });
}

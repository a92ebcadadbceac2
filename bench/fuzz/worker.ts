/** Fuzzes one reader in a thread that can be ended if it hangs. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { fuzzOnce, type Outcome } from "./fuzz.ts";
import { fuzzedReaders } from "./readers.ts";

export interface FuzzWork {
  readonly reader: string;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  /** Float64: the number of the file being read. */
  readonly progress: SharedArrayBuffer;
}

export interface FuzzResult {
  readonly outcomes: readonly Outcome[];
  /** Heap and external memory after the first tenth and at the end, garbage collected. */
  readonly memoryBytes: readonly [number, number];
  /** The most that the process held at the end of a file, beyond what it held before the first. */
  readonly grownBytes: number;
}

const { reader: name, seed, from, to, progress } = workerData as FuzzWork;
const at = new Float64Array(progress);
const folder = mkdtempSync(join(tmpdir(), "wetgrad-fuzz-"));
const reader = (await fuzzedReaders()).find((candidate) => candidate.name === name)!;
const outcomes: Outcome[] = [];
let warm = 0;
let grownBytes = 0;
const { rss: atFirst } = process.memoryUsage();
for (let index = from; index < to; index++) {
  at[0] = index;
  outcomes.push(await fuzzOnce(reader, folder, seed, index));
  grownBytes = Math.max(grownBytes, process.memoryUsage().rss - atFirst);
  if (index === from + Math.floor((to - from) / 10)) warm = memory();
}
const result: FuzzResult = { outcomes, memoryBytes: [warm, memory()], grownBytes };
rmSync(folder, { recursive: true, force: true });
parentPort!.on("message", () => {}); // stays until it is ended, so that the result arrives
parentPort!.postMessage(result);

function memory(): number {
  for (let i = 0; i < 3; i++) (globalThis as { gc?: () => void }).gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/**
 * Sparse features: what finding them is worth on toy worlds and on hidden assemblies, which features of real recordings are found again
 * and not in surrogates, and how targeted writes to them are. WETGRAD_BENCH_WORLDS, WETGRAD_BENCH_CULTURES: how many of each.
 */
import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { amplify } from "../src/features/amplify/experiment.ts";
import { benchAssemblies } from "../src/features/bench/assemblies.ts";
import { benchToy } from "../src/features/bench/run-toy.ts";
import type { Method } from "../src/features/contract.ts";
import { fitToRecording } from "../src/features/fit-recording.ts";
import { openRecording } from "../src/recording/open.ts";
import { recordingFiles } from "./kept.ts";

const WORLDS = Number(process.env["WETGRAD_BENCH_WORLDS"] ?? 3);
const CULTURES = Number(process.env["WETGRAD_BENCH_CULTURES"] ?? 8);
const REAL: readonly Method[] = ["em", "batchtopk", "ica"];

export async function run(): Promise<object> {
  const folder = process.env["WETGRAD_BENCH_CACHE"] ?? join(tmpdir(), "wetgrad-bench-features");
  mkdirSync(folder, { recursive: true });
  const onProgress = (done: number, total: number, message: string) =>
    console.error(`${done} of ${total}: ${message}`);
  const sizes = [128, 256].map((K) => ({ K, worlds: WORLDS }));
  const toy = await benchToy({ folder, sizes, windows: 120_000, onProgress });
  const assemblies = await benchAssemblies({ folder, cultures: CULTURES, windows: 8000, onProgress });
  const written = await amplify({
    ...{ folder, seeds: Array.from({ length: CULTURES }, (_, i) => i + 1), onProgress },
    ...{ method: "em", features: 64, amplified: 5, down: false, windows: 6000 },
    ...{ doses: [1, 2, 4, 8], repeats: 25, writes: 600, probes: 60 },
  });
  return {
    toy: toy.rows,
    tuned: toy.tuned,
    assemblies,
    real: await realRecordings(folder, onProgress),
    amplify: Object.fromEntries(
      written.rows
        .filter(({ dose }) => dose === 4)
        .map(({ arm, targetSd, leak }) => [
          arm,
          { targetSd, leak, ...written.selectivity.find((row) => row.arm === arm) },
        ]),
    ),
    loop: written.loop,
    lasting: written.lasting,
    task: written.task,
  };
}

/** The dishes that were recorded on several days, each day by itself. */
async function realRecordings(
  folder: string,
  onProgress: (done: number, total: number, message: string) => void,
) {
  const { files } = recordingFiles();
  const days = files.filter((path) => /g2chvc/.test(path));
  const rows = [];
  for (const [i, path] of days.entries())
    for (const method of REAL) {
      const recording = await openRecording(path);
      try {
        const found = await fitToRecording(
          recording,
          path,
          join(folder, "real", `${basename(path)}-${method}`),
          {
            ...{ method, features: 24, seed: 1, restarts: 5, surrogates: 5, windowSeconds: 0.1 },
          },
        );
        rows.push({
          ...{ recording: recording.name, method, kept: found.kept, of: found.features.length },
          ...{ seeds: found.betweenRestarts, surrogate: found.withSurrogates },
          betweenSurrogates: found.betweenSurrogates,
        });
      } finally {
        recording.close();
      }
      onProgress(i + 1, days.length, `${basename(path)} ${method}`);
    }
  return rows;
}

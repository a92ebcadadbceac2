/**
 * Cultures of 1,000 to 100,000 neurons at one density, grown, saved, loaded and living with plasticity at their resting rates. Each size is
 * a process of its own (row.ts), so that its memory is known.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { ScaffoldName } from "../../src/device/simulated/scaffolds.ts";
import type { ActivityStatistics } from "../../src/recording/statistics/activity.ts";

export interface ScaleRow {
  readonly neurons: number;
  readonly synapses: number;
  readonly scaffold: ScaffoldName;
  readonly growSeconds: number;
  /** From the file to a culture that can live. */
  readonly loadSeconds: number;
  readonly realTimeFactor: number;
  readonly threads: number;
  /** Mean over all cells. */
  readonly meanRateHz: number;
  /** The most memory that the process held. */
  readonly bytes: number;
  /** Of the same network without normalisation, which Brian2's C++ mode has no counterpart for. */
  readonly brian2RealTimeFactor: number | null;
  readonly statistics: Omit<ActivityStatistics, "label">;
}

/** Neurons, the array that they lie around, and how long they are listened to. */
const SIZES: readonly (readonly [number, ScaffoldName, number])[] = [
  [1000, "mea64", 60],
  [4000, "mea256", 60],
  [10_000, "mea256", 60],
  [30_000, "hd1024", 60],
  [100_000, "hd1024", 30],
];

/** WETGRAD_BENCH_SIZES=10000,30000 leaves the others out; WETGRAD_BENCH_THREADS=1 sets the threads. */
export function scaleRows(): ScaleRow[] {
  const wanted = process.env["WETGRAD_BENCH_SIZES"]?.split(",").map(Number);
  const row = ["./row.js", "./row.ts"].map((name) => fileURLToPath(new URL(name, import.meta.url)));
  const script = import.meta.url.endsWith(".ts") ? row[1] : row[0];
  return SIZES.filter(([neurons]) => wanted?.includes(neurons) ?? true).map(
    ([neurons, scaffold, seconds]) => {
      console.error(`bench culture: ${neurons} neurons on ${scaffold} ...`);
      const { status, stdout } = spawnSync(
        process.execPath,
        [...process.execArgv, script, `${neurons}`, scaffold, `${seconds}`],
        { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"], maxBuffer: 1 << 26 },
      );
      if (status !== 0) throw new Error(`bench culture: ${neurons} neurons ended with ${status}`);
      return JSON.parse(stdout) as ScaleRow;
    },
  );
}

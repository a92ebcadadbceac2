/**
 * How long a run took, over all its lives, and on what: timing.json, the one file in which two runs of the same experiment
 * differ. A run that is done and asked for again adds only what that took.
 */
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { writeWhole } from "../files/whole.ts";

/** In the folder of a run. */
const TIMING_FILE = "timing.json";

/** What two runs of the same experiment do not share: how long they took, and who held the folder. */
export const NOT_SHARED: readonly string[] = [TIMING_FILE, "claim"];

const timing = z.object({
  wallSeconds: z.number(),
  /** Seconds by stage, summed over workers. */
  stages: z.record(z.string(), z.number()),
  peakMemoryMb: z.number(),
  /** Of the last life. */
  processor: z.string(),
  node: z.string(),
});

export type Timing = z.infer<typeof timing>;
/** Of one life of a run. */
export type Took = Pick<Timing, "wallSeconds" | "stages" | "peakMemoryMb">;

/** What is known of a run's folder; null where nothing is, or it cannot be read. */
export function readTiming(folder: string): Timing | null {
  try {
    return timing.parse(JSON.parse(readFileSync(join(folder, TIMING_FILE), "utf8")));
  } catch {
    return null;
  }
}

/** Adds what a life took to those before it. */
export function addTiming(folder: string, took: Took): void {
  const before = readTiming(folder);
  const stages = { ...before?.stages };
  for (const [stage, seconds] of Object.entries(took.stages)) stages[stage] = (stages[stage] ?? 0) + seconds;
  const sum: Timing = {
    wallSeconds: took.wallSeconds + (before?.wallSeconds ?? 0),
    stages,
    peakMemoryMb: Math.max(took.peakMemoryMb, before?.peakMemoryMb ?? 0),
    processor: cpus()[0]?.model.trim() ?? "unknown",
    node: process.version,
  };
  writeWhole(join(folder, TIMING_FILE), `${JSON.stringify(sum, null, 2)}\n`);
}

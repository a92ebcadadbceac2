/**
 * An experiment in parts: a shard runs some of its seeds, on any machine, as a run of its own; merged, shards are the report that the
 * whole would have been.
 */
import { isDeepStrictEqual } from "node:util";
import { writeReport } from "../../report/files.ts";
import { RunError } from "../error.ts";
import { taskOf } from "../job/setup.ts";
import type { RunResult } from "../organoid/run.ts";
import { planOf } from "../plans.ts";
import { buildReport } from "../report/series.ts";
import { readRun } from "./read-run.ts";

/** Writes the report of the whole into `out`. Throws `RunError` with the first thing that does not fit. */
export async function mergeShards(
  folders: readonly string[],
  out: string,
  wetgradVersion: string,
): Promise<RunResult> {
  const shards = (await Promise.all(folders.map(readRun))).sort(
    (a, b) => a.config.firstSeed - b.config.firstSeed,
  );
  const [first] = shards;
  if (!first) throw new RunError("merge: expected the folders of runs, got none");
  let next = first.config.firstSeed;
  for (const { folder, config } of shards) {
    const whole = { ...config, seeds: first.config.seeds, firstSeed: first.config.firstSeed };
    if (!isDeepStrictEqual(whole, first.config))
      throw new RunError(
        `${folder}: expected the experiment of ${first.folder} on other seeds, got another (${differing(whole, first.config)} differs); merge what belongs together`,
      );
    if (config.firstSeed !== next)
      throw new RunError(
        `${folder}: expected seeds from ${next} on, got those from ${config.firstSeed}; a part is missing, or given twice`,
      );
    next += config.seeds;
  }
  const config = { ...first.config, seeds: next - first.config.firstSeed };
  const task = (await taskOf(planOf({ kind: "organoid", config })))(config.firstSeed);
  const outcomes = shards.flatMap((shard) => shard.outcomes);
  const report = buildReport(outcomes, { config, wetgradVersion, task });
  return { folder: out, report, paths: writeReport(out, report) };
}

function differing(a: object, b: object): string {
  const of = (config: object) => new Map(Object.entries(config));
  const [left, right] = [of(a), of(b)];
  const names = [...new Set([...left.keys(), ...right.keys()])];
  return names.filter((name) => !isDeepStrictEqual(left.get(name), right.get(name))).join(", ");
}

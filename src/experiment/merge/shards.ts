/**
 * An experiment in parts: a shard runs some of its seeds, on any machine, as a run of its own; merged, shards are the report that the
 * whole would have been.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { writeReport } from "../../report/files.ts";
import { Checkpoints } from "../checkpoints/checkpoint.ts";
import { RunError } from "../error.ts";
import { extensionsSchema } from "../extensions/extension.ts";
import { RUN_FORMAT } from "../folder.ts";
import type { Outcome } from "../job/outcome.ts";
import { taskOf } from "../job/setup.ts";
import { jobsOf } from "../job/work.ts";
import { type OrganoidConfig, organoidConfig } from "../organoid/config.ts";
import type { RunResult } from "../organoid/run.ts";
import { planOf } from "../plans.ts";
import { buildReport } from "../report/series.ts";

interface Shard {
  readonly folder: string;
  readonly config: OrganoidConfig;
  readonly outcomes: readonly Outcome[];
}

/** Writes the report of the whole into `out`. Throws `RunError` with the first thing that does not fit. */
export async function mergeShards(
  folders: readonly string[],
  out: string,
  wetgradVersion: string,
): Promise<RunResult> {
  const shards = (await Promise.all(folders.map(readShard))).sort(
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

const saved = z.object({
  format: z.literal(RUN_FORMAT),
  experiment: z.literal("organoid"),
  with: extensionsSchema.optional(),
  config: organoidConfig,
});

async function readShard(folder: string): Promise<Shard> {
  const path = join(folder, "config.json");
  if (!existsSync(path)) throw new RunError(`${folder}: expected the folder of a run, with its config.json`);
  const read = saved.safeParse(parsed(readFileSync(path, "utf8")));
  if (!read.success)
    throw new RunError(
      `${path}: expected an organoid run of this version, got ${z.prettifyError(read.error)}`,
    );
  const { config } = read.data;
  const checkpoints = new Checkpoints(join(folder, "stages"));
  const outcomes = jobsOf(planOf({ kind: "organoid", config })).map(({ seed, code }) =>
    checkpoints.stage<Outcome>({ seed, code, part: "outcome" }, () => {
      throw new RunError(
        `${folder}: expected a finished run, got one that lacks seed ${seed}, ${code} code; the command that began it continues it`,
      );
    }),
  );
  return { folder, config, outcomes: await Promise.all(outcomes) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function differing(a: object, b: object): string {
  const of = (config: object) => new Map(Object.entries(config));
  const [left, right] = [of(a), of(b)];
  const names = [...new Set([...left.keys(), ...right.keys()])];
  return names.filter((name) => !isDeepStrictEqual(left.get(name), right.get(name))).join(", ");
}

/** A finished run, as it is read to be joined with others. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { Checkpoints } from "../checkpoints/checkpoint.ts";
import { RunError } from "../error.ts";
import { extensionsSchema } from "../extensions/extension.ts";
import { RUN_FORMAT } from "../folder.ts";
import type { Outcome } from "../job/outcome.ts";
import { jobsOf } from "../job/work.ts";
import { type OrganoidConfig, organoidConfig } from "../organoid/config.ts";
import { planOf } from "../plans.ts";

export interface FinishedRun {
  readonly folder: string;
  readonly config: OrganoidConfig;
  readonly outcomes: readonly Outcome[];
}

const saved = z.object({
  format: z.literal(RUN_FORMAT),
  experiment: z.literal("organoid"),
  with: extensionsSchema.optional(),
  config: organoidConfig,
});

/** Throws `RunError` where there is none of this version, or it is not finished. */
export async function readRun(folder: string): Promise<FinishedRun> {
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

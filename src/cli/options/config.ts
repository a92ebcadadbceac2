/** `--config FILE`: the configuration of an earlier run, its own config.json, as what an experiment begins with. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { z } from "zod";
import { faultAt } from "../../experiment/fields/fault.ts";
import type { Experiment } from "../../experiment/plans.ts";
import { UsageError } from "../manners/errors.ts";

export interface ConfigFlags {
  readonly config?: string;
}

export function withConfigOption(command: Command): Command {
  return command.option(
    "--config <file>",
    "begin with the config.json of a run, or its folder; options overrule it",
  );
}

const file = z.strictObject({
  format: z.number().optional(),
  experiment: z.enum(["organoid", "vat"]).optional(),
  with: z.array(z.object({ file: z.string() })).optional(),
  config: z.record(z.string(), z.unknown()),
});

/** The values that the file names, checked; none without `--config`. Throws `UsageError` with the first thing wrong. */
export function savedValues(
  { config: path }: ConfigFlags,
  kind: Experiment["kind"],
  schema: z.ZodObject,
): Record<string, unknown> {
  if (path === undefined) return {};
  const where = `--config ${path}`;
  const { experiment = kind, config } = read(path, where);
  if (experiment !== kind)
    throw new UsageError(
      `${where}: it is of wetgrad ${experiment === "vat" ? "vat run" : experiment}, and this is another command`,
    );
  const issue = schema.safeParse(config).error?.issues[0];
  if (!issue) return config;
  throw new UsageError(`${where}: ${faultAt(issue, { schema, given: config })}`);
}

function read(path: string, where: string): z.infer<typeof file> {
  const named = existsSync(path) && statSync(path).isDirectory() ? join(path, "config.json") : path;
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(named, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code) throw error;
    throw new UsageError(`${where}: expected JSON, got something else`);
  }
  const parsed = file.safeParse(value);
  if (!parsed.success)
    throw new UsageError(
      `${where}: expected the config.json of a run: { "experiment": ..., "config": { ... } }`,
    );
  return parsed.data;
}

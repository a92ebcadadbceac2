/** What a folder of a run holds: which experiment, and its result in a few words. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { extensionsSchema } from "../../experiment/extensions/extension.ts";
import { RUN_FORMAT } from "../../experiment/folder.ts";
import { savedOrganoidConfig } from "../../experiment/organoid/config.ts";
import type { Experiment } from "../../experiment/plans.ts";
import { savedVatConfig } from "../../experiment/vat/config.ts";
import type { MessageOf } from "../protocol.ts";
import { RefusedError } from "./refused.ts";
import { headlineOf } from "./report.ts";

const format = z.literal(RUN_FORMAT);
const savedConfig = z.discriminatedUnion("experiment", [
  z.object({
    format,
    experiment: z.literal("organoid"),
    config: savedOrganoidConfig,
    with: extensionsSchema.optional(),
  }),
  z.object({
    format,
    experiment: z.literal("vat"),
    config: savedVatConfig,
    with: extensionsSchema.optional(),
  }),
]);

/** The run of a folder. Throws `RefusedError`. */
export function readRun(folder: string): Experiment {
  const run = tryRun(folder);
  if (run) return run;
  throw new RefusedError(`${folder}: expected the folder of a run of this version (with its config.json)`);
}

export function tryRun(folder: string): Experiment | null {
  try {
    const saved: unknown = JSON.parse(readFileSync(join(folder, "config.json"), "utf8"));
    const read = savedConfig.safeParse(saved);
    if (!read.success) return null;
    const { experiment, config, with: extensions } = read.data;
    return experiment === "organoid"
      ? { kind: experiment, config, extensions }
      : { kind: experiment, config, extensions };
  } catch {
    return null;
  }
}

type Summary = MessageOf<"runs">["runs"][number];
/** Reports do not change: each is read once. */
const headlines = new Map<string, string>();

export function summaryOf(name: string, folder: string, run: Experiment): Summary {
  const report = join(folder, "report.json");
  const isFinished = existsSync(report);
  const { mtimeMs } = statSync(isFinished ? report : join(folder, "config.json"));
  const key = `${report}:${mtimeMs}`;
  if (isFinished && !headlines.has(key)) headlines.set(key, headlineOf(folder));
  return {
    name,
    state: isFinished ? "finished" : "unfinished",
    modifiedMs: mtimeMs,
    series: subjectOf(run),
    headline: headlines.get(key) ?? "",
  };
}

/** What a run is about. */
export function subjectOf(experiment: Experiment): string {
  return experiment.kind === "vat" ? `vat: ${experiment.config.task}` : experiment.config.series;
}

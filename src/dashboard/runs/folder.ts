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
import { readNote } from "./note.ts";
import { headlineOfReader } from "./readers/report.ts";
import { isReader, type ReaderRun, readerRun } from "./readers/run.ts";
import { RefusedError } from "./refused.ts";
import { headlineOf } from "./report.ts";

/** What a folder can hold that is shown here. */
export type Kept = Experiment | ReaderRun;

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
export function readRun(folder: string): Kept {
  const run = tryRun(folder);
  if (run) return run;
  throw new RefusedError(`${folder}: expected the folder of a run of this version (with its config.json)`);
}

/** What a folder's config.json was read as, by path and time: a list of a thousand runs is made at every change. */
const read = new Map<string, { readonly mtimeMs: number; readonly run: Kept | null }>();

export function tryRun(folder: string): Kept | null {
  const path = join(folder, "config.json");
  const mtimeMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const known = read.get(path);
  if (known?.mtimeMs === mtimeMs) return known.run;
  const run = mtimeMs === 0 ? null : readConfig(path);
  read.set(path, { mtimeMs, run });
  return run;
}

function readConfig(path: string): Kept | null {
  try {
    const saved: unknown = JSON.parse(readFileSync(path, "utf8"));
    const parsed = savedConfig.safeParse(saved);
    if (!parsed.success) return readerRun(saved);
    const { experiment, config, with: extensions } = parsed.data;
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

export function summaryOf(name: string, folder: string, run: Kept): Summary {
  const report = join(folder, "report.json");
  const isFinished = existsSync(report);
  const { mtimeMs } = statSync(isFinished ? report : join(folder, "config.json"));
  const key = `${report}:${mtimeMs}`;
  if (isFinished && !headlines.has(key))
    headlines.set(key, isReader(run) ? headlineOfReader(folder) : headlineOf(folder));
  return {
    name,
    state: isFinished ? "finished" : "unfinished",
    experiment: run.kind,
    modifiedMs: mtimeMs,
    series: subjectOf(run),
    headline: headlines.get(key) ?? "",
    ...readNote(folder),
  };
}

/** What a run is about. */
export function subjectOf(experiment: Kept): string {
  if (isReader(experiment)) return experiment.kind;
  return experiment.kind === "vat" ? `vat: ${experiment.config.task}` : experiment.config.series;
}

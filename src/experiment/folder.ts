/** The folder of a run: new, empty, or of this very experiment. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { makeFolder } from "../files/folder.ts";
import { writeWhole } from "../files/whole.ts";
import { RunError } from "./error.ts";
import { type Extension, extensionsSchema, withOption } from "./extensions/extension.ts";
import type { Experiment } from "./plans.ts";

/** Raised whenever a run of the old layout could no longer be continued. */
export const RUN_FORMAT = 2;

/** Throws `RunError` where the folder holds something else. */
export function checkFolder(folder: string, experiment: Experiment): void {
  const path = join(folder, "config.json");
  if (!existsSync(path)) {
    if (existsSync(join(folder, "report.json")) || existsSync(join(folder, "journal.sqlite")))
      throw new RunError(
        `${folder}: holds something that is not a run of this version; choose another --out`,
      );
    return;
  }
  let saved: { format?: unknown; experiment?: unknown; with?: unknown; config?: unknown };
  try {
    saved = JSON.parse(readFileSync(path, "utf8")) as typeof saved;
  } catch {
    throw new RunError(`${path}: expected a run's configuration, got something else; choose another --out`);
  }
  if (saved.format !== RUN_FORMAT)
    throw new RunError(
      `${folder}: expected run format ${RUN_FORMAT}, got ${String(saved.format)}: it was made by another version of wetgrad; choose another --out`,
    );
  const { kind, config, extensions = [] } = experiment;
  if (saved.experiment !== kind || !isDeepStrictEqual(saved.config, JSON.parse(JSON.stringify(config))))
    throw new RunError(`${folder}: holds another experiment (see its config.json); choose another --out`);
  checkExtensions(folder, extensionsSchema.parse(saved.with ?? []), extensions);
}

function checkExtensions(folder: string, saved: readonly Extension[], given: readonly Extension[]): void {
  const hashes = (of: readonly Extension[]) => of.map(({ sha256 }) => sha256);
  if (isDeepStrictEqual(hashes(saved), hashes(given))) return;
  const [began, got] = [saved, given].map((of) => (of.length > 0 ? withOption(of) : "no --with"));
  throw new RunError(
    began === got
      ? `${folder}: the run began ${began}, and what it names has been changed since; put it back, or choose another --out`
      : `${folder}: expected ${began}, with which the run began, got ${got}; choose another --out`,
  );
}

export function writeConfig(folder: string, { kind, config, extensions = [] }: Experiment): void {
  const path = join(folder, "config.json");
  if (existsSync(path)) return;
  makeFolder(folder);
  const own = extensions.length > 0 ? { with: extensions } : {};
  writeWhole(path, `${JSON.stringify({ format: RUN_FORMAT, experiment: kind, ...own, config }, null, 2)}\n`);
}

/** What a folder of a run holds: which experiment, and what came of it in a few words. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type OrganoidConfig, organoidConfig } from "../../experiment/config.ts";
import { RUN_FORMAT } from "../../experiment/run.ts";
import { type VatConfig, vatConfig } from "../../experiment/vat/config.ts";
import { METRICS } from "../../experiment/vat/report/report.ts";
import { cell } from "../../experiment/vat/report/words.ts";
import { VAT_RUN_FORMAT } from "../../experiment/vat/run.ts";
import { readReport } from "../../report/files.ts";
import type { MessageOf } from "../protocol.ts";
import { RefusedError } from "./refused.ts";
import { readVatReport } from "./saved-vat.ts";

export type SavedRun =
  | { readonly kind: "organoid"; readonly config: OrganoidConfig }
  | { readonly kind: "vat"; readonly config: VatConfig };

const organoid = z.object({ format: z.literal(RUN_FORMAT), config: organoidConfig });
const vat = z.object({ vatFormat: z.literal(VAT_RUN_FORMAT), config: vatConfig });

/** The run of a folder. Throws `RefusedError`. */
export function readRun(folder: string): SavedRun {
  const run = tryRun(folder);
  if (run) return run;
  throw new RefusedError(`${folder}: expected the folder of a run of this version (with its config.json)`);
}

export function tryRun(folder: string): SavedRun | null {
  try {
    const saved: unknown = JSON.parse(readFileSync(join(folder, "config.json"), "utf8"));
    const [one, many] = [organoid.safeParse(saved), vat.safeParse(saved)];
    if (one.success) return { kind: "organoid", config: one.data.config };
    return many.success ? { kind: "vat", config: many.data.config } : null;
  } catch {
    return null;
  }
}

type Summary = MessageOf<"runs">["runs"][number];
/** Reports do not change: each is read once. */
const headlines = new Map<string, string>();

export function summaryOf(name: string, folder: string, run: SavedRun): Summary {
  const report = join(folder, "report.json");
  const isFinished = existsSync(report);
  const { mtimeMs } = statSync(isFinished ? report : join(folder, "config.json"));
  const key = `${report}:${mtimeMs}`;
  if (isFinished && !headlines.has(key)) headlines.set(key, headlineOf(folder, run));
  return {
    name,
    state: isFinished ? "finished" : "unfinished",
    modifiedMs: mtimeMs,
    series: run.kind === "vat" ? `vat: ${run.config.task}` : run.config.series,
    headline: headlines.get(key) ?? "",
  };
}

function headlineOf(folder: string, run: SavedRun): string {
  try {
    if (run.kind === "vat") {
      const report = readVatReport(folder);
      const metric = report?.mainMetrics[0];
      const after = report?.arms.descent?.after;
      return metric && after
        ? `${run.config.brains} brains, ${METRICS[metric].label}: ${cell(after, metric)}`
        : "";
    }
    const { arms, seeds } = { ...readReport(folder), seeds: run.config.seeds };
    const right = (arm: string) => `${(100 * (arms[arm]?.probe.accuracy.mean ?? 0)).toFixed(0)} %`;
    const named = ["descent", "sham"].filter((arm) => arms[arm]);
    return `${seeds} ${seeds === 1 ? "seed" : "seeds"}, right: ${named.map((arm) => `${arm} ${right(arm)}`).join(", ")}`;
  } catch {
    return ""; // A report of another version: the run itself can be opened.
  }
}

/**
 * report.json: what an experiment found, as plain data. `src/experiment` fills it, everything in this room draws from it.
 * The file outlives the program, so its shape is checked when it is read.
 *
 * A head that every experiment has, and the parts that its task and number of brains give; a part that a run has not is
 * absent. How long it took stands in a file of its own (timing.json), so that the same run is the same report, bit for bit.
 * Every score is kept per seed; intervals are 95 % over seeds (math/interval.ts). JSON knows no infinity and no
 * NaN: where a number does not exist it is null.
 */
import { z } from "zod";
import { finite } from "./schema/interval.ts";
import { type CodeReport, codeReport } from "./schema/series.ts";
import { game, type VatPart, vat } from "./schema/vat.ts";
import { verdict } from "./schema/verdict.ts";

/** Raised whenever a report of the old shape could no longer be drawn. */
export const REPORT_FORMAT = 3;

export const reportSchema = z.object({
  formatVersion: z.literal(REPORT_FORMAT),
  kind: z.literal("experiment"),
  wetgradVersion: z.string(),
  /** How the machines round that it was computed on: on those that round alike the same run has the same bits. */
  arithmetic: z.array(z.string()).min(1),
  config: z.record(z.string(), z.json()),
  task: z.object({
    name: z.string(),
    kind: z.enum(["series", "symbols", "game"]),
    source: z.string(),
    classes: z.int().min(2),
    /** Share of right answers by chance, mean over questions. */
    chance: finite,
    /** Past values in a datum, of a series. */
    lags: z.int().min(1).optional(),
  }),
  /** By name, in the order of the run. */
  arms: z.record(z.string(), z.object({ label: z.string(), meaning: z.string() })),
  verdict,
  /** Of one culture on a series: by code, the assigned one first. */
  series: z.array(codeReport).min(1).optional(),
  /** Of cultures that decide together. */
  vat: vat.optional(),
  game: game.optional(),
  /** Of a run that was made to be seen, not to be relied on: what it does not show. */
  demonstration: z.string().optional(),
  /** Plain statements that the reader needs to judge the numbers: plasticity while probing, shortened series ... */
  notes: z.array(z.string()),
});

export type Report = z.infer<typeof reportSchema>;
/** Of one culture on a series. */
export type SeriesReport = Report & { series: CodeReport[] };
/** Of many cultures. */
export type VatReport = Report & { vat: VatPart };

export const isSeries = (report: Report): report is SeriesReport => report.series !== undefined;
export const isVat = (report: Report): report is VatReport => report.vat !== undefined;

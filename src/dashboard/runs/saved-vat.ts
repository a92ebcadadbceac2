/** A saved vat as a feed: its report. Its brains' spikes are not kept. */
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { VatConfig } from "../../experiment/vat/config.ts";
import { VAT_REPORT_FORMAT, type VatReport } from "../../experiment/vat/report/report.ts";
import { verdictLines } from "../../experiment/vat/report/words.ts";
import { Feed } from "../feed.ts";
import { describeVat } from "./vat.ts";
import { vatFigures } from "./vat-figures.ts";

export function savedVatFeed(folder: string, config: VatConfig): Feed {
  const feed = new Feed();
  const report = readVatReport(folder);
  const note = report ? "" : "This run has not finished: continue it under Control.";
  feed.say(describeVat(basename(folder), config, config.firstSeed, "saved", note));
  if (!report) return feed;
  feed.say({ kind: "drawn", finished: config.seeds, of: config.seeds, figures: vatFigures(report) });
  for (const text of [...report.notes].reverse()) feed.say({ kind: "log", atMs: 0, level: "info", text });
  for (const text of verdictLines(report).reverse()) feed.say({ kind: "log", atMs: 0, level: "good", text });
  return feed;
}

export function readVatReport(folder: string): VatReport | null {
  const path = join(folder, "report.json");
  if (!existsSync(path)) return null;
  const report = JSON.parse(readFileSync(path, "utf8")) as Partial<VatReport>;
  return report.kind === "vat" && report.formatVersion === VAT_REPORT_FORMAT ? (report as VatReport) : null;
}

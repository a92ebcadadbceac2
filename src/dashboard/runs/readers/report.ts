/** The reports of readers, as what a page is told. */
import { readFileSync } from "node:fs";
import { WAYS } from "../../../reading/brain/candidates.ts";
import { curves, NAMES } from "../../../reading/report/page.ts";
import type { ReadingReport } from "../../../reading/report/report.ts";
import { reportPaths } from "../../../report/files.ts";
import { percent } from "../../../report/format.ts";
import { verdictOf } from "../../../writing/report/notes.ts";
import { cosines, losses, ranks } from "../../../writing/report/page.ts";
import type { MeasuredReport, WritingReport } from "../../../writing/report/schema.ts";
import type { MessageOf } from "../../protocol.ts";
import { drawingsIn } from "../vat-figures.ts";

type Drawn = MessageOf<"drawn">["figures"][number];

/** The report of a reader's folder. Throws where there is none. */
export function readReaderReport(folder: string): ReadingReport | WritingReport {
  return JSON.parse(readFileSync(reportPaths(folder).json, "utf8"));
}

/** The result in a few words; none where the report is of another version. */
export function headlineOfReader(folder: string): string {
  try {
    const report = readReaderReport(folder);
    if (report.kind === "writing") return verdictOf(report);
    return `found among 50 in ${percent(report.inputs.neverStimulated.ways50, 0)} %, from electrodes never stimulated`;
  } catch {
    return "";
  }
}

export function writingFigures(report: WritingReport): Drawn[] {
  const row = (name: string, when: string, { cosine, rank }: MeasuredReport) => [
    ...[name, when, cosine.mean, ...cosine.ci95, rank.mean, ...rank.ci95],
  ];
  const head = ["arm", "when", "cosine", "95 % low", "95 % high", "rank", "95 % low", "95 % high"];
  const rows = [
    head,
    row("before", "after", report.before),
    ...Object.entries(report.arms).flatMap(([name, arm]) => [
      ...(arm.while ? [row(name, "while written", arm.while)] : []),
      row(name, "after", arm.after),
    ]),
  ];
  const bars = "Dots: means over cultures; bars: 95 % intervals; faint ticks: single cultures.";
  const drawn = (name: string, of: { title: string; caption: string }, html: string): Drawn[] =>
    drawingsIn(html).map((svg) => ({ name, ...of, svg, rows }));
  return [
    ...drawn(
      "writing-cosine",
      {
        title: "How near the tissue comes",
        caption: `Cosine of the decoded program to the target's. ${bars}`,
      },
      cosines(report),
    ),
    ...drawn(
      "writing-rank",
      { title: "Whether the target is found", caption: `Rank among 50 strings; 25.5 by chance. ${bars}` },
      ranks(report),
    ),
    ...drawn(
      "writing-loss",
      { title: "The descent", caption: "Loss by presentation; mean over cultures with its 95 % band." },
      losses(report),
    ).map((figure) => ({
      ...figure,
      rows: [
        ["presentations", "loss", "95 % low", "95 % high"],
        ...report.losses.map(({ mean, ci95 }, i) => [(i + 1) * report.config.pairs, mean, ...ci95]),
      ],
    })),
  ];
}

export function readingFigures({ inputs, controls }: ReadingReport): Drawn[] {
  const found = { ...inputs, ...controls };
  return drawingsIn(curves(found)).map((svg) => ({
    name: "retrieval",
    title: "Which sentence it was",
    caption: "Share of sentences found, by how many they were looked for among; dotted grey: chance.",
    svg,
    rows: [
      ["decoded from", ...WAYS.map((ways) => `among ${ways}`), "cosine"],
      ...Object.entries(found).map(([name, { curve, cosine }]) => [NAMES[name].says, ...curve, cosine]),
    ],
  }));
}

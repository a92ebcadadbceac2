/** A series on a terminal: arms and baselines with intervals, then what they say. */
import { type Cell, columns, type Paint } from "../columns.ts";
import { fixed, percent } from "../format.ts";
import { inOrder, labelOf } from "../names.ts";
import type { CodeReport, Score } from "../schema/series.ts";
import type { Claim } from "../schema/verdict.ts";
import type { SeriesReport } from "../schema.ts";
import { standingOf } from "../verdict/claim.ts";
import { scoresOf } from "../verdict/series.ts";
import { caveatsOf, headlineOf, verdictOn } from "../verdict/words.ts";

export function seriesTable(report: SeriesReport, paint: Paint): string {
  const { task, verdict, series } = report;
  const parts = [
    `${paint.bold(`${task.name}: what the culture alone predicts`)} ${paint.dim(`(${task.classes} classes, ${verdict.seeds} ${verdict.seeds === 1 ? "seed" : "seeds"}, 95 % intervals)`)}`,
    grid(report, paint),
    ...series.map((code) => verdictLines(report, code, paint)),
  ];
  return parts.join("\n\n");
}

/** One row per arm and baseline; the free code's accuracy stands in a column of its own. */
function grid(report: SeriesReport, paint: Paint): string {
  const [code, free] = report.series;
  const hasError = report.task.kind === "series";
  const scores = scoresOf(code);
  const freeScores = free ? scoresOf(free) : {};
  const accuracy = verdictOn(report, code.code).accuracy;
  const freeAccuracy = free ? verdictOn(report, free.code).accuracy : undefined;
  const names = inOrder({ ...scores, ...freeScores });
  const heads = [
    "",
    free ? `right %, ${code.code}` : "right %",
    "",
    "NLL nats",
    ...(hasError ? ["NRMSE"] : []),
  ];
  if (free) heads.push(`right %, ${free.code}`, "");
  const rows = names.map((name): Cell[] => {
    const row: Cell[] = [
      name === "descent" ? { text: labelOf(name), paint: paint.bold } : { text: labelOf(name) },
      { text: withRange(scores[name]?.accuracy, percent) },
      against(accuracy, name, paint),
      { text: withRange(scores[name]?.nllNats, (x) => fixed(x, 2)) },
    ];
    if (hasError) row.push({ text: scores[name]?.nrmse ? fixed(scores[name].nrmse.mean, 2) : "–" });
    if (free)
      row.push({ text: withRange(freeScores[name]?.accuracy, percent) }, against(freeAccuracy, name, paint));
    return row;
  });
  return columns([heads.map((text) => ({ text, paint: paint.dim })), ...rows]);
}

function against(claim: Claim | undefined, name: string, paint: Paint): Cell {
  const standing = standingOf(claim, name);
  if (!standing) return { text: "" };
  const colours = { beaten: paint.green, overlapping: paint.yellow, better: paint.red };
  return { text: standing, paint: colours[standing] };
}

function withRange(value: Score["nrmse"] | undefined, show: (x: number) => string): string {
  if (!value) return "–";
  if (value.perSeed.length < 2) return show(value.mean);
  return `${show(value.mean)} [${show(value.ci95[0])}, ${show(value.ci95[1])}]`;
}

function verdictLines(report: SeriesReport, { code }: CodeReport, paint: Paint): string {
  const found = verdictOn(report, code);
  const { learned, teacherShare } = found.learning;
  const headline = `${code} code: ${headlineOf(report, found)}`;
  const lines = [(learned ? paint.green : paint.yellow)(headline)];
  if (teacherShare !== undefined)
    lines.push(`Descent gains ${percent(teacherShare, 0)} % of what the hand-made teacher gains over sham.`);
  return [...lines, ...caveatsOf(found)].join("\n");
}

/** A series on a terminal: arms and baselines with intervals, then what they say. */
import { type Cell, columns, type Paint } from "../columns.ts";
import { fixed, percent, withInterval } from "../format.ts";
import { GROUP_LABELS, GROUPS, groupOf, inOrder, labelOf } from "../names.ts";
import { synapsesLine } from "../page/synapses.ts";
import type { CodeReport, Score } from "../schema/series.ts";
import type { Claim } from "../schema/verdict.ts";
import type { SeriesReport } from "../schema.ts";
import { rivalIn } from "../verdict/claim.ts";
import { isJudged, marginOf, markOf, methodLine, showDifference } from "../verdict/margins.ts";
import { scoresOf } from "../verdict/series.ts";
import { caveatsOf, headlineOf, verdictOn } from "../verdict/words.ts";
import { storyOf } from "./story.ts";
import { heldOf } from "./tissue.ts";

export function seriesTable(report: SeriesReport, paint: Paint): string {
  const { task, verdict, series } = report;
  const parts = [
    paint.bold(storyOf(report, series[0]).headline),
    ...(report.demonstration ? [`A demonstration. ${report.demonstration}`] : []),
    `${paint.bold(`${task.name}: what the culture alone predicts`)} ${paint.dim(`(${task.classes} classes, ${verdict.seeds} ${verdict.seeds === 1 ? "seed" : "seeds"}, 95 % intervals)`)}`,
    grid(report, paint),
    ...series.map((code) => verdictLines(report, code, paint)),
    ...(verdict.comparisons > 0 && verdict.seeds > 1
      ? [paint.dim(`✓ beaten, ≈ not significant, ✗ better than the culture. ${methodLine(verdict)}`)]
      : []),
  ];
  return parts.join("\n\n");
}

/** One row per arm and baseline, group by group; the free code's accuracy stands in a column of its own. */
function grid(report: SeriesReport, paint: Paint): string {
  const [code, free] = report.series;
  const hasError = report.task.kind === "series";
  const scores = scoresOf(code);
  const freeScores = free ? scoresOf(free) : {};
  const accuracy = verdictOn(report, code.code).accuracy;
  const freeAccuracy = free ? verdictOn(report, free.code).accuracy : undefined;
  const heads = [
    "",
    free ? `right %, ${code.code}` : "right %",
    accuracy ? "descent minus it" : "",
    "NLL",
    ...(hasError ? ["NRMSE"] : []),
    ...(free ? [`right %, ${free.code}`, freeAccuracy ? "minus it" : ""] : []),
  ].map((text): Cell => ({ text, paint: paint.dim }));
  const rowOf = (name: string): Cell[] => [
    name === "descent" ? { text: labelOf(name, report), paint: paint.bold } : { text: labelOf(name, report) },
    { text: withRange(scores[name]?.accuracy) },
    against(accuracy, name, paint),
    { text: scores[name] ? fixed(scores[name].nllNats.mean, 2) : "–" },
    ...(hasError ? [{ text: scores[name]?.nrmse ? fixed(scores[name].nrmse.mean, 2) : "–" }] : []),
    ...(free
      ? [{ text: withRange(freeScores[name]?.accuracy) }, against(freeAccuracy, name, paint, false)]
      : []),
  ];
  const names = inOrder({ ...scores, ...freeScores });
  const groups = GROUPS.flatMap((group) => {
    const rows = names.filter((name) => name !== "descent" && groupOf(name) === group).map(rowOf);
    const heading = heads.map(
      (_, i): Cell => ({ text: i === 0 ? GROUP_LABELS[group] : "", paint: paint.dim }),
    );
    return rows.length > 0 ? [heading, ...rows] : [];
  });
  return columns([heads, ...(names.includes("descent") ? [rowOf("descent")] : []), ...groups]);
}

function against(claim: Claim | undefined, name: string, paint: Paint, isWhole = true): Cell {
  const rival = rivalIn(claim, name);
  if (!claim || !rival) return { text: "" };
  const colours = { beaten: paint.green, open: paint.yellow, better: paint.red };
  const margin = isWhole ? marginOf(claim, rival) : showDifference(claim.metric, rival.difference.mean);
  return {
    text: `${markOf(rival)} ${margin}`,
    paint: isJudged(rival) ? colours[rival.standing] : paint.dim,
  };
}

function withRange(value: Score["accuracy"] | undefined): string {
  return value ? withInterval(value, percent) : "–";
}

function verdictLines(report: SeriesReport, one: CodeReport, paint: Paint): string {
  const { code } = one;
  const found = verdictOn(report, code);
  const { learned, teacherShare } = found.learning;
  const headline = `${code} code: ${headlineOf(report, found)}`;
  const lines = [(learned ? paint.green : paint.yellow)(headline)];
  if (teacherShare !== undefined)
    lines.push(`Descent gains ${percent(teacherShare, 0)} % of what the hand-made teacher gains over sham.`);
  const held = synapsesLine(heldOf(one));
  return [...lines, ...caveatsOf(found), ...(held ? [held] : [])].join("\n");
}

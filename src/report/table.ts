/** A report on one screen of a terminal: arms and baselines with intervals, then what they say. */
import { type Cell, columns, type Paint, PLAIN } from "./columns.ts";
import { fixed, percent } from "./format.ts";
import { inOrder, labelOf } from "./names.ts";
import type { CodeReport, Report, Score } from "./schema.ts";
import { type Standing, scoresOf, standing, type Verdict, verdictOf } from "./verdict.ts";

const WORDS: Readonly<Record<Standing, string>> = { beaten: "beaten", even: "even", ahead: "ahead" };

export function reportTable(report: Report, paint: Paint = PLAIN): string {
  const { task, free } = report;
  const seeds = verdictOf(report, task).seeds;
  const parts = [
    `${paint.bold(`${task.name}: what the culture alone predicts`)} ${paint.dim(`(${task.classes} classes, ${seeds} seeds, 95 % intervals)`)}`,
    grid(report, free, task.kind === "series", paint),
    verdictLines(report, task, paint),
  ];
  if (free) parts.push(verdictLines(free, task, paint));
  return parts.join("\n\n");
}

/** One row per arm and baseline; the free code's accuracy stands in a column of its own. */
function grid(code: CodeReport, free: CodeReport | null, hasError: boolean, paint: Paint): string {
  const scores = scoresOf(code);
  const freeScores = free ? scoresOf(free) : {};
  const names = inOrder({ ...scores, ...freeScores });
  const heads = [
    "",
    free ? `right %, ${code.code}` : "right %",
    "",
    "NLL nats",
    ...(hasError ? ["NRMSE"] : []),
  ];
  if (free) heads.push("right %, free", "");
  const rows = names.map((name): Cell[] => {
    const row: Cell[] = [
      name === "descent" ? { text: labelOf(name), paint: paint.bold } : { text: labelOf(name) },
      { text: withRange(scores[name]?.accuracy, percent) },
      against(scores, name, paint),
      { text: withRange(scores[name]?.nllNats, (x) => fixed(x, 2)) },
    ];
    if (hasError) row.push({ text: scores[name]?.nrmse ? fixed(scores[name].nrmse.mean, 2) : "–" });
    if (free)
      row.push({ text: withRange(freeScores[name]?.accuracy, percent) }, against(freeScores, name, paint));
    return row;
  });
  return columns([heads.map((text) => ({ text, paint: paint.dim })), ...rows]);
}

function against(scores: Record<string, Score>, name: string, paint: Paint): Cell {
  const ours = scores["descent"];
  if (!ours || !scores[name] || name === "descent") return { text: "" };
  const result = standing(ours, scores[name], "accuracy");
  const colour = result === "beaten" ? paint.green : result === "even" ? paint.yellow : paint.red;
  return { text: WORDS[result], paint: colour };
}

function withRange(value: Score["nrmse"] | undefined, show: (x: number) => string): string {
  if (!value) return "–";
  if (value.perSeed.length < 2) return show(value.mean);
  return `${show(value.mean)} [${show(value.ci95[0])}, ${show(value.ci95[1])}]`;
}

function verdictLines(code: CodeReport, task: Report["task"], paint: Paint): string {
  const verdict: Verdict = verdictOf(code, task);
  const headline = `${code.code} code: ${verdict.headline}`;
  const lines = [(verdict.learned ? paint.green : paint.yellow)(headline)];
  if (verdict.teacherShare !== null)
    lines.push(
      `Descent gains ${percent(verdict.teacherShare, 0)} % of what the hand-made teacher gains over sham.`,
    );
  return [...lines, ...verdict.caveats].join("\n");
}

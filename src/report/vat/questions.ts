/**
 * What a vat is asked, question by question, where there are several: streams, each with brains of its own. Beside every arm
 * stand predictions that need no brain, on the same held-out steps.
 */
import type { Interval } from "../../math/interval.ts";
import { percent, withInterval } from "../format.ts";
import { labelOf } from "../names.ts";
import { section } from "../page/markup.ts";
import { escapeText } from "../plot/svg.ts";
import type { QuestionReport } from "../schema/vat.ts";
import type { VatReport } from "../schema.ts";

/** A column for each question: heading, then a row for each arm and baseline. Empty where there is one question. */
export function questionRows(report: Pick<VatReport, "vat" | "arms">): string[][] {
  const questions = report.vat.questions ?? [];
  const [first] = questions;
  if (!first) return [];
  const shown = (value: Interval | undefined) => (value ? withInterval(value, percent) : "–");
  const row = (label: string, cellOf: (question: QuestionReport) => string) => [
    label,
    ...questions.map(cellOf),
  ];
  const own = first.arms["descent"]
    ? [
        row("descent's majority", ({ arms }) => shown(arms["descent"]?.majority)),
        row("descent's best brain", ({ arms }) => shown(arms["descent"]?.bestBrain)),
      ]
    : [];
  return [
    row("", ({ name }) => name),
    row("brains", ({ brains }) => String(brains)),
    ...Object.keys(first.arms).map((arm) => row(labelOf(arm, report), ({ arms }) => shown(arms[arm]?.joint))),
    ...own,
    ...Object.keys(first.baselines).map((name) =>
      row(labelOf(name), ({ baselines }) => percent(baselines[name])),
    ),
  ];
}

export function questionSection(report: VatReport): string {
  const [heads, ...rows] = questionRows(report);
  if (!heads) return "";
  const line = (cells: readonly string[], tag: "th" | "td") =>
    `<tr>${cells
      .map((text, i) => {
        const scope = tag === "th" ? ' scope="col"' : i === 0 ? ' scope="row"' : "";
        const name = i === 0 ? "th" : tag;
        return `<${name}${scope}>${escapeText(text).replaceAll(", ", ",\u00a0")}</${name}>`;
      })
      .join("")}</tr>`;
  return section(
    "questions",
    "Stream by stream",
    "Right classes of what comes next, by the brains of that stream together; the last rows need no brain.",
    `<div class="scroll"><table class="wraps"><thead>${line(heads, "th")}</thead><tbody>${rows
      .map((cells) => line(cells, "td"))
      .join("")}</tbody></table></div>`,
  );
}

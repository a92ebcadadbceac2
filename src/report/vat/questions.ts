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

/** One row per question: heading, then cells. */
export function questionRows(reports: readonly QuestionReport[]): string[][] {
  const [first] = reports;
  if (!first) return [];
  const arms = Object.keys(first.arms);
  const baselines = Object.keys(first.baselines);
  const shown = (value: Interval | undefined) => (value ? withInterval(value, percent) : "–");
  const own = arms.includes("descent");
  return [
    [
      "stream",
      "brains",
      ...arms.map(labelOf),
      ...(own ? ["descent's majority", "descent's best brain"] : []),
      ...baselines.map(labelOf),
    ],
    ...reports.map(({ name, brains, arms: scores, baselines: known }) => [
      name,
      String(brains),
      ...arms.map((arm) => shown(scores[arm]?.joint)),
      ...(own ? [shown(scores["descent"]?.majority), shown(scores["descent"]?.bestBrain)] : []),
      ...baselines.map((baseline) => percent(known[baseline])),
    ]),
  ];
}

export function questionSection(reports: readonly QuestionReport[]): string {
  const [heads, ...rows] = questionRows(reports);
  if (!heads) return "";
  const line = (cells: readonly string[], tag: "th" | "td") =>
    `<tr>${cells
      .map((text, i) => {
        const scope = tag === "th" ? ' scope="col"' : i === 0 ? ' scope="row"' : "";
        const name = i === 0 ? "th" : tag;
        return `<${name}${scope}>${escapeText(text)}</${name}>`;
      })
      .join("")}</tr>`;
  return section(
    "questions",
    "Stream by stream",
    "Right classes of what comes next, by the brains of that stream together; the last columns need no brain.",
    `<div class="scroll"><table><thead>${line(heads, "th")}</thead><tbody>${rows
      .map((cells) => line(cells, "td"))
      .join("")}</tbody></table></div>`,
  );
}

/**
 * What a vat is asked, question by question, where there are several: streams, each with brains of its own. Beside every arm stand predictions that need no brain, on the same held-out steps.
 */
import { bootstrapInterval, type Interval } from "../../../math/interval.ts";
import { mean } from "../../../math/statistics.ts";
import { percent, withInterval } from "../../../report/format.ts";
import { BASELINE_NAMES } from "../../../report/names.ts";
import { section } from "../../../report/page/markup.ts";
import { escapeText } from "../../../report/plot/svg.ts";
import type { BaselineName } from "../../../tasks/baselines/index.ts";
import {
  bestBrainAccuracy,
  jointAccuracy,
  majorityAccuracy,
  onlyQuestion,
} from "../../../tasks/measures/decide.ts";
import type { VatTask } from "../../../tasks/worlds/contract.ts";
import type { VatArm } from "../config.ts";
import type { ArmOutcome } from "../experiment.ts";
import { armLabel } from "./words.ts";

export interface QuestionReport {
  readonly name: string;
  /** How many brains know of it. */
  readonly brains: number;
  /** Accuracy, mean over the seeds' stretches. */
  readonly baselines: Readonly<Partial<Record<BaselineName, number>>>;
  /** After training, of the brains that know of it: all together, their majority, the best of them. */
  readonly arms: Readonly<Partial<Record<VatArm, Readonly<Record<Decision, Interval>>>>>;
}

const DECISIONS = { joint: jointAccuracy, majority: majorityAccuracy, bestBrain: bestBrainAccuracy } as const;
type Decision = keyof typeof DECISIONS;

/** `outcomes[seed][arm]`, the tasks of the seeds. */
export function questionReports(
  outcomes: readonly (readonly ArmOutcome[])[],
  tasks: readonly VatTask[],
  arms: readonly VatArm[],
): QuestionReport[] {
  const { questions } = tasks[0];
  if (questions.length < 2 && !questions[0].baselines) return [];
  return questions.map(({ name, brains, baselines = {} }, q) => {
    const decided = (arm: VatArm, decision: Decision) =>
      bootstrapInterval(
        outcomes.map((row, s) => {
          const { probes, before } = row.find((outcome) => outcome.arm === arm)!;
          const one = onlyQuestion((probes.at(-1) ?? before).spoken, tasks[s].questions, q);
          return DECISIONS[decision](one.spoken, one.questions);
        }),
      );
    const known = Object.keys(baselines) as BaselineName[];
    return {
      name,
      brains: brains.length,
      baselines: Object.fromEntries(
        known.map((baseline) => [
          baseline,
          mean(tasks.map((task) => task.questions[q].baselines![baseline]!)),
        ]),
      ),
      arms: Object.fromEntries(
        arms.map((arm) => [
          arm,
          {
            joint: decided(arm, "joint"),
            majority: decided(arm, "majority"),
            bestBrain: decided(arm, "bestBrain"),
          },
        ]),
      ),
    };
  });
}

/** One row per question: heading, then cells. */
export function questionRows(reports: readonly QuestionReport[]): string[][] {
  const [first] = reports;
  if (!first) return [];
  const arms = Object.keys(first.arms) as VatArm[];
  const baselines = Object.keys(first.baselines) as BaselineName[];
  const shown = (value: Interval | undefined) => (value ? withInterval(value, percent) : "–");
  const own = arms.includes("descent");
  return [
    [
      "stream",
      "brains",
      ...arms.map(armLabel),
      ...(own ? ["descent's majority", "descent's best brain"] : []),
      ...baselines.map((name) => BASELINE_NAMES[name].label),
    ],
    ...reports.map(({ name, brains, arms: scores, baselines: known }) => [
      name,
      String(brains),
      ...arms.map((arm) => shown(scores[arm]?.joint)),
      ...(own ? [shown(scores.descent?.majority), shown(scores.descent?.bestBrain)] : []),
      ...baselines.map((baseline) => percent(known[baseline]!)),
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

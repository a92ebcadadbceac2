/**
 * What the numbers say, in plain words: does the culture alone beat every control, chance and persistence, with
 * the 95 % intervals over seeds apart? Nothing is claimed from one seed.
 */

import { percent } from "./format.ts";
import { CONTROL_ARMS, CONTROL_BASELINES, inOrder, labelOf } from "./names.ts";
import type { CodeReport, Report, Score } from "./schema.ts";

/** `beaten` and `ahead`: intervals apart; `even`: they overlap. */
export type Standing = "beaten" | "even" | "ahead";

export interface Comparison {
  readonly name: string;
  /** Of the other, against the trained culture. */
  readonly accuracy: Standing;
  readonly nllNats: Standing;
}

export interface Verdict {
  /** Every control, chance and persistence were run and are beaten in accuracy, intervals apart, over two seeds or more. */
  readonly learned: boolean;
  readonly seeds: number;
  readonly controls: readonly Comparison[];
  /** What was not run, so that the claim stays open. */
  readonly missing: readonly string[];
  /** What descent gains over sham as a share of what the teacher gains, by accuracy. */
  readonly teacherShare: number | null;
  /** One sentence. */
  readonly headline: string;
  /** Where the culture does worse than a control, persistence, or the emulator alone; and what else must be said. */
  readonly caveats: readonly string[];
}

type Metric = "accuracy" | "nllNats";

/** Where `other` stands against `ours`. */
export function standing(ours: Score, other: Score, metric: Metric): Standing {
  const sign = metric === "accuracy" ? 1 : -1;
  const [ourLow, ourHigh] = ends(ours, metric, sign);
  const [low, high] = ends(other, metric, sign);
  if (ourLow > high) return "beaten";
  return low > ourHigh ? "ahead" : "even";
}

function ends(score: Score, metric: Metric, sign: number): [number, number] {
  const [lo, hi] = score[metric].ci95;
  return sign > 0 ? [lo, hi] : [-hi, -lo];
}

/** Everyone whom the trained culture is compared with, by name. */
export function scoresOf(code: CodeReport): Record<string, Score> {
  const arms = Object.fromEntries(Object.entries(code.arms).map(([name, { probe }]) => [name, probe]));
  return { ...arms, ...code.baselines };
}

export function verdictOf(code: CodeReport, task: Report["task"]): Verdict {
  const scores = scoresOf(code);
  const ours = code.arms["descent"]?.probe;
  const wanted = [...CONTROL_ARMS, ...CONTROL_BASELINES];
  const missing = wanted.filter((name) => !(name in scores));
  if (!ours)
    return {
      learned: false,
      seeds: 0,
      controls: [],
      missing,
      teacherShare: null,
      caveats: [],
      headline: `No descent arm was run on ${task.name}: nothing is claimed of it.`,
    };
  const compare = (name: string): Comparison => ({
    name,
    accuracy: standing(ours, scores[name], "accuracy"),
    nllNats: standing(ours, scores[name], "nllNats"),
  });
  const controls = wanted.filter((name) => name in scores).map(compare);
  const unbeaten = controls.filter(({ accuracy }) => accuracy !== "beaten");
  const seeds = ours.accuracy.perSeed.length;
  return {
    learned: seeds > 1 && unbeaten.length === 0 && missing.length === 0,
    seeds,
    controls,
    missing,
    teacherShare: teacherShare(code),
    headline: headlineOf(task, seeds, unbeaten, missing),
    caveats: caveatsOf(code, controls, compare),
  };
}

function headlineOf(task: Report["task"], seeds: number, unbeaten: Comparison[], missing: string[]): string {
  const what = `the ${task.name} ${task.kind === "series" ? "series" : "symbols"}`;
  if (seeds < 2) return `One seed was run on ${what}: no interval, so nothing is claimed.`;
  if (unbeaten.length > 0)
    return `On ${what} the culture alone does not beat ${list(unbeaten.map(({ name }) => labelOf(name)))}.`;
  if (missing.length > 0)
    return `On ${what} the culture alone beats every control that was run; ${list(missing.map(labelOf))} ${missing.length > 1 ? "were" : "was"} not.`;
  return `The culture learned: alone, it predicts ${what} better than every control, chance and persistence.`;
}

function teacherShare(code: CodeReport): number | null {
  const gain = (name: string) =>
    code.arms[name] && code.arms["sham"]
      ? code.arms[name].probe.accuracy.mean - code.arms["sham"].probe.accuracy.mean
      : 0;
  return gain("teacher") > 0 ? gain("descent") / gain("teacher") : null;
}

function caveatsOf(
  code: CodeReport,
  controls: readonly Comparison[],
  compare: (name: string) => Comparison,
): string[] {
  const caveats: string[] = [];
  const scores = scoresOf(code);
  const others = inOrder(code.baselines).filter((name) => !CONTROL_BASELINES.includes(name));
  for (const { name, accuracy } of [...controls, ...others.map(compare)]) {
    if (accuracy === "beaten") continue;
    const word = accuracy === "ahead" ? "is better than the culture" : "is not told apart from the culture";
    caveats.push(`${capital(labelOf(name))} ${word}: ${percent(scores[name].accuracy.mean)} % right.`);
  }
  const worseLikelihood = controls.filter(
    ({ accuracy, nllNats }) => accuracy === "beaten" && nllNats !== "beaten",
  );
  if (worseLikelihood.length > 0)
    caveats.push(
      `By log-likelihood the culture's probabilities do not beat ${list(worseLikelihood.map(({ name }) => labelOf(name)))}, though its choices do.`,
    );
  return caveats;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** a; a and b; a, b and c. */
export function list(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;
}

/** What a run of symbols found: right answers by arm over seeds, paired differences from descent, and what that says. */
import { holm } from "../../math/comparison/holm.ts";
import { type PairedDifference, pairedDifference } from "../../math/comparison/paired.ts";
import { bootstrapInterval, type Interval } from "../../math/interval.ts";
import { mean } from "../../math/statistics.ts";
import type { Wiring } from "../../wiring/contract.ts";
import { named, percent, wiringVerdict } from "../verdict.ts";
import type { WorkingPoint } from "../working-point.ts";
import type { SymbolArm } from "./arms.ts";
import type { SymbolsConfig } from "./config.ts";
import type { SymbolResult } from "./lesson.ts";

/** Hands that know the right answer, beside which descent stands; the others are controls. */
export const HANDS: readonly SymbolArm[] = ["errors", "others"];

export interface SymbolArmReport {
  readonly arm: SymbolArm;
  readonly right: Interval;
  /** Mean over seeds, after each quarter of the rounds. */
  readonly course: readonly number[];
  /** Light of a lesson, as doses of one compartment's modulators. */
  readonly doses: number;
  /** Spikes of dopamine cells in all lessons, mean over seeds. */
  readonly dopamineSpikes: number;
  /** Descent less this, seed by seed; p after Holm over all arms. */
  readonly behindDescent?: PairedDifference & { readonly pHolm: number | null };
}

export const NO_BRAIN = "no brain";

/** Descent on another wiring, or on receptors alone. */
export interface ChangedReport {
  readonly wiring: string;
  readonly before: Interval;
  readonly right: Interval;
  /** Descent on the wiring itself less this, seed by seed; p after Holm over all of these. */
  readonly behindDescent: PairedDifference & { readonly pHolm: number | null };
}

export interface SymbolsReport {
  readonly kind: "symbols";
  readonly version: 2;
  readonly config: SymbolsConfig;
  readonly answers: readonly string[];
  readonly source: string;
  readonly licence: string;
  readonly signRule: string;
  readonly chance: number;
  readonly before: Interval;
  readonly arms: readonly SymbolArmReport[];
  readonly changed: readonly ChangedReport[];
  readonly workingPoints: Readonly<Record<string, WorkingPoint>>;
  /** Mean squared error of readings (roots of spikes): of the emulator, and where lessons are said to change nothing. */
  readonly emulator: { readonly error: number; readonly errorWithoutChange: number };
  readonly verdict: readonly string[];
}

export interface ChangedResults {
  readonly wiring: string;
  readonly results: readonly SymbolResult[];
}

interface Found {
  readonly config: SymbolsConfig;
  readonly answers: readonly string[];
  readonly wiring: Wiring;
  readonly results: readonly SymbolResult[];
  readonly changed: readonly ChangedResults[];
  readonly points: Readonly<Record<string, WorkingPoint>>;
}

export function symbolsReport({ config, answers, wiring, results, changed, points }: Found): SymbolsReport {
  const rightOf = (arm: SymbolArm, of = results) => of.map(({ arms }) => arms[arm]!.right);
  const others: readonly SymbolArm[] = config.arms.filter((arm) => arm !== "descent");
  const differences = behind(
    rightOf("descent"),
    others.map((arm) => rightOf(arm)),
  );
  const changedDifferences = behind(
    rightOf("descent"),
    changed.map((one) => rightOf("descent", one.results)),
  );
  const arms = config.arms.map((arm): SymbolArmReport => {
    const at = others.indexOf(arm);
    const courses = results.map((result) => result.arms[arm]!.course);
    return {
      arm,
      right: bootstrapInterval(rightOf(arm)),
      course: courses[0].map((_, quarter) => mean(courses.map((course) => course[quarter]))),
      doses: mean(results.map((result) => result.arms[arm]!.doses)),
      dopamineSpikes: mean(results.map((result) => result.arms[arm]!.dopamineSpikes)),
      ...(at >= 0 && { behindDescent: differences[at] }),
    };
  });
  const emulators = results.flatMap(({ emulator }) => emulator ?? []);
  const { source, licence, signRule } = wiring.facts;
  const found = {
    ...{ config, answers, source, licence, signRule, arms },
    changed: changed.map((one, i) => ({
      wiring: one.wiring,
      before: bootstrapInterval(one.results.map(({ before }) => before)),
      right: bootstrapInterval(rightOf("descent", one.results)),
      behindDescent: changedDifferences[i],
    })),
    workingPoints: points,
    chance: 1 / answers.length,
    before: bootstrapInterval(results.map(({ before }) => before)),
    emulator: {
      error: mean(emulators.map(({ error }) => error)),
      errorWithoutChange: mean(emulators.map(({ errorWithoutChange }) => errorWithoutChange)),
    },
  };
  return { kind: "symbols", version: 2, ...found, verdict: verdictOf(found) };
}

/** Paired differences of one from others, corrected for their number. */
function behind(one: readonly number[], others: readonly (readonly number[])[]) {
  const differences = others.map((other) => pairedDifference(one, other));
  const known = differences.flatMap(({ p }) => p ?? []);
  const corrected = known.length === differences.length ? holm(known) : null;
  return differences.map((difference, i) => ({ ...difference, pHolm: corrected?.[i] ?? null }));
}

/** Sentences: whether descent teaches this brain, where it stands to the hands, what it takes of the wiring. One seed claims nothing. */
export function verdictOf({
  arms,
  changed,
  before,
  chance,
  config,
}: Pick<SymbolsReport, "arms" | "changed" | "before" | "chance" | "config">): string[] {
  const descent = arms.find(({ arm }) => arm === "descent")!;
  const said = `By dopamine that gradient descent chose, the brain answers ${percent(descent.right)} of the symbols right (before: ${percent(before)}; chance ${(100 * chance).toFixed(1)} %)`;
  if (config.seeds < 2) return [`${said}. One seed claims nothing.`];
  const isAbove = ({ behindDescent: d }: Pick<SymbolArmReport, "behindDescent">) =>
    d !== undefined && d.ci95[0] > 0 && (d.pHolm ?? 1) < 0.05;
  const controls = arms.filter(({ arm }) => arm !== "descent" && !HANDS.includes(arm));
  const names = (list: readonly SymbolArmReport[]) =>
    named(list.map(({ arm, right }) => ({ name: arm, right })));
  const [beaten, unbeaten] = [controls.filter(isAbove), controls.filter((one) => !isAbove(one))];
  const lines = [
    `${said}. ${beaten.length > 0 ? `Above ${names(beaten)}.` : ""}${unbeaten.length > 0 ? ` Not above ${names(unbeaten)}.` : ""}`.trim(),
  ];
  for (const hand of arms.filter(({ arm }) => HANDS.includes(arm))) {
    const d = hand.behindDescent!;
    const word = isAbove(hand) ? "above" : d.ci95[1] < 0 ? "below" : "not apart from";
    lines.push(
      `It is ${word} the hand ${names([hand])}, by ${(100 * d.mean).toFixed(0)} points [${(100 * d.ci95[0]).toFixed(0)}, ${(100 * d.ci95[1]).toFixed(0)}].`,
    );
  }
  const rivals = changed.map((one) => ({ name: one.wiring, right: one.right, isBeaten: isAbove(one) }));
  return [
    ...lines,
    ...wiringVerdict({
      learns: controls.length > 0 && unbeaten.length === 0,
      changed: rivals.filter(({ name }) => name !== NO_BRAIN),
      noBrain: rivals.find(({ name }) => name === NO_BRAIN),
    }),
  ];
}

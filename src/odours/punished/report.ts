/** What a run found, with intervals that resample what belongs together, then seeds; and what that says, in words. */
import { clusteredInterval } from "../../math/comparison/clustered.ts";
import { mean } from "../../math/statistics.ts";
import type { Wiring } from "../../wiring/contract.ts";
import { LARVA, type ReadoutName } from "../circuit.ts";
import type { FitErrors } from "../descent/teacher.ts";
import { type PathClass, pathMap } from "../drawing/path-map.ts";
import { percent, type Rival, wiringVerdict } from "../verdict.ts";
import type { WorkingPoint } from "../working-point.ts";
import { type ArmName, CONTROL_ARMS, type Lead, leadOf } from "./arms.ts";
import type { OdoursConfig } from "./config.ts";
import type { LessonResult } from "./lesson.ts";

export interface Condition {
  /** `real`, a control of wiring, or `no brain`. */
  readonly wiring: string;
  readonly arm: ArmName;
  readonly readout: ReadoutName;
}

type Share = Rival["right"];

export interface ConditionReport extends Condition {
  readonly before: Share;
  readonly right: Share;
  readonly perPair: readonly number[];
  /** Who leads on the wiring itself, less this, unit by unit. */
  readonly behindLead?: Share;
  /** Means over units: liking of the punished odours and of the others; overlap of the Kenyon cells' answers. */
  readonly liking: Readonly<
    Record<"before" | "after", { readonly punished: number; readonly others: number }>
  >;
  readonly overlap: { readonly before: number; readonly after: number };
  /** Spikes of dopamine cells in training, mean over units. */
  readonly dopamineSpikes: number;
  /** Light of a lesson, as doses of one class, mean over units. */
  readonly doses: number;
  /** Of descent, mean over units: squared error of readings (roots of spikes), and where lessons are said to change nothing. */
  readonly emulator?: FitErrors;
  /** By compartment of the report, mean factor of the synapses that learn onto it; absent without a brain. */
  readonly learned?: readonly number[];
}

export interface OdoursReport {
  readonly kind: "odours";
  readonly version: 2;
  readonly config: OdoursConfig;
  readonly source: string;
  readonly licence: string;
  readonly signRule: string;
  readonly workingPoints: Readonly<Record<string, WorkingPoint>>;
  /** Types of output neurons. */
  readonly compartments: readonly string[];
  readonly conditions: readonly ConditionReport[];
  /** Where cells are drawn. */
  readonly path: readonly PathClass[];
  /** Who is judged. */
  readonly lead: Lead;
  readonly verdict: readonly string[];
}

export interface Found {
  readonly config: OdoursConfig;
  readonly wiring: Wiring;
  readonly results: readonly { readonly condition: Condition; readonly units: readonly LessonResult[] }[];
  readonly points: Readonly<Record<string, WorkingPoint>>;
  /** Of each output neuron. */
  readonly outputTypes: readonly string[];
}

export function reportOf({ config, wiring, results, points, outputTypes }: Found): OdoursReport {
  const lead = leadOf(config.arms);
  const leaders = new Map(
    results.flatMap(({ condition, units }) =>
      condition.wiring === "real" && condition.arm === lead ? [[condition.readout, units] as const] : [],
    ),
  );
  const compartments = [...new Set(outputTypes)].sort();
  const conditions = results.map(({ condition, units }): ConditionReport => {
    const leader = leaders.get(condition.readout);
    const isLead = condition.wiring === "real" && condition.arm === lead;
    const after = byPair(units, (unit) => unit.after.right);
    const over = (value: (unit: LessonResult) => number) => mean(units.map(value));
    const liking = (when: "before" | "after") => ({
      punished: over((unit) => unit[when].liking.punished),
      others: over((unit) => unit[when].liking.others),
    });
    return {
      ...condition,
      before: clusteredInterval(byPair(units, (unit) => unit.before.right)),
      right: clusteredInterval(after),
      perPair: after.map(mean),
      ...(leader &&
        !isLead && {
          behindLead: clusteredInterval(byPair(units, (unit, i) => leader[i].after.right - unit.after.right)),
        }),
      liking: { before: liking("before"), after: liking("after") },
      overlap: { before: over((unit) => unit.before.overlap), after: over((unit) => unit.after.overlap) },
      dopamineSpikes: over((unit) => unit.dopamineSpikes),
      doses: over(({ given }) => mean(given.map((doses) => doses.reduce((sum, dose) => sum + dose, 0)))),
      ...(units[0].emulator && {
        emulator: {
          error: over(({ emulator }) => emulator!.error),
          errorWithoutChange: over(({ emulator }) => emulator!.errorWithoutChange),
        },
      }),
      ...(units[0].learned.length === outputTypes.length && {
        learned: compartments.map((type) =>
          mean(units.flatMap(({ learned }) => learned.filter((_, output) => outputTypes[output] === type))),
        ),
      }),
    };
  });
  const { source, licence, signRule } = wiring.facts;
  return {
    ...{ kind: "odours", version: 2, config, source, licence, signRule },
    workingPoints: points,
    compartments,
    conditions,
    path: pathMap(wiring, LARVA),
    lead,
    verdict: config.readouts.flatMap((readout) => verdictOf(conditions, readout, lead)),
  };
}

function byPair<Value extends { readonly pair: number }>(
  units: readonly Value[],
  value: (unit: Value, index: number) => number,
): number[][] {
  const pairs = new Map<number, number[]>();
  units.forEach((unit, i) => {
    pairs.set(unit.pair, [...(pairs.get(unit.pair) ?? []), value(unit, i)]);
  });
  return [...pairs.values()];
}

/** Sentences about one readout: whether the brain learns, and whether that takes this wiring, any wiring, or none. */
export function verdictOf(
  conditions: readonly Pick<
    ConditionReport,
    "wiring" | "arm" | "readout" | "before" | "right" | "behindLead"
  >[],
  readout: ReadoutName,
  lead: Lead,
): string[] {
  const own = conditions.filter(
    (condition) => condition.readout === readout || condition.wiring === "no brain",
  );
  const leader = own.find(({ wiring, arm }) => wiring === "real" && arm === lead);
  if (!leader) return [];
  const by = `Read by ${readout === "names" ? "the names of compartments" : "contact with dopamine cells"}`;
  const rivals = own.map((one) => ({
    ...one,
    name: one.wiring === "real" ? one.arm : one.wiring,
    isBeaten: (one.behindLead?.ci95[0] ?? 0) > 0,
  }));
  const arms = rivals.filter(({ wiring, arm }) => wiring === "real" && CONTROL_ARMS.includes(arm));
  const unbeaten = arms.filter(({ isBeaten }) => !isBeaten);
  const learns = arms.length > 0 && unbeaten.length === 0;
  const said =
    arms.length === 0
      ? "no arm was run that it could be compared with"
      : learns
        ? `it learns: above ${arms.map(({ arm, right }) => `${arm} ${percent(right)}`).join(", ")}`
        : `not shown to learn: not above ${unbeaten.map(({ arm }) => arm).join(", ")}`;
  return [
    `${by}, the brain that ${lead === "descent" ? "descent" : "the teacher"} taught is right in ${percent(leader.right)} (before: ${percent(leader.before)}); ${said}.`,
    ...rivals
      .filter(({ wiring, arm }) => wiring === "real" && arm !== lead && !CONTROL_ARMS.includes(arm))
      .map(
        ({ arm, right, behindLead }) =>
          `${by}, the hand ${arm} gives ${percent(right)}, ${behindLead && behindLead.ci95[1] < 0 ? "more" : behindLead && behindLead.ci95[0] > 0 ? "less" : "not apart from it"}.`,
      ),
    ...wiringVerdict({
      learns,
      changed: rivals.filter(({ wiring }) => wiring !== "real" && wiring !== "no brain"),
      noBrain: rivals.find(({ wiring, arm }) => wiring === "no brain" && arm === lead),
    }).map((line) => `${by}, ${line.charAt(0).toLowerCase()}${line.slice(1)}`),
  ];
}

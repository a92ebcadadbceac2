/** What a run found, with intervals that resample pairs of odours, then seeds; and what that says, in words. */
import { clusteredInterval } from "../math/comparison/clustered.ts";
import type { Wiring } from "../wiring/contract.ts";
import type { ArmName } from "./arms.ts";
import type { ReadoutName } from "./circuit.ts";
import type { OdoursConfig } from "./config.ts";
import type { WorkingPoint } from "./working-point.ts";

export interface Condition {
  /** `real`, a control of wiring, or `no brain`. */
  readonly wiring: string;
  readonly arm: ArmName;
  readonly readout: ReadoutName;
}

interface Share {
  readonly mean: number;
  readonly ci95: readonly [number, number];
}

export interface ConditionReport extends Condition {
  readonly before: Share;
  readonly right: Share;
  readonly perPair: readonly number[];
  /** The teacher on the wiring itself, less this, unit by unit. */
  readonly behindTeacher?: Share;
}

export interface OdoursReport {
  readonly kind: "odours";
  readonly version: 1;
  readonly config: OdoursConfig;
  readonly source: string;
  readonly licence: string;
  readonly signRule: string;
  readonly workingPoints: Readonly<Record<string, WorkingPoint>>;
  readonly conditions: readonly ConditionReport[];
  readonly verdict: readonly string[];
}

export interface UnitRight {
  readonly pair: number;
  readonly seed: number;
  readonly rightBefore: number;
  readonly rightAfter: number;
}

export interface Found {
  readonly config: OdoursConfig;
  readonly wiring: Wiring;
  readonly results: readonly { readonly condition: Condition; readonly units: readonly UnitRight[] }[];
  readonly points: Readonly<Record<string, WorkingPoint>>;
}

export function reportOf({ config, wiring, results, points }: Found): OdoursReport {
  const teachers = new Map(
    results.flatMap(({ condition, units }) =>
      condition.wiring === "real" && condition.arm === "teacher" ? [[condition.readout, units] as const] : [],
    ),
  );
  const conditions = results.map(({ condition, units }): ConditionReport => {
    const teacher = teachers.get(condition.readout);
    const isTeacher = condition.wiring === "real" && condition.arm === "teacher";
    const after = byPair(units, ({ rightAfter }) => rightAfter);
    return {
      ...condition,
      before: clusteredInterval(byPair(units, ({ rightBefore }) => rightBefore)),
      right: clusteredInterval(after),
      perPair: after.map((own) => own.reduce((sum, value) => sum + value, 0) / own.length),
      ...(teacher &&
        !isTeacher && {
          behindTeacher: clusteredInterval(
            byPair(units, ({ rightAfter }, i) => teacher[i].rightAfter - rightAfter),
          ),
        }),
    };
  });
  const { source, licence, signRule } = wiring.facts;
  return {
    ...{ kind: "odours", version: 1, config, source, licence, signRule },
    workingPoints: points,
    conditions,
    verdict: config.readouts.flatMap((readout) => verdictOf(conditions, readout)),
  };
}

function byPair(units: readonly UnitRight[], value: (unit: UnitRight, index: number) => number): number[][] {
  const pairs = new Map<number, number[]>();
  units.forEach((unit, i) => {
    pairs.set(unit.pair, [...(pairs.get(unit.pair) ?? []), value(unit, i)]);
  });
  return [...pairs.values()];
}

const percent = ({ mean, ci95 }: Share) =>
  `${(100 * mean).toFixed(0)} % [${(100 * ci95[0]).toFixed(0)}, ${(100 * ci95[1]).toFixed(0)}]`;

/** Sentences about one readout: whether the brain learns, and whether that takes this wiring, any wiring, or none. */
export function verdictOf(conditions: readonly ConditionReport[], readout: ReadoutName): string[] {
  const own = conditions.filter(
    (condition) => condition.readout === readout || condition.wiring === "no brain",
  );
  const teacher = own.find(({ wiring, arm }) => wiring === "real" && arm === "teacher");
  if (!teacher) return [];
  const by = `Read by ${readout === "names" ? "the names of compartments" : "contact with dopamine cells"}`;
  const beaten = (list: readonly ConditionReport[]) =>
    list.filter(({ behindTeacher }) => (behindTeacher?.ci95[0] ?? 0) > 0);
  const arms = own.filter(({ wiring, arm }) => wiring === "real" && arm !== "teacher" && arm !== "paired");
  const unbeaten = arms.filter((arm) => !beaten([arm]).length).map(({ arm }) => arm);
  const learns =
    arms.length === 0
      ? "no arm was run that it could be compared with"
      : unbeaten.length === 0
        ? `it learns: above ${arms.map(({ arm, right }) => `${arm} ${percent(right)}`).join(", ")}`
        : `not shown to learn: not above ${unbeaten.join(", ")}`;
  const lines = [
    `${by}, the taught brain is right in ${percent(teacher.right)} (before: ${percent(teacher.before)}); ${learns}.`,
  ];
  const controls = own.filter(({ wiring }) => wiring !== "real" && wiring !== "no brain");
  if (controls.length > 0) {
    const worse = beaten(controls).map(({ wiring, right }) => `${wiring} ${percent(right)}`);
    const same = controls
      .filter((one) => !beaten([one]).length)
      .map(({ wiring, right }) => `${wiring} ${percent(right)}`);
    lines.push(
      `${by}, it is ${worse.length > 0 ? `above the changed wirings ${worse.join(", ")}` : "above none of the changed wirings"}${same.length > 0 ? `, and not above ${same.join(", ")}` : ""}.`,
    );
  }
  const none = own.find(({ wiring, arm }) => wiring === "no brain" && arm === "teacher");
  if (none)
    lines.push(
      (none.behindTeacher?.ci95[0] ?? 0) > 0
        ? `${by}, it is above the same lesson without any brain (${percent(none.right)}).`
        : `The same lesson without any brain gives ${percent(none.right)}: this task needs no wiring.`,
    );
  return lines;
}

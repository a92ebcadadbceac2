/** Targeted amplification over cultures: every figure is a mean over a culture's features, its interval over cultures. */
import { type PairedDifference, pairedDifference } from "../../math/comparison/paired.ts";
import { bootstrapInterval, type Interval } from "../../math/interval.ts";
import { keptFigure } from "../bench/kept.ts";
import { type AmplifiedCulture, type AmplifyOptions, amplifyCulture } from "./culture.ts";
import { type DoseResponse, leakAt } from "./dose.ts";
import { LASTING_ARMS, type LastingArm } from "./lasting.ts";
import { TASK_ARMS, type TaskArm } from "./task.ts";

export interface AmplifyExperimentOptions extends Omit<AmplifyOptions, "seed" | "onProgress"> {
  readonly seeds: readonly number[];
  /** What is done lies there: the same experiment goes on. */
  readonly folder: string;
  readonly onProgress?: (done: number, total: number, message: string) => void;
}

export interface ArmRow {
  readonly arm: string;
  readonly dose: number;
  readonly targetSd: Interval;
  readonly leak: Interval;
}

/** Of an arm against difference of means, at the same strength (that which both reach, features apart). */
export interface Selectivity {
  readonly arm: string;
  /** exp of the mean of log(leak of difference of means / leak of the arm), over features then cultures; above 1 is more targeted. */
  readonly ratio: number;
  readonly ci95: readonly [number, number];
  /** Difference of the targets at the greatest dose but one, in standard deviations. */
  readonly strength: PairedDifference;
  readonly features: number;
}

export interface AmplifyReport {
  readonly format: 1;
  readonly kind: "wetgrad features amplify";
  readonly seeds: readonly number[];
  readonly settings: object;
  readonly rows: readonly ArmRow[];
  readonly selectivity: readonly Selectivity[];
  readonly loop: Readonly<Record<"closed" | "yoked" | "open" | "none", Interval>> | null;
  readonly lasting: {
    readonly cued: Readonly<Record<LastingArm, Interval>>;
    readonly alone: Readonly<Record<LastingArm, Interval>>;
    readonly cuedSpikes: Readonly<Record<LastingArm, Interval>>;
    readonly writtenLessRandom: PairedDifference;
    readonly writtenLessYoked: PairedDifference;
  } | null;
  readonly task: {
    readonly before: Interval;
    readonly chance: number;
    readonly after: Readonly<Record<TaskArm, Interval>>;
    readonly refitted: Readonly<Record<TaskArm, Interval>>;
    readonly carryingLessOthers: PairedDifference;
    readonly carryingLessRandom: PairedDifference;
  } | null;
  readonly cultures: readonly AmplifiedCulture[];
}

const AGAINST = "difference-of-means";
/** Leak below this is not told from none, so that no ratio runs away. */
const LEAST_LEAK = 0.05;

export async function amplify(options: AmplifyExperimentOptions): Promise<AmplifyReport> {
  const { seeds, folder, onProgress, signal, ...settings } = options;
  const cultures: AmplifiedCulture[] = [];
  for (const [i, seed] of seeds.entries()) {
    signal?.throwIfAborted();
    const tell = (message: string) => onProgress?.(i, seeds.length, `culture ${seed}: ${message}`);
    cultures.push(
      await keptFigure(folder, { kind: "amplify", seed, ...settings, version: 1 }, () =>
        amplifyCulture({ ...settings, seed, onProgress: tell, ...(signal ? { signal } : {}) }),
      ),
    );
    onProgress?.(i + 1, seeds.length, `culture ${seed}`);
  }
  return summarised(cultures, settings);
}

/** The report of cultures. */
export function summarised(
  cultures: readonly AmplifiedCulture[],
  settings: Pick<AmplifyOptions, "doses">,
): AmplifyReport {
  const arms = [...new Set(cultures.flatMap(({ doses }) => doses.map(({ arm }) => arm)))];
  const rows = arms.flatMap((arm) =>
    settings.doses.map((dose) => {
      const of = (value: (response: DoseResponse) => number) =>
        bootstrapInterval(
          cultures.map(({ doses }) => mean(doses.filter((r) => r.arm === arm && r.dose === dose).map(value))),
        );
      return { arm, dose, targetSd: of(({ targetSd }) => targetSd), leak: of(({ leak }) => leak) };
    }),
  );
  const both = cultures.filter(({ lasting }) => lasting.length > 0);
  const tasks = cultures.flatMap(({ task }) => (task ? [task] : []));
  const loops = cultures.filter(({ loop }) => loop.length > 0);
  const lastingOf = (key: "cued" | "alone" | "cuedSpikes", arm: LastingArm) =>
    both.map(({ lasting }) => mean(lasting.map((result) => result[key][arm])));
  const lastingRow = (key: "cued" | "alone" | "cuedSpikes") =>
    record(LASTING_ARMS, (arm) => bootstrapInterval(lastingOf(key, arm)));
  const task = (key: "after" | "refitted", arm: TaskArm) => tasks.map((result) => result[key][arm]);
  return {
    ...{
      format: 1,
      kind: "wetgrad features amplify",
      seeds: cultures.map(({ seed }) => seed),
      settings,
      rows,
    },
    selectivity: arms
      .filter((arm) => arm !== AGAINST)
      .flatMap((arm) => selectivityOf(cultures, arm, settings.doses)),
    loop:
      loops.length > 0
        ? record(["closed", "yoked", "open", "none"] as const, (arm) =>
            bootstrapInterval(loops.map(({ loop }) => mean(loop.map((result) => result[arm])))),
          )
        : null,
    lasting:
      both.length > 0
        ? {
            ...{ cued: lastingRow("cued"), alone: lastingRow("alone"), cuedSpikes: lastingRow("cuedSpikes") },
            writtenLessRandom: pairedDifference(lastingOf("cued", "written"), lastingOf("cued", "random")),
            writtenLessYoked: pairedDifference(lastingOf("cued", "written"), lastingOf("cued", "yoked")),
          }
        : null,
    task:
      tasks.length > 0
        ? {
            before: bootstrapInterval(tasks.map(({ before }) => before)),
            chance: tasks[0].chance,
            after: record(TASK_ARMS, (arm) => bootstrapInterval(task("after", arm))),
            refitted: record(TASK_ARMS, (arm) => bootstrapInterval(task("refitted", arm))),
            carryingLessOthers: pairedDifference(task("after", "carrying"), task("after", "others")),
            carryingLessRandom: pairedDifference(task("after", "carrying"), task("after", "random")),
          }
        : null,
    cultures,
  };
}

function selectivityOf(
  cultures: readonly AmplifiedCulture[],
  arm: string,
  doses: readonly number[],
): Selectivity[] {
  const strongDose = doses.toSorted((a, b) => a - b).at(-2) ?? doses[0];
  const logs: number[] = [];
  const strength: [number[], number[]] = [[], []];
  let features = 0;
  for (const { doses: responses, chosen } of cultures) {
    const ofArm = (name: string, k: number) => responses.filter((r) => r.arm === name && r.feature === k);
    const here = chosen.flatMap((k) => {
      const [a, b] = [ofArm(arm, k), ofArm(AGAINST, k)];
      const level = Math.min(...[a, b].map((rows) => Math.max(...rows.map(({ targetSd }) => targetSd))));
      if (!(level > LEAST_TARGET)) return [];
      const [x, y] = [leakAt(a, level), leakAt(b, level)];
      return x === null || y === null ? [] : [Math.log(Math.max(LEAST_LEAK, y) / Math.max(LEAST_LEAK, x))];
    });
    features += here.length;
    if (here.length > 0) logs.push(mean(here));
    for (const [i, name] of [arm, AGAINST].entries())
      strength[i].push(
        mean(
          responses.filter((r) => r.arm === name && r.dose === strongDose).map(({ targetSd }) => targetSd),
        ),
      );
  }
  if (logs.length === 0) return [];
  const { mean: centre, ci95 } = pairedDifference(
    logs,
    logs.map(() => 0),
  );
  return [
    {
      ...{ arm, features, ratio: Math.exp(centre) },
      ci95: [Math.exp(ci95[0]), Math.exp(ci95[1])],
      strength: pairedDifference(strength[0], strength[1]),
    },
  ];
}

/** A feature that no arm and its rival both raise by this (SD) has no strength at which to compare them. */
const LEAST_TARGET = 0.3;

function mean(values: readonly number[]): number {
  return values.length > 0 ? values.reduce((sum, value) => sum + value / values.length, 0) : 0;
}

function record<Key extends string, Value>(
  keys: readonly Key[],
  value: (key: Key) => Value,
): Record<Key, Value> {
  return Object.fromEntries(keys.map((key) => [key, value(key)])) as Record<Key, Value>;
}

/**
 * Every way to descend on the same seeds, each a run of its own in `out/SERIES/METHOD`, then one table. Stopped at any
 * moment, the same call continues: finished runs are read back.
 */
import { join } from "node:path";
import { methodOf } from "../../methods/registry.ts";
import {
  METHODS_REPORT_FORMAT,
  type MethodResult,
  type MethodsReport,
  type SeriesComparison,
} from "../../report/methods/schema.ts";
import type { SeriesReport } from "../../report/schema.ts";
import { type Compared, judge } from "../../report/verdict/claim.ts";
import { reportedConfig } from "../extensions/extension.ts";
import type { RunHooks } from "../run.ts";
import { armsOf } from "./arms.ts";
import { DEFAULT_STEP_BUDGET, type OrganoidConfig } from "./config.ts";
import { runOrganoid } from "./run.ts";

export interface MethodsComparison {
  readonly series: readonly string[];
  readonly methods: readonly string[];
  /** Step budgets of the curve, each a run of its own; what method incremental itself takes is put among them. */
  readonly budgets: readonly number[];
  /** Everything else of each run. */
  readonly base: Omit<OrganoidConfig, "series" | "method" | "arms" | "stepBudget">;
}

/** Baselines that each method has of its own. */
const OF_THE_TRAINED = ["readoutTrained", "shuffledSpikes"];

export async function compareMethods(
  { series, methods, budgets, base }: MethodsComparison,
  out: string,
  hooks: RunHooks,
): Promise<MethodsReport> {
  const found: (Omit<SeriesComparison, "methods"> & { methods: Unjudged[] })[] = [];
  const run = (config: OrganoidConfig, ...where: string[]) =>
    runOrganoid(config, join(out, ...where), {
      ...hooks,
      onProgress: (event) =>
        hooks.onProgress?.({ ...event, message: `${where.join(" ")}: ${event.message}` }),
    });
  for (const name of series) {
    const results: Unjudged[] = [];
    const baselines: SeriesComparison["baselines"] = {};
    const stepBudget: SeriesComparison["stepBudget"] = [];
    let classes = 2;
    for (const method of methods) {
      const config = configOf(base, name, method);
      const { report } = await run(config, name, method);
      classes = report.task.classes;
      results.push(resultOf(method, report));
      for (const [each, score] of Object.entries(report.series[0].baselines))
        if (!OF_THE_TRAINED.includes(each)) baselines[each] ??= score.accuracy;
    }
    const own = results.find(({ method }) => method === "incremental")?.arms["descent"];
    if (own && budgets.length > 0) stepBudget.push({ budget: DEFAULT_STEP_BUDGET, ...own });
    for (const budget of budgets.filter((each) => !own || each !== DEFAULT_STEP_BUDGET)) {
      const config = {
        ...configOf(base, name, "incremental"),
        arms: ["descent"],
        stepBudget: budget,
      };
      const { report } = await run(config, name, `incremental-${budget}`);
      const { accuracy, countAccuracy } = report.series[0].arms["descent"].probe;
      stepBudget.push({ budget, accuracy, countAccuracy });
    }
    stepBudget.sort((a, b) => a.budget - b.budget);
    found.push({ name, classes, methods: results, baselines, stepBudget });
  }
  const { comparisons, claims } = judge(found.flatMap(comparedOf));
  let next = 0;
  const compared = found.map((each) => ({
    ...each,
    methods: each.methods.map(
      ({ own: _, ...result }): MethodResult => ({ ...result, claim: claims[next++] }),
    ),
  }));
  return {
    formatVersion: METHODS_REPORT_FORMAT,
    wetgradVersion: hooks.wetgradVersion,
    config: JSON.parse(
      JSON.stringify(reportedConfig({ series, methods, budgets, ...base }, hooks.extensions)),
    ) as MethodsReport["config"],
    verdict: { seeds: base.seeds, comparisons },
    series: compared,
    notes: notesOf(methods),
  };
}

/** A method's result, and the baselines of its own run. */
type Unjudged = Omit<MethodResult, "claim"> & { readonly own: SeriesComparison["baselines"] };

/** Each method beside its own controls, what needs no tissue, and method `direct`, which has all access. */
function comparedOf({
  methods,
  baselines,
}: {
  methods: Unjudged[];
  baselines: SeriesComparison["baselines"];
}) {
  const direct = methods.find(({ method }) => method === "direct")?.arms["descent"].accuracy;
  return methods.map(({ method, arms: { descent, ...controls }, own }): Compared => {
    const arms = Object.entries(controls).map(([arm, { accuracy }]) => [arm, accuracy] as const);
    const above = direct && method !== "direct" ? [["direct", direct] as const] : [];
    return {
      metric: "accuracy",
      ours: descent.accuracy,
      rivals: [...arms, ...Object.entries({ ...baselines, ...own }), ...above],
    };
  });
}

function configOf(base: MethodsComparison["base"], series: string, method: string): OrganoidConfig {
  const arms = armsOf(method);
  return { ...base, series, arms, ...(method === "stimulate" ? {} : { method }) };
}

function resultOf(method: string, { series: [found] }: SeriesReport): Unjudged {
  const effort = found.effort?.["descent"];
  return {
    method,
    access: methodOf(method).access,
    arms: Object.fromEntries(
      Object.entries(found.arms).map(([arm, { probe }]) => [
        arm,
        { accuracy: probe.accuracy, countAccuracy: probe.countAccuracy },
      ]),
    ),
    presentations: effort?.presentations ?? 0,
    writePulses: effort?.writePulses ?? 0,
    synapsesChanged: effort?.synapsesChanged ?? 0,
    totalChange: effort?.totalChange ?? 0,
    own: Object.fromEntries(Object.entries(found.baselines).map(([name, { accuracy }]) => [name, accuracy])),
  };
}

function notesOf(methods: readonly string[]): string[] {
  return [
    "Only `stimulate` fits its emulator and bridge anew before each cycle; the other methods are read by the bridge that babbling gave.",
    ...(methods.includes("direct")
      ? ["`direct` shows the tissue nothing while training: its presentations are to the twin, in silicon."]
      : []),
    ...(methods.includes("incremental")
      ? ["`incremental` shows the series without writes, to record answers."]
      : []),
  ];
}

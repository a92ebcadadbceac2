/** From the outcomes of one culture's seeds to the report: means with intervals, curves, verdict, and what must be said. */

import { isReadByCounts } from "../../methods/descriptions.ts";
import { CONTROL_BASELINES, groupOf } from "../../report/names.ts";
import type {
  CodeReport,
  ProbeScore as ReportedProbe,
  Score as ReportedScore,
} from "../../report/schema/series.ts";
import type { SeriesReport } from "../../report/schema.ts";
import { seriesVerdict } from "../../report/verdict/series.ts";
import { isProbed } from "../../session/conditions.ts";
import type { Task } from "../../tasks/contract.ts";
import type { Score } from "../../tasks/measures/score.ts";
import type { Extension } from "../extensions/extension.ts";
import type { Outcome, ProbeOutcome } from "../job/outcome.ts";
import { armsOf } from "../organoid/arms.ts";
import { type Code, conditionsOf, demonstrationOf, type OrganoidConfig } from "../organoid/config.ts";
import { curveOf, intervalOf } from "./curve.ts";
import { headOf } from "./head.ts";
import { holdingReports } from "./holdings.ts";
import { protocolNotes } from "./notes.ts";
import { predictedChangesOf } from "./predicted-changes.ts";

/** Writes are many: fidelity is shown as means over blocks of this many. */
const FIDELITY_BLOCK = 50;

export interface RunFacts {
  readonly config: OrganoidConfig;
  readonly extensions?: readonly Extension[] | undefined;
  readonly wetgradVersion: string;
  readonly task: Pick<Task, "name" | "kind" | "source" | "classes">;
}

export function buildReport(outcomes: readonly Outcome[], facts: RunFacts): SeriesReport {
  const { config, task } = facts;
  const codes = [...config.codes].sort();
  const series = codes.map((code) =>
    codeReport(
      code,
      outcomes.filter((outcome) => outcome.code === code),
      config,
    ),
  );
  const [{ lags }] = outcomes;
  const demonstration = demonstrationOf(config);
  return {
    ...headOf({ ...facts, outcomes }, config.method ?? "stimulate", Object.keys(series[0].arms)),
    task: {
      name: task.name,
      kind: task.kind,
      source: task.source,
      classes: task.classes,
      chance: 1 / task.classes,
      ...(lags === null ? {} : { lags }),
    },
    verdict: seriesVerdict(series, controlsOf(config.method ?? "stimulate")),
    series,
    ...(demonstration ? { demonstration } : {}),
    notes: [...new Set([...protocolNotes(config), ...outcomes.flatMap(({ notes }) => notes)])],
  };
}

/** The tissue controls that an experiment by this method has, if nothing is left out. */
function controlsOf(method: string): string[] {
  return [...armsOf(method), "scrambled", ...CONTROL_BASELINES].filter(
    (name) => name !== "descent" && groupOf(name) === "control",
  );
}

function codeReport(code: Code, outcomes: readonly Outcome[], config: OrganoidConfig): CodeReport {
  const probeScore = readerOf(code, config);
  const finals = (arm: string) =>
    outcomes.map(({ before, arms }) => probeScore(arms[arm].probes.at(-1) ?? before));
  const arms: CodeReport["arms"] = Object.fromEntries(
    config.arms.map((arm) => [arm, { probe: probeOf(finals(arm)) }]),
  );
  const scrambled = outcomes.flatMap(({ scrambled }) => (scrambled ? [probeScore(scrambled)] : []));
  if (scrambled.length === outcomes.length) arms["scrambled"] = { probe: probeOf(scrambled) };
  const names = Object.keys(outcomes[0].baselines ?? {});
  const baselines = Object.fromEntries(
    names.map((name) => [name, scoreOf(outcomes.map(({ baselines }) => meanScore(baselines?.[name] ?? [])))]),
  );
  const retained = outcomes.flatMap(({ retention }) => (retention ? [probeScore(retention)] : []));
  const figures = outcomes.find(({ figures }) => figures);
  const predictedChanges = predictedChangesOf(outcomes, config);
  const synapses = holdingReports(outcomes);
  return {
    code,
    arms,
    baselines,
    ...(synapses ? { synapses } : {}),
    writeFidelity: fidelityOf(outcomes),
    curves: Object.fromEntries(
      config.arms.map((arm) => [arm, learningCurve(arm, outcomes, { config, probeScore })]),
    ),
    effort: effortOf(config.arms, outcomes),
    ...(predictedChanges ? { predictedChanges } : {}),
    retention:
      retained.length === outcomes.length && retained.length > 0
        ? { spontaneousSeconds: config.retentionSeconds, arms: { descent: probeOf(retained) } }
        : null,
    figures: {
      seed: figures?.seed ?? outcomes[0].seed,
      ...(figures?.figures ?? { series: null, raster: null, weightChange: null, latent: null }),
    },
  };
}

/** Mean over seeds of what each arm asked of the tissue. */
function effortOf(arms: readonly string[], outcomes: readonly Outcome[]): CodeReport["effort"] {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return Object.fromEntries(
    arms.map((arm) => {
      const efforts = outcomes.map(({ arms }) => arms[arm].effort);
      const of = (pick: (effort: (typeof efforts)[number]) => number) => mean(efforts.map(pick));
      return [
        arm,
        {
          presentations: of((e) => e.presentations),
          writePulses: of((e) => e.writePulses),
          ...(efforts.some(({ written }) => written !== undefined)
            ? { written: of((e) => e.written ?? 0) }
            : {}),
          synapsesRead: of((e) => e.synapsesRead),
          synapsesChanged: of((e) => e.synapsesChanged),
          totalChange: of((e) => e.totalChange),
        },
      ];
    }),
  );
}

function scoreOf(scores: readonly Score[]): ReportedScore {
  const errors = scores.flatMap(({ nrmse }) => nrmse ?? []);
  return {
    nllNats: intervalOf(scores.map(({ nllNats }) => nllNats)),
    accuracy: intervalOf(scores.map(({ accuracy }) => accuracy)),
    nrmse: errors.length === scores.length ? intervalOf(errors) : null,
  };
}

/** The score of a probe, mean over brains. */
interface ProbeScore extends Score {
  readonly countAccuracy: number;
}

/** How probes are read: which answers count as right says the bridge, or the electrodes by themselves. */
function readerOf(code: Code, { method = "stimulate" }: OrganoidConfig): (probe: ProbeOutcome) => ProbeScore {
  const isByCounts = isReadByCounts(method, code);
  return ({ scores, countAccuracy }) => {
    const score = meanScore(scores ?? []);
    return { ...score, ...(isByCounts && { accuracy: countAccuracy }), countAccuracy };
  };
}

function meanScore(scores: readonly Score[]): Score {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const errors = scores.flatMap(({ nrmse }) => nrmse ?? []);
  return {
    nllNats: mean(scores.map(({ nllNats }) => nllNats)),
    accuracy: mean(scores.map(({ accuracy }) => accuracy)),
    nrmse: errors.length === scores.length ? mean(errors) : null,
  };
}

function probeOf(scores: readonly ProbeScore[]): ReportedProbe {
  return { ...scoreOf(scores), countAccuracy: intervalOf(scores.map(({ countAccuracy }) => countAccuracy)) };
}

function learningCurve(
  arm: string,
  outcomes: readonly Outcome[],
  {
    config,
    probeScore,
  }: { readonly config: OrganoidConfig; readonly probeScore: ReturnType<typeof readerOf> },
) {
  const { presentations, cycles } = config;
  const conditions = conditionsOf(config);
  const perSeed = outcomes.map(({ before, arms }) =>
    [before, ...arms[arm].probes].map((probe) => probeScore(probe).accuracy),
  );
  const probed = Array.from({ length: cycles }, (_, cycle) => cycle).filter((cycle) =>
    isProbed({ conditions, cycles }, cycle),
  );
  return {
    presentations: [0, ...probed.map((cycle) => (cycle + 1) * presentations)],
    accuracy: curveOf(perSeed),
  };
}

function fidelityOf(outcomes: readonly Outcome[]): CodeReport["writeFidelity"] {
  const logs = outcomes.flatMap(({ arms }) => arms["descent"]?.fidelity ?? []);
  if (logs.length === 0 || logs.length < outcomes.length) return null;
  const writes = logs[0].overlap.length;
  const size = Math.min(FIDELITY_BLOCK, writes);
  const blocks = Math.floor(writes / size);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const curve = (pick: (log: (typeof logs)[number]) => readonly number[]) =>
    curveOf(
      logs.map((log) =>
        Array.from({ length: blocks }, (_, b) => mean(pick(log).slice(b * size, (b + 1) * size))),
      ),
    );
  const late = (pick: (log: (typeof logs)[number]) => readonly number[]) =>
    intervalOf(logs.map((log) => mean(pick(log).slice(-Math.ceil(writes / 4)))));
  const picks = {
    exact: (log: (typeof logs)[number]) => log.overlap.map((share) => (share === 1 ? 1 : 0)),
    overlap: (log: (typeof logs)[number]) => log.overlap,
    correlation: (log: (typeof logs)[number]) => log.correlation,
    logDensity: (log: (typeof logs)[number]) => log.logDensity,
  };
  const each = <T>(make: (pick: (log: (typeof logs)[number]) => readonly number[]) => T) => ({
    exact: make(picks.exact),
    overlap: make(picks.overlap),
    correlation: make(picks.correlation),
    logDensity: make(picks.logDensity),
  });
  return {
    presentations: Array.from({ length: blocks }, (_, b) => (b + 1) * size),
    curves: each(curve),
    final: each(late),
  };
}

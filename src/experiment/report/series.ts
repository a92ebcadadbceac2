/** From the outcomes of one culture's seeds to the report: means with intervals, curves, verdict, and what must be said. */
import { DEFAULT_SCAFFOLD, type ScaffoldName, scaffolds } from "../../device/simulated/scaffolds.ts";
import { methodOf } from "../../methods/registry.ts";
import { percent } from "../../report/format.ts";
import { CONTROL_BASELINES, groupOf } from "../../report/names.ts";
import type {
  CodeReport,
  ProbeScore as ReportedProbe,
  Score as ReportedScore,
} from "../../report/schema/series.ts";
import type { SeriesReport } from "../../report/schema.ts";
import { seriesVerdict } from "../../report/verdict/series.ts";
import type { Task } from "../../tasks/contract.ts";
import type { Score } from "../../tasks/measures/score.ts";
import { rules } from "../../tissue/rules.ts";
import type { Extension } from "../extensions/extension.ts";
import type { Outcome, ProbeOutcome } from "../job/outcome.ts";
import { armsOf } from "../organoid/arms.ts";
import { type Code, demonstrationOf, type OrganoidConfig } from "../organoid/config.ts";
import { curveOf, intervalOf } from "./curve.ts";
import { headOf } from "./head.ts";
import { holdingReports } from "./holdings.ts";
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
    curves: Object.fromEntries(config.arms.map((arm) => [arm, learningCurve(arm, outcomes, config)])),
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

function probeScore({ scores, countAccuracy }: ProbeOutcome): ProbeScore {
  return { ...meanScore(scores ?? []), countAccuracy };
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

function learningCurve(arm: string, outcomes: readonly Outcome[], { presentations }: OrganoidConfig) {
  const perSeed = outcomes.map(({ before, arms }) =>
    [before, ...arms[arm].probes].map((probe) => probeScore(probe).accuracy),
  );
  return { presentations: perSeed[0].map((_, cycle) => cycle * presentations), accuracy: curveOf(perSeed) };
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

function protocolNotes(config: OrganoidConfig): string[] {
  const { method = "stimulate" } = config;
  return [
    ...(method === "stimulate"
      ? []
      : [
          `Method ${method}: ${config.arms.map((arm) => `${arm}: ${methodOf(method).arms[arm].meaning}`).join("; ")}.`,
          "The bridge that reads the culture was fitted on babbling and not fitted anew, so the reading by electrode counts stands beside it.",
        ]),
    "Babbling and probes run at 5 % of the full plasticity: at the full rate both overwrite what is learned.",
    methodOf(method).plasticity,
    "The bridge was fitted on babbling alone, data and patterns in random order and independent of each other; it never saw the order of the series.",
    ...(method === "stimulate"
      ? [
          "The frozen arm replays the descent's own pulses with plasticity off; the yoked arm replays them in another order.",
        ]
      : []),
    ...(config.preset === "default"
      ? [
          "The culture bursts by itself and was quieted before babbling: stimulation spread over all electrodes for 10 s while its excitatory synapses were scaled to 40 %, which takes tissue a day or two.",
          strongestNote(config.scaffold ?? DEFAULT_SCAFFOLD),
        ]
      : []),
    ...(config.passes === undefined
      ? []
      : [`The cycles went ${config.passes} times through the same training data.`]),
    ...(config.reading === undefined
      ? []
      : [
          `While a datum was read in training, plasticity was ${percent(config.reading, 0)} % of that while it was written to.`,
        ]),
    ...(config.margin === undefined
      ? []
      : [`A class that led by ${config.margin} spikes was left alone by the hands.`]),
    ...(config.rule ? [`Synapses learn by the rule ${config.rule}: ${rules[config.rule].summary}.`] : []),
    ...(config.retentionSeconds > 0
      ? [
          `Retention: ${config.retentionSeconds} s of spontaneous activity with plasticity fully on, then a probe.`,
        ]
      : []),
  ];
}

function strongestNote(scaffold: ScaffoldName): string {
  const strongest = scaffolds[scaffold].trainingMaximumWeight;
  const times = ["twice", "four times"][strongest - 1] ?? `${2 * strongest} times`;
  return `In training a synapse may grow to ${strongest} leak conductance${strongest === 1 ? "" : "s"}, ${times} what the culture fitted to spontaneous recordings allows.`;
}

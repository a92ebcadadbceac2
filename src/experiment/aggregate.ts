/** From the outcomes of all seeds to the report: means with intervals, effects, curves, and what must be said. */
import { bootstrapInterval, pairedDifference } from "../math/interval.ts";
import type {
  CodeReport,
  Curve,
  Effect,
  Report,
  ProbeScore as ReportedProbe,
  Score as ReportedScore,
} from "../report/schema.ts";
import type { Score } from "../tasks/measures/score.ts";
import type { Code, Method, OrganoidConfig } from "./config.ts";
import { ARM_MEANINGS } from "./methods/arms.ts";
import type { Outcome } from "./outcome.ts";
import type { ProbeScore } from "./probe.ts";

/** Writes are many: fidelity is shown as means over blocks of this many. */
const FIDELITY_BLOCK = 50;

export interface RunFacts {
  readonly config: OrganoidConfig;
  readonly wetgradVersion: string;
  readonly task: {
    readonly name: string;
    readonly kind: "series" | "symbols";
    readonly source: string;
    readonly classes: number;
  };
  readonly timing: Report["timing"];
}

export function buildReport(outcomes: readonly Outcome[], facts: RunFacts): Report {
  const { config } = facts;
  const byCode = (code: Code) => outcomes.filter((outcome) => outcome.code === code);
  const [first, second] = config.codes.map((code) => codeReport(code, byCode(code), config));
  const main = first.code === "assigned" || !second ? first : second;
  const other = main === first ? (second ?? null) : first;
  return {
    ...main,
    formatVersion: 1,
    wetgradVersion: facts.wetgradVersion,
    config: config as unknown as Report["config"],
    task: { ...facts.task, lags: outcomes[0].lags },
    free: other,
    notes: [...new Set([...protocolNotes(config), ...outcomes.flatMap(({ notes }) => notes)])],
    timing: facts.timing,
  };
}

function codeReport(code: Code, outcomes: readonly Outcome[], config: OrganoidConfig): CodeReport {
  const finals = (arm: string) => outcomes.map(({ arms }) => arms[arm][arms[arm].length - 1]);
  const arms: CodeReport["arms"] = Object.fromEntries(
    config.arms.map((arm) => [arm, { probe: probeOf(finals(arm)) }]),
  );
  const scrambled = outcomes.flatMap(({ scrambled }) => scrambled ?? []);
  if (scrambled.length === outcomes.length) arms["scrambled"] = { probe: probeOf(scrambled) };
  const names = Object.keys(outcomes[0].baselines);
  const baselines = Object.fromEntries(
    names.map((name) => [name, scoreOf(outcomes.map(({ baselines }) => baselines[name]))]),
  );
  const retained = outcomes.flatMap(({ retention }) => retention ?? []);
  const effort = outcomes[0].effort;
  const figures = outcomes.find(({ figures }) => figures);
  return {
    code,
    arms,
    baselines,
    effects: effectsOf(arms, baselines),
    writeFidelity: fidelityOf(outcomes),
    curves: Object.fromEntries(config.arms.map((arm) => [arm, learningCurve(arm, outcomes, config)])),
    ...(effort ? { effort: effortOf(Object.keys(effort), outcomes) } : {}),
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
      const efforts = outcomes.flatMap(({ effort }) => effort?.[arm] ?? []);
      const of = (pick: (effort: (typeof efforts)[number]) => number) => mean(efforts.map(pick));
      return [
        arm,
        {
          presentations: of((e) => e.presentations),
          writePulses: of((e) => e.writePulses),
          synapsesRead: of((e) => e.synapsesRead),
          synapsesChanged: of((e) => e.synapsesChanged),
          totalChange: of((e) => e.totalChange),
        },
      ];
    }),
  );
}

function intervalOf(perSeed: readonly number[]) {
  const { mean, ci95 } = bootstrapInterval(perSeed);
  return { mean, ci95: [...ci95] as [number, number], perSeed: [...perSeed] };
}

function scoreOf(scores: readonly Score[]): ReportedScore {
  const errors = scores.flatMap(({ nrmse }) => nrmse ?? []);
  return {
    nllNats: intervalOf(scores.map(({ nllNats }) => nllNats)),
    accuracy: intervalOf(scores.map(({ accuracy }) => accuracy)),
    nrmse: errors.length === scores.length ? intervalOf(errors) : null,
  };
}

function probeOf(scores: readonly ProbeScore[]): ReportedProbe {
  return { ...scoreOf(scores), handAccuracy: intervalOf(scores.map(({ handAccuracy }) => handAccuracy)) };
}

/** Descent minus every other arm and baseline, in accuracy, paired by seed. */
function effectsOf(arms: CodeReport["arms"], baselines: CodeReport["baselines"]): Record<string, Effect> {
  const ours = arms["descent"]?.probe.accuracy.perSeed;
  if (!ours) return {};
  const others: [string, ReportedScore][] = [
    ...Object.entries(arms).map(([name, { probe }]): [string, ReportedScore] => [name, probe]),
    ...Object.entries(baselines),
  ];
  return Object.fromEntries(
    others
      .filter(([name]) => name !== "descent")
      .map(([name, score]) => {
        const { mean, ci95, effectSize } = pairedDifference(ours, score.accuracy.perSeed);
        const size = Number.isFinite(effectSize) ? effectSize : null;
        return [
          name,
          { metric: "accuracy", difference: mean, ci95: [...ci95] as [number, number], effectSize: size },
        ];
      }),
  );
}

/** Points by seed (`perSeed[seed][point]`) as a curve with intervals. */
function curveOf(perSeed: readonly (readonly number[])[]): Curve {
  const points = perSeed[0].map((_, i) => intervalOf(perSeed.map((values) => values[i])));
  return {
    mean: points.map(({ mean }) => mean),
    lo: points.map(({ ci95 }) => ci95[0]),
    hi: points.map(({ ci95 }) => ci95[1]),
    perSeed: perSeed.map((values) => [...values]),
  };
}

function learningCurve(arm: string, outcomes: readonly Outcome[], { presentations }: OrganoidConfig) {
  const perSeed = outcomes.map(({ before, arms }) => [before, ...arms[arm]].map(({ accuracy }) => accuracy));
  return { presentations: perSeed[0].map((_, cycle) => cycle * presentations), accuracy: curveOf(perSeed) };
}

function fidelityOf(outcomes: readonly Outcome[]): CodeReport["writeFidelity"] {
  const logs = outcomes.flatMap(({ fidelity }) => fidelity ?? []);
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

function plasticityNote(method: Method): string {
  if (method === "direct")
    return "Nothing is shown to the tissue while its twin is taught: no synapse moves but by writing it.";
  if (method === "incremental")
    return "The series is shown at 5 % of the full plasticity: synapses move by their small steps.";
  return "Plasticity is full in the first half of the cycles and half of that in the second, for every arm.";
}

function protocolNotes(config: OrganoidConfig): string[] {
  const { method = "stimulate" } = config;
  return [
    ...(method === "stimulate"
      ? []
      : [
          `Method ${method}: ${config.arms.map((arm) => `${arm}: ${ARM_MEANINGS[method][arm]}`).join("; ")}.`,
          "The bridge that reads the culture was fitted on babbling and not fitted anew, so the reading by hand stands beside it.",
        ]),
    "Babbling and probes run at 5 % of the full plasticity: at the full rate both overwrite what is learned.",
    plasticityNote(method),
    "The bridge was fitted on babbling alone, data and patterns in random order and independent of each other; it never saw the order of the series.",
    ...(method === "stimulate"
      ? [
          "The frozen arm replays the descent's own pulses with plasticity off; the yoked arm replays them in another order.",
        ]
      : []),
    ...(config.preset === "default"
      ? [
          "The culture bursts by itself and was quieted before babbling: stimulation spread over all electrodes for 10 s while its excitatory synapses were scaled to 40 %, which takes tissue a day or two.",
          "In training a synapse may grow to 1 leak conductance, twice what the culture fitted to spontaneous recordings allows.",
        ]
      : []),
    ...(config.retentionSeconds > 0
      ? [
          `Retention: ${config.retentionSeconds} s of spontaneous activity with plasticity fully on, then a probe.`,
        ]
      : []),
  ];
}

/** From the outcomes of all seeds to what report.json holds: means with intervals, differences, figures' data, verdict. */
import { bootstrapInterval, type Interval, pairedDifference } from "../../../math/interval.ts";
import {
  ablation,
  bestBrainAccuracy,
  brainAccuracies,
  jointAccuracy,
  lossWithout,
  majorityAccuracy,
} from "../../../tasks/measures/decide.ts";
import type { VatTask } from "../../../tasks/worlds/contract.ts";
import { countRallies } from "../../../tasks/worlds/pong/pong-game.ts";
import type { VatArm, VatConfig } from "../config.ts";
import type { ArmOutcome, VatProbe } from "../experiment.ts";
import { type QuestionReport, questionReports } from "./questions.ts";

export const VAT_REPORT_FORMAT = 1;

export const METRICS = {
  joint: { label: "the vat together", percent: true },
  majority: { label: "majority of its brains", percent: true },
  bestBrain: { label: "its best brain", percent: true },
  meanBrain: { label: "a brain by itself, mean", percent: true },
  hand: { label: "read by hand, mean", percent: true },
  bits: { label: "bits per spike from others", percent: false },
  bitsOwn: { label: "bits per spike from its own past", percent: false },
  bitsShuffled: { label: "the same, others shuffled", percent: false },
  hitsPerRally: { label: "hits per rally", percent: false },
  aces: { label: "aces", percent: true },
  longRallies: { label: "long rallies", percent: true },
} as const;
export type Metric = keyof typeof METRICS;
export type Scores = Partial<Record<Metric, Interval>>;

export interface ArmReport {
  readonly before: Scores;
  readonly after: Scores;
  /** After each cycle, the first being before any: of the task's main metric. */
  readonly curve: readonly Interval[];
  /** First quarter of the training game and the rest, in pong. */
  readonly training?: { readonly first: Interval; readonly rest: Interval };
  readonly ablation: readonly { readonly brains: number; readonly accuracy: Interval }[];
  readonly pulses: number;
  readonly refused: number;
}

export interface Comparison {
  readonly metric: Metric;
  readonly against: string;
  readonly difference: number;
  readonly ci95: readonly [number, number];
  readonly effectSize: number | null;
  /** Intervals apart, descent above. */
  readonly beaten: boolean;
}

export interface VatReport {
  readonly formatVersion: typeof VAT_REPORT_FORMAT;
  readonly kind: "vat";
  readonly wetgradVersion: string;
  readonly config: VatConfig;
  readonly task: {
    readonly name: string;
    readonly source: string;
    readonly classes: number;
    readonly chance: number;
  };
  readonly mainMetrics: readonly Metric[];
  readonly arms: Readonly<Partial<Record<VatArm, ArmReport>>>;
  /** Other players of the same game with as many samples, in pong: hits per rally. */
  readonly opponents: Readonly<Record<string, Scores>>;
  readonly comparisons: readonly Comparison[];
  /** Of signals: stream by stream. */
  readonly questions?: readonly QuestionReport[];
  /** Of the first seed's descent: accuracy of each brain, and what the vat loses without it. */
  readonly carries: { readonly accuracy: readonly number[]; readonly loss: readonly number[] } | null;
  /** Mean over brains and seeds, by training step. */
  readonly descent: { readonly crossEntropy: readonly number[]; readonly overlap: readonly number[] } | null;
  readonly notes: readonly string[];
  readonly timing: { readonly wallSeconds: number; readonly peakMemoryMb: number };
}

export interface VatRunFacts {
  readonly config: VatConfig;
  readonly wetgradVersion: string;
  /** The task of each seed. */
  readonly tasks: readonly VatTask[];
  readonly opponents: readonly Readonly<Record<string, Partial<Record<Metric, number>>>>[];
  /** What is to be known beside what the tasks say. */
  readonly notes?: readonly string[];
  readonly timing: VatReport["timing"];
}

/** What each task is judged by. */
export function mainMetrics(task: VatConfig["task"]): Metric[] {
  return task === "peers"
    ? ["bits", "hand", "joint"]
    : task === "pong"
      ? ["hitsPerRally", "hand"]
      : ["joint"];
}

/** `outcomes[seed][arm]`. */
export function buildVatReport(outcomes: readonly (readonly ArmOutcome[])[], facts: VatRunFacts): VatReport {
  const { config, tasks } = facts;
  const metrics = mainMetrics(config.task);
  const ofArm = (arm: VatArm) => outcomes.map((row) => row.find((outcome) => outcome.arm === arm)!);
  const scored = (pick: (outcome: ArmOutcome) => VatProbe, rows: readonly ArmOutcome[]) =>
    rows.map((outcome, s) => scoresOf(pick(outcome), tasks[s], config));
  const arms: Partial<Record<VatArm, ArmReport>> = {};
  for (const arm of config.arms) {
    const rows = ofArm(arm);
    const curve = Array.from({ length: config.cycles + 1 }, (_, cycle) =>
      bootstrapInterval(
        scored(({ before, probes }) => (cycle === 0 ? before : probes[cycle - 1]), rows).map(
          (s) => s[metrics[0]]!,
        ),
      ),
    );
    const sizes = ablation(rows[0].before.spoken, tasks[0].questions, 0).map(([k]) => k);
    const curves = rows.map((row, s) => ablation(last(row).spoken, tasks[s].questions, config.firstSeed + s));
    arms[arm] = {
      before: intervals(scored(({ before }) => before, rows)),
      after: intervals(scored(last, rows)),
      curve,
      ...(config.task === "pong" ? { training: trainingOf(rows) } : {}),
      ablation: sizes.map((brains, i) => ({
        brains,
        accuracy: bootstrapInterval(curves.map((c) => c[i][1])),
      })),
      pulses: rows.reduce((sum, { pulses }) => sum + pulses, 0),
      refused: rows.reduce((sum, { refused }) => sum + refused, 0),
    };
  }
  const names = [...new Set(facts.opponents.flatMap((row) => Object.keys(row)))];
  const opponents = Object.fromEntries(
    names.map((name) => [name, intervals(facts.opponents.map((row) => row[name]))]),
  );
  const first = outcomes[0]?.find(({ arm }) => arm === "descent");
  const questions = tasks[0].questions;
  return {
    formatVersion: VAT_REPORT_FORMAT,
    kind: "vat",
    wetgradVersion: facts.wetgradVersion,
    config,
    task: {
      name: tasks[0].name,
      source: tasks[0].source,
      classes: tasks[0].classes,
      chance: questions.reduce((sum, { answers }) => sum + 1 / answers, 0) / questions.length,
    },
    mainMetrics: metrics,
    arms,
    opponents,
    comparisons: compare(arms, opponents, metrics),
    questions: questionReports(outcomes, tasks, config.arms),
    carries: first
      ? {
          accuracy: brainAccuracies(last(first).spoken, questions),
          loss: lossWithout(last(first).spoken, questions),
        }
      : null,
    descent: config.arms.includes("descent") ? descentOf(ofArm("descent")) : null,
    notes: [...new Set([...tasks.flatMap(({ notes }) => notes), ...(facts.notes ?? [])])],
    timing: facts.timing,
  };
}

function last({ before, probes }: ArmOutcome): VatProbe {
  return probes.at(-1) ?? before;
}

type SeedScores = Partial<Record<Metric, number>>;

function scoresOf(probe: VatProbe, { questions }: VatTask, config: VatConfig): SeedScores {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const { spoken, listening, events, handAccuracy } = probe;
  const { hitsPerRally, aces, longRallies } = countRallies(events);
  return {
    joint: jointAccuracy(spoken, questions),
    majority: majorityAccuracy(spoken, questions),
    bestBrain: bestBrainAccuracy(spoken, questions),
    meanBrain: mean(brainAccuracies(spoken, questions)),
    hand: handAccuracy,
    ...(config.brains > 1
      ? {
          bits: mean(listening.fromOthers),
          bitsOwn: mean(listening.fromOwn),
          bitsShuffled: mean(listening.fromShuffled),
        }
      : {}),
    ...(config.task === "pong" ? { hitsPerRally, aces, longRallies } : {}),
  };
}

function intervals(perSeed: readonly SeedScores[]): Scores {
  return Object.fromEntries(
    (Object.keys(perSeed[0]) as Metric[]).map((metric) => [
      metric,
      bootstrapInterval(perSeed.map((scores) => scores[metric]!)),
    ]),
  );
}

function trainingOf(rows: readonly ArmOutcome[]) {
  const quarter = (events: ArmOutcome["trainEvents"]) => Math.floor(events.length / 4);
  return {
    first: bootstrapInterval(
      rows.map(({ trainEvents: e }) => countRallies(e.slice(0, quarter(e))).hitsPerRally),
    ),
    rest: bootstrapInterval(rows.map(({ trainEvents: e }) => countRallies(e.slice(quarter(e))).hitsPerRally)),
  };
}

function compare(
  arms: VatReport["arms"],
  opponents: VatReport["opponents"],
  metrics: readonly Metric[],
): Comparison[] {
  const ours = arms.descent?.after;
  if (!ours) return [];
  const others: [string, Scores][] = [
    ...Object.entries(arms).map(([name, { after }]): [string, Scores] => [name, after]),
    ...Object.entries(opponents),
  ];
  return metrics.flatMap((metric) => {
    const mine = ours[metric];
    if (!mine) return [];
    const rivals: [string, Interval | undefined][] = [
      ...others
        .filter(([name]) => name !== "descent")
        .map(([name, s]): [string, Interval | undefined] => [name, s[metric]]),
      ["before training", arms.descent?.before[metric]],
      ...(metric === "joint"
        ? (["majority", "bestBrain"] as const).map((m): [string, Interval | undefined] => [
            METRICS[m].label,
            ours[m],
          ])
        : []),
    ];
    return rivals.flatMap(([against, rival]) => {
      if (!rival) return [];
      const { mean, ci95, effectSize } = pairedDifference(mine.perSeed, rival.perSeed);
      return [
        {
          metric,
          against,
          difference: mean,
          ci95,
          effectSize: Number.isFinite(effectSize) ? effectSize : null,
          beaten: mine.perSeed.length > 1 && mine.ci95[0] > rival.ci95[1],
        },
      ];
    });
  });
}

function descentOf(rows: readonly ArmOutcome[]) {
  const mean = (pick: (log: NonNullable<ArmOutcome["log"]>) => number[]) => {
    const logs = rows.flatMap(({ log }) => (log ? [pick(log)] : []));
    return (logs[0] ?? []).map((_, i) => logs.reduce((sum, values) => sum + values[i] / logs.length, 0));
  };
  return { crossEntropy: mean(({ crossEntropy }) => crossEntropy), overlap: mean(({ overlap }) => overlap) };
}

/** From the outcomes of a vat's seeds to the report: means with intervals, figures' data, verdict. */
import { neuronsOn } from "../../device/simulated/scaffolds.ts";
import { pngOf } from "../../files/png.ts";
import { bootstrapInterval } from "../../math/interval.ts";
import type { GamePart, Scores, VatPart } from "../../report/schema/vat.ts";
import type { VatReport } from "../../report/schema.ts";
import { METRICS, type Metric } from "../../report/vat/metrics.ts";
import { vatVerdict } from "../../report/verdict/vat.ts";
import type { GameMetric, GameScore, Task } from "../../tasks/contract.ts";
import {
  ablation,
  bestBrainAccuracy,
  brainAccuracies,
  jointAccuracy,
  lossWithout,
  majorityAccuracy,
} from "../../tasks/measures/decide.ts";
import type { Extension } from "../extensions/extension.ts";
import type { ArmOutcome, Outcome, ProbeOutcome } from "../job/outcome.ts";
import type { VatArm, VatConfig } from "../vat/config.ts";
import { headOf } from "./head.ts";
import { holdingReports } from "./holdings.ts";
import { baselineIntervals, questionReports } from "./questions.ts";

export interface VatRunFacts {
  readonly config: VatConfig;
  readonly extensions?: readonly Extension[] | undefined;
  readonly wetgradVersion: string;
  /** The task of each outcome. */
  readonly tasks: readonly Task[];
}

/** What a task is judged by. */
export function mainMetrics({ metrics, score }: Pick<Task, "metrics" | "score">): readonly Metric[] {
  return metrics ?? (score ? ["hitsPerRally", "counts"] : ["joint"]);
}

/** An arm of one seed, with the probe before it was taught. */
type ArmRow = ArmOutcome & { readonly before: ProbeOutcome };

export function buildVatReport(outcomes: readonly Outcome[], facts: VatRunFacts): VatReport {
  const { config, tasks } = facts;
  const [{ name, kind, source, classes, questions, score }] = tasks;
  const rows = Object.fromEntries(config.arms.map((arm) => [arm, rowsOf(arm, outcomes)]));
  const vat = vatPart(rows, outcomes, facts);
  const game = score ? gamePart(rows, outcomes, tasks) : undefined;
  return {
    ...headOf({ ...facts, outcomes }, "stimulate", config.arms),
    task: {
      name,
      kind,
      source,
      classes,
      chance: questions.reduce((sum, { answers }) => sum + 1 / answers, 0) / questions.length,
    },
    verdict: vatVerdict(vat, game, outcomes.length),
    vat,
    ...(game ? { game } : {}),
    notes: [...new Set(outcomes.flatMap(({ notes }) => notes))],
  };
}

function rowsOf(arm: VatArm, outcomes: readonly Outcome[]): ArmRow[] {
  return outcomes.map(({ arms, before }) => ({ ...arms[arm], before: arms[arm].before ?? before }));
}

type Rows = Readonly<Record<string, readonly ArmRow[]>>;

function vatPart(rows: Rows, outcomes: readonly Outcome[], { config, tasks }: VatRunFacts): VatPart {
  const mainOnes = [...mainMetrics(tasks[0])];
  const questions = questionReports(outcomes, tasks, config.arms);
  const baselines = baselineIntervals(outcomes, tasks);
  const synapses = holdingReports(outcomes);
  const { descent } = rows;
  return {
    brains: config.brains,
    neurons: neuronsOn(config.scaffold, config.neurons),
    presentations: config.presentations,
    mainMetrics: mainOnes,
    arms: Object.fromEntries(
      Object.entries(rows).map(([arm, ofArm]) => [arm, armReport(ofArm, mainOnes[0], { config, tasks })]),
    ),
    ...(baselines ? { baselines } : {}),
    ...(synapses ? { synapses } : {}),
    ...(questions.length > 0 ? { questions } : {}),
    ...(descent
      ? {
          carries: {
            accuracy: brainAccuracies(last(descent[0]).spoken, tasks[0].questions),
            loss: lossWithout(last(descent[0]).spoken, tasks[0].questions),
          },
          descent: descentOf(descent),
        }
      : {}),
  };
}

function armReport(
  rows: readonly ArmRow[],
  main: Metric,
  { config, tasks }: Pick<VatRunFacts, "config" | "tasks">,
): VatPart["arms"][string] {
  const scored = (pick: (row: ArmRow) => ProbeOutcome) => rows.map((row, s) => scoresOf(pick(row), tasks[s]));
  const sizes = ablation(rows[0].before.spoken, tasks[0].questions, 0).map(([k]) => k);
  const curves = rows.map((row, s) => ablation(last(row).spoken, tasks[s].questions, config.firstSeed + s));
  return {
    before: intervals(scored(({ before }) => before)),
    after: intervals(scored(last)),
    curve: Array.from({ length: config.cycles + 1 }, (_, cycle) =>
      bootstrapInterval(
        scored(({ before, probes }) => (cycle === 0 ? before : probes[cycle - 1])).flatMap(
          (scores) => scores[main] ?? [],
        ),
      ),
    ),
    ablation: sizes.map((brains, i) => ({ brains, accuracy: bootstrapInterval(curves.map((c) => c[i][1])) })),
    pulses: rows.reduce((sum, { pulses }) => sum + pulses, 0),
    refused: rows.reduce((sum, { refused }) => sum + refused, 0),
  };
}

function gamePart(rows: Rows, outcomes: readonly Outcome[], tasks: readonly Task[]): GamePart {
  const others = outcomes.map(({ opponents, critics }) => ({ ...critics, ...opponents }));
  const names = Object.keys(others[0]);
  const film = filmOf(rows["descent"]?.[0], tasks[0]);
  return {
    ...(film ? { film } : {}),
    training: Object.fromEntries(Object.entries(rows).map(([arm, ofArm]) => [arm, trainingOf(ofArm, tasks)])),
    opponents: Object.fromEntries(
      names.map((name) => [name, intervals(others.map((scores) => metricsOf(scores[name] ?? {})))]),
    ),
  };
}

const FRAMES = 8;

/** A life of the last probe. */
function filmOf(row: ArmRow | undefined, { film }: Task): GamePart["film"] {
  const moves = row && last(row).moves;
  if (!moves || !film) return undefined;
  return film(moves, row.probes.length, FRAMES).map(({ picture, ...frame }) => ({
    ...frame,
    png: Buffer.from(pngOf(picture)).toString("base64"),
  }));
}

function last({ before, probes }: ArmRow): ProbeOutcome {
  return probes.at(-1) ?? before;
}

type SeedScores = Partial<Record<Metric, number>>;

function scoresOf(probe: ProbeOutcome, { questions, score }: Task): SeedScores {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const { spoken, listening, events, countAccuracy } = probe;
  const game = score?.(events);
  return {
    joint: jointAccuracy(spoken, questions),
    majority: majorityAccuracy(spoken, questions),
    bestBrain: bestBrainAccuracy(spoken, questions),
    meanBrain: mean(brainAccuracies(spoken, questions)),
    counts: countAccuracy,
    ...(listening
      ? {
          bits: mean(listening.fromOthers),
          bitsOwn: mean(listening.fromOwn),
          bitsShuffled: mean(listening.fromShuffled),
        }
      : {}),
    ...(game ? metricsOf(game) : {}),
  };
}

/** A game may count more than a report shows. */
function metricsOf(score: GameScore): SeedScores {
  return Object.fromEntries(Object.entries(score).filter(([name]) => name in METRICS));
}

function intervals(perSeed: readonly SeedScores[]): Scores {
  return Object.fromEntries(
    (Object.keys(perSeed[0]) as Metric[]).map((metric) => [
      metric,
      bootstrapInterval(perSeed.flatMap((scores) => scores[metric] ?? [])),
    ]),
  );
}

function trainingOf(rows: readonly ArmOutcome[], tasks: readonly Task[]) {
  const part = (cut: (events: ArmOutcome["trainEvents"], quarter: number) => ArmOutcome["trainEvents"]) =>
    bootstrapInterval(
      rows.map(({ trainEvents }, s) => {
        const events = cut(trainEvents, Math.floor(trainEvents.length / 4));
        const [metric] = mainMetrics(tasks[s]);
        return tasks[s].score?.(events)[metric as GameMetric] ?? 0;
      }),
    );
  return {
    first: part((events, quarter) => events.slice(0, quarter)),
    rest: part((events, quarter) => events.slice(quarter)),
  };
}

function descentOf(rows: readonly ArmOutcome[]) {
  const logs = rows.flatMap(({ fidelity }) => fidelity ?? []);
  const meanOf = (values: readonly (readonly number[])[]) =>
    (values[0] ?? []).map((_, i) => values.reduce((sum, row) => sum + row[i] / values.length, 0));
  return {
    crossEntropy: meanOf(logs.map(({ crossEntropy }) => crossEntropy)),
    overlap: meanOf(logs.map(({ overlap }) => overlap)),
  };
}

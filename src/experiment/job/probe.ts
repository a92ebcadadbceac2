/**
 * The probe: held-out data shown to the cultures, no writes, plasticity low. What the bridge reads off their states is the
 * cultures' own prediction.
 *
 * Legend: R presentations, N brains, K classes, Z latents.
 */
import { restingPlasticity } from "../../methods/plasticity.ts";
import { readByCounts } from "../../protocol/reading.ts";
import { walk } from "../../session/walk.ts";
import type { Task } from "../../tasks/contract.ts";
import { listen } from "../../tasks/measures/listening.ts";
import { accuracy, type Score, scorePrediction } from "../../tasks/measures/score.ts";
import { CourtLog } from "../journal/court.ts";
import type { Lab } from "./lab.ts";
import type { Probe, Reader, Reading } from "./readings.ts";
import { recorded } from "./recorded.ts";
import { rowsOf } from "./rows.ts";

/** Which probe, and with what plasticity. */
export interface ProbeOptions {
  readonly arm: string;
  readonly cycle: number;
  readonly phase?: "probe" | "retention";
  readonly connected?: boolean;
  readonly plasticity?: number;
}

export async function probe<M, I>(
  lab: Lab<M, I>,
  patterns: readonly (readonly (readonly number[])[])[],
  { arm, cycle, phase = "probe", connected = true, plasticity = restingPlasticity(lab.plan) }: ProbeOptions,
): Promise<Reading> {
  const court = new CourtLog();
  const walked = await recorded(lab, { arm, cycle, phase }, () =>
    walk(lab.cultures, {
      world: lab.task.world("probe", cycle + 1, connected),
      steps: lab.plan.probeTrials,
      isEnough: lab.task.isEnough,
      plasticity,
      patterns,
      watch: (event, world) => {
        const game = world.game?.() ?? null;
        court.add(game);
        lab.observer.step?.({ event, game, crossEntropy: null });
      },
    }),
  );
  const { track } = court;
  return track ? { ...walked, court: track } : walked;
}

/** What a probe saw, as it is read. */
export async function readProbe<M, I>(
  { task, seed }: Lab<M, I>,
  reader: Reader<M, I>,
  reading: Reading,
): Promise<Probe> {
  const { emulator, models, patterns } = reader;
  const { states, read, targets, answers, events, moves, court } = reading;
  const { probabilities, patches } = await emulator.read(models, states);
  const { brains, bins, channels } = states;
  return {
    scores: scoresOf(task, probabilities, brains),
    countAccuracy: countAccuracy({ read, targets, brains, bins, channels }, patterns, task.classes),
    spoken: { steps: states.steps, brains, classes: task.classes, probabilities, answers },
    patches,
    listening: brains > 1 ? listen({ counts: states.counts, patches, brains, bins, channels }, seed) : null,
    events,
    ...(moves ? { moves } : {}),
    ...(court ? { court } : {}),
  };
}

/** `[N]` scores of probabilities `[R, N, K]` on the held-out part of each brain's series. */
export function scoresOf(task: Task, probabilities: Float32Array, brains: number): Score[] | null {
  return (
    task.series?.map((series, brain) =>
      scorePrediction(series, {
        probabilities: Float64Array.from(rowsOf(probabilities, task.classes, brain, brains)),
      }),
    ) ?? null
  );
}

export interface Counted {
  readonly read: Float32Array;
  readonly targets: Int32Array;
  readonly brains: number;
  readonly bins: number;
  readonly channels: number;
}

/** Accuracy by electrode counts, mean over brains; data to which nothing should be said are left out. */
export function countAccuracy(
  { read, targets, brains, bins, channels }: Counted,
  patterns: readonly (readonly (readonly number[])[])[],
  classes: number,
): number {
  let sum = 0;
  for (let brain = 0; brain < brains; brain++) {
    const scores = readByCounts(rowsOf(read, bins * channels, brain, brains), {
      bins,
      channels,
      patterns: patterns[brain],
    });
    const own = targets.filter((_, i) => i % brains === brain);
    const asked = [...own.keys()].filter((r) => own[r] >= 0);
    if (asked.length === 0) continue;
    const kept = asked.flatMap((r) => [...scores.subarray(r * classes, (r + 1) * classes)]);
    sum += accuracy(
      kept,
      asked.map((r) => own[r]),
      classes,
    );
  }
  return sum / brains;
}

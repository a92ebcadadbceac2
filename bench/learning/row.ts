/** One culture taught by one arm of a method: cycles of lessons, then a probe on held-out data by electrode counts. */
import { countAccuracy } from "../../src/experiment/job/probe.ts";
import { specsOf, taskOf } from "../../src/experiment/job/setup.ts";
import type { Training } from "../../src/methods/contract.ts";
import {
  addPredictedChanges,
  type PredictedChanges,
} from "../../src/methods/learned-descent/predicted-changes.ts";
import { LOW_PLASTICITY, trainingPlasticity } from "../../src/methods/plasticity.ts";
import { methodOf } from "../../src/methods/registry.ts";
import { layoutFor } from "../../src/protocol/layout.ts";
import { Cultures, type CulturesState } from "../../src/session/cultures.ts";
import type { Plan } from "../../src/session/plan.ts";
import { walk } from "../../src/session/walk.ts";
import type { Task } from "../../src/tasks/contract.ts";
import { localTissue } from "../../src/tissue/local.ts";

export interface Subject {
  readonly plan: Plan;
  readonly seed: number;
  readonly task: Task;
  readonly cultures: Cultures;
  /** As grown, settled and quieted: where every arm begins. */
  readonly grown: CulturesState;
}

export interface Row {
  /** Shares of the held-out data that were right by electrode counts, at the end and after each pass. */
  readonly accuracy: number;
  readonly passes: readonly number[];
  readonly presentations: number;
  readonly written: number;
  readonly seconds: number;
  /** Where a model of learning predicted what writes would do. */
  readonly predictedChanges?: PredictedChanges;
}

/** The culture of a seed, without babbling: no emulator reads it. */
export async function openSubject(plan: Plan, seed: number): Promise<Subject> {
  const tissue = localTissue();
  await tissue.open(specsOf(plan, seed, false));
  const profile = tissue.profile(0);
  const task = (await taskOf(plan, profile))(seed);
  const cultures = new Cultures(tissue, [layoutFor(profile, seed, task.classes)], () => false);
  return { plan, seed, task, cultures, grown: await cultures.snapshot() };
}

export async function teach(subject: Subject, arm: string): Promise<Row> {
  const { plan, seed, task, cultures, grown } = subject;
  const startedAt = performance.now();
  const patterns = cultures.layouts.map(({ roles }) => roles.assigned);
  await cultures.restore(grown);
  const before: Awaited<ReturnType<ReturnType<typeof methodOf>["train"]>>[] = [];
  const passes: number[] = [];
  const every = plan.cycles / (plan.passes ?? 1);
  for (let cycle = 0; cycle < plan.cycles; cycle++) {
    const training = {
      plan,
      seed,
      code: "assigned",
      task,
      arm,
      cycle,
      cultures,
      beginning: { patterns, state: grown },
      before: [...before],
      descent: [],
      plasticity: trainingPlasticity(cycle, plan),
      connected: true,
      onWrite: () => undefined,
      watch: () => undefined,
      pause: () => undefined,
    } as unknown as Training<unknown, unknown>;
    before.push(await methodOf(plan.method).train(training));
    if ((cycle + 1) % every === 0) passes.push(await probeAside(subject));
  }
  const sum = (pick: (effort: (typeof before)[number]["effort"]) => number) =>
    before.reduce((total, { effort }) => total + pick(effort), 0);
  const predictions = before.flatMap(({ predictedChanges }) => predictedChanges ?? []);
  return {
    accuracy: passes.at(-1) ?? Number.NaN,
    passes,
    presentations: sum((effort) => effort.presentations),
    written: sum((effort) => effort.written ?? 0),
    seconds: Math.round((performance.now() - startedAt) / 1000),
    ...(predictions.length > 0 ? { predictedChanges: addPredictedChanges(predictions) } : {}),
  };
}

/** The probe; the cultures go on as if it had not been. */
async function probeAside({ plan, task, cultures }: Subject): Promise<number> {
  const state = await cultures.snapshot();
  const { read, targets } = await walk(cultures, {
    world: task.world("probe", 0, true),
    steps: plan.probeTrials,
    plasticity: LOW_PLASTICITY,
    patterns: cultures.layouts.map(({ roles }) => roles.assigned),
  });
  await cultures.restore(state);
  const [{ protocol, channels, roles }] = cultures.layouts;
  return countAccuracy(
    { read, targets, brains: 1, bins: protocol.bins, channels },
    [roles.assigned],
    task.classes,
  );
}

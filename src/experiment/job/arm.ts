/**
 * The arms of an experiment: each begins from the same cultures and goes through the same cycles of training and probe. A cycle
 * is kept in one file, so that a run killed at any moment goes on from the last one that was finished.
 */
import type { Emulator } from "../../emulator/contract.ts";
import { Random } from "../../math/random.ts";
import type { Beginning, Replayed, Trained, Training } from "../../methods/contract.ts";
import { FROZEN, trainingPlasticity } from "../../methods/plasticity.ts";
import { isProbed } from "../../session/conditions.ts";
import type { CulturesState } from "../../session/cultures.ts";
import { Stopped } from "../../tissue/stopped.ts";
import type { Holding } from "../holdings/holdings.ts";
import type { Lab } from "./lab.ts";
import { probe } from "./probe.ts";
import type { Reading } from "./readings.ts";
import { recorded, stage } from "./recorded.ts";

/** One cycle of an arm: what was trained, what its probe saw, and where the cultures were left. */
export interface ArmCycle<Models, Improved> {
  readonly trained: Trained<Models, Improved>;
  /** Null where no probe follows the cycle. */
  readonly reading: Reading | null;
  readonly state: CulturesState;
  /** `[N]` what the synapses of each culture hold of the series at the end of the last cycle, where that is asked. */
  readonly holdings: readonly Holding[] | null;
}

/** What an arm begins with. */
export interface ArmStart<Models> {
  readonly models: Models;
  /** The probe before it was taught, where it is not the common one. */
  readonly before: Reading | null;
}

/** Of the twin: nothing comes from one brain to another. */
export const isConnected = (arm: string) => arm !== "unconnected";

export function emulatorOf<M, I>(lab: Lab<M, I>, arm: string): Promise<Emulator<M, I>> {
  return isConnected(arm) ? Promise.resolve(lab.emulator) : lab.twin();
}

export async function startArm<M, I>(
  lab: Lab<M, I>,
  arm: string,
  beginning: Beginning<M>,
): Promise<ArmStart<M>> {
  if (isConnected(arm)) return { models: beginning.models, before: null };
  return stage(lab, { part: "start", arm }, async () => {
    const twin = await lab.twin();
    const random = Random.of(lab.seed, "twin fit");
    const models = await twin.disconnect(beginning.models, beginning.babbled, random);
    await lab.cultures.restore(beginning.state);
    const before = await probe(lab, beginning.patterns, { arm, cycle: -1, connected: false });
    return { models, before };
  });
}

/** What has run already: the cycles of an arm so far and where they left the cultures, and the cycles of the arm descent. */
export interface SoFar<Models, Improved> {
  readonly before: readonly Trained<Models, Improved>[];
  readonly state: CulturesState;
  readonly descent: readonly Replayed<Models, Improved>[];
}

/** What is the same in every cycle of an arm. */
export interface ArmCourse<Models> {
  readonly models: Models;
  readonly beginning: Beginning<Models>;
  readonly readEnds: (() => Promise<readonly Holding[]>) | null;
}

export async function runCycle<M, I>(
  lab: Lab<M, I>,
  arm: string,
  { models, beginning, readEnds }: ArmCourse<M>,
  { before, state, descent }: SoFar<M, I>,
): Promise<ArmCycle<M, I>> {
  const { plan, cultures, observer, method } = lab;
  const cycle = before.length;
  return stage(lab, { part: "arm", arm, cycle }, async () => {
    const { plasticity } = await lab.tuned(cycle);
    await cultures.restore(state);
    const training = await trainingOf(lab, arm, { models, beginning }, { before, descent, plasticity });
    const trained = await recorded(lab, { arm, cycle, phase: "train" }, () => method.train(training));
    const losses = trained.descended?.losses;
    if (losses) observer.fit?.(cycle, losses);
    const reading = isProbed(plan, cycle)
      ? await probe(lab, beginning.patterns, {
          arm,
          cycle,
          connected: isConnected(arm),
          ...(arm === "frozen" ? { plasticity: FROZEN } : {}),
        })
      : null;
    const holdings = cycle === plan.cycles - 1 ? ((await readEnds?.()) ?? null) : null;
    return { trained, reading, state: await cultures.snapshot(), holdings };
  });
}

interface Before<M, I> extends Pick<SoFar<M, I>, "before" | "descent"> {
  /** As the cycle was tuned. */
  readonly plasticity: number;
}

/** What a method is given for the cycle after those `before`. */
async function trainingOf<M, I>(
  lab: Lab<M, I>,
  arm: string,
  { models, beginning }: Pick<ArmCourse<M>, "models" | "beginning">,
  { before, descent, plasticity }: Before<M, I>,
): Promise<Training<M, I>> {
  const { plan, cultures, observer } = lab;
  const cycle = before.length;
  return {
    plan,
    seed: lab.seed,
    code: lab.code,
    task: lab.task,
    arm,
    cycle,
    cultures,
    emulator: await emulatorOf(lab, arm),
    beginning,
    models,
    before,
    descent,
    plasticity: trainingPlasticity(cycle, plan) * plasticity,
    connected: isConnected(arm),
    onWrite: (write) => observer.write?.(cycle, write, cultures),
    watch: (step) => observer.step?.(step),
    pause: () => {
      if (lab.pause()) throw new Stopped();
    },
  };
}

/** Teaches the cultures as they stand as the arm descent does, all cycles, with no probes between. */
export async function teachAgain<M, I>(lab: Lab<M, I>, beginning: Beginning<M>): Promise<void> {
  const before: Trained<M, I>[] = [];
  for (let cycle = 0; cycle < lab.plan.cycles; cycle++) {
    const { plasticity } = await lab.tuned(cycle);
    const course = { models: beginning.models, beginning };
    const training = await trainingOf(lab, "descent", course, { before, descent: before, plasticity });
    before.push(await lab.method.train(training));
  }
}

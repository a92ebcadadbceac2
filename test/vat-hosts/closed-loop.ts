/** A small closed loop over any tissue: what is written in a step depends on what was read in the step before. */
import { createHash } from "node:crypto";
import { simulatedProfile } from "../../src/device/simulated/array.ts";
import { pulsesFor } from "../../src/device/stimulation.ts";
import type { CultureSpec, StepPlan, StepResult, Tissue } from "../../src/tissue/contract.ts";
import { HeldCulture } from "../../src/tissue/held-culture.ts";

export const specs: readonly CultureSpec[] = Array.from({ length: 6 }, (_, brain) => ({
  brain,
  seed: 40 + brain,
  neurons: 120 + brain,
  div: 21,
  preset: "quiet",
}));

const FRAMES = 5000;

/** Where the loop stands: enough to go on from. */
export interface LoopState {
  readonly step: number;
  /** Of everything read until now. */
  readonly digest: string;
}

export const beginning: LoopState = { step: 0, digest: "" };

/** The electrodes pulsed are drawn from the digest: one wrong bit changes all that follows. */
function plansAfter({ digest }: LoopState): StepPlan[] {
  return specs.map(({ brain }) => {
    const bytes = createHash("sha256").update(`${digest} ${brain}`).digest();
    const pulses = [0, 1, 2, 3].flatMap((k) =>
      pulsesFor([bytes[k] % 64], 1, 200 + 1000 * k, simulatedProfile),
    );
    return { brain, durationFrames: FRAMES, pulses, plasticity: 1 };
  });
}

export async function advance(
  state: LoopState,
  step: (step: number, plans: readonly StepPlan[]) => Promise<StepResult[]>,
): Promise<LoopState> {
  const results = await step(state.step, plansAfter(state));
  const hash = createHash("sha256").update(state.digest);
  for (const { brain, spikes, refused } of results)
    hash.update(`${brain} ${refused.length} ${spikes.frames.join()} ${spikes.channels.join()};`);
  return { step: state.step + 1, digest: hash.digest("hex") };
}

export async function runLoop(
  tissue: Tissue,
  state: LoopState,
  until: number,
  onStep: (state: LoopState) => unknown = () => {},
): Promise<LoopState> {
  let now = state;
  while (now.step < until) {
    now = await advance(now, (step, plans) => tissue.step(step, plans));
    await onStep(now);
  }
  return now;
}

/** The loop over brains in this thread, undisturbed: the digest after each step. */
export async function undisturbed(steps: number): Promise<string[]> {
  const brains = await Promise.all(specs.map((spec) => HeldCulture.grow(spec)));
  const digests = [beginning.digest];
  let state = beginning;
  while (state.step < steps) {
    state = await advance(state, (step, plans) =>
      Promise.all(plans.map((plan) => brains[plan.brain].run(step, plan))),
    );
    digests.push(state.digest);
  }
  return digests;
}

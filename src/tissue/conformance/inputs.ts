/** The cultures and plans of the checks, and the same cultures stepped one after the other in a plain loop. */

import type { StimulableProfile } from "../../device/profile.ts";
import { simulatedProfile } from "../../device/simulated/array.ts";
import { pulsesFor } from "../../device/stimulation.ts";
import { Random } from "../../math/random.ts";
import type { CultureSpec, StepPlan, StepResult } from "../contract.ts";
import { HeldCulture } from "../held-culture.ts";

/** Three small cultures, unlike each other; one that can be rewarded. */
export const checkedSpecs: readonly CultureSpec[] = [
  { brain: 0, seed: 11, neurons: 120, div: 21, preset: "quiet" },
  { brain: 1, seed: 12, neurons: 125, div: 14, preset: "quiet", maximumWeight: 0.8, eligibilityMs: 200 },
  { brain: 2, seed: 13, neurons: 130, div: 28, preset: "default", rule: "depression-dominated" },
];

/** Which of them can be rewarded. */
export const REWARDED = 1;

/** Pulses that a step may hold: some of them too close to each other for the gate. */
export function checkedPlans(step: number, specs: readonly CultureSpec[] = checkedSpecs): StepPlan[] {
  return specs.map(({ brain }) => {
    const random = Random.of(99, step, brain);
    const durationFrames = 1000 + 250 * random.integer(4);
    const pulses = Array.from({ length: random.integer(6) }, () =>
      pulsesFor([random.integer(8)], 1, random.integer(durationFrames), simulatedProfile),
    ).flat();
    return { brain, durationFrames, pulses, plasticity: random.integer(3) / 2 };
  });
}

/** Of every three pulses on one electrode the gate refuses the second, which is too near to the first. */
export function crowdedPlans(step: number): StepPlan[] {
  return checkedPlans(step).map((plan) => ({
    ...plan,
    pulses: [0, 10, 60].flatMap((frame) => pulsesFor([3 + plan.brain], 1, frame, simulatedProfile)),
  }));
}

/** Three brains that are checked, and what is asked of them: grown cultures, or brains of another kind. */
export interface Checked {
  readonly specs: readonly CultureSpec[];
  plans(step: number): StepPlan[];
  /** Plans of which the gate refuses the second pulse of each brain, and no other. */
  crowded(step: number): StepPlan[];
  /** Of the device of a brain. */
  profile(brain: number): StimulableProfile;
}

export const GROWN: Checked = {
  specs: checkedSpecs,
  plans: checkedPlans,
  crowded: crowdedPlans,
  profile: () => simulatedProfile,
};

/** The brains of the checks without any tissue. */
export async function plainLoop({ specs, plans: planned }: Pick<Checked, "specs" | "plans"> = GROWN) {
  const brains = await Promise.all(specs.map((spec) => HeldCulture.grow(spec)));
  return {
    brains,
    async step(step: number, plans: readonly StepPlan[] = planned(step)): Promise<StepResult[]> {
      const results: StepResult[] = [];
      for (const plan of plans) results.push(await brains[plan.brain].run(step, plan));
      return results;
    },
  };
}

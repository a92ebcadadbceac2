/** Asked of tissue that lacks an ability. */
import type { StepPlan } from "./contract.ts";
import type { Ability, TissueProfile } from "./profile.ts";

/** What can do what, for who asked tissue that cannot. */
const WHO_CAN: Readonly<Record<Ability, string>> = {
  restore: "a simulated culture",
  plasticity: "a simulated culture",
  reward: "a simulated culture grown with eligibilityMs",
  scaling: "a simulated culture in this process",
  synapses: "a simulated culture in this process",
  learned: "a brain of a wiring diagram with synapses that learn",
};

/** What was asked needs an ability that the tissue lacks; nothing was done. */
export class Unable extends Error {
  override readonly name = "Unable";

  constructor(
    readonly ability: Ability,
    brain: number,
    { name, abilities }: TissueProfile,
  ) {
    super(
      `culture ${brain}: expected tissue with the ability "${ability}", got ${name} with ${abilities.join(", ") || "none"}; ${WHO_CAN[ability]} has it`,
    );
  }
}

export function assertAble(ability: Ability, brain: number, profile: TissueProfile): void {
  if (!profile.abilities.includes(ability)) throw new Unable(ability, brain, profile);
}

/** Throws `Unable` if the plan needs what its culture cannot do. */
export function assertPlan({ brain, reward }: StepPlan, profile: TissueProfile): void {
  if (reward !== undefined) assertAble("reward", brain, profile);
}

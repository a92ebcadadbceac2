/** What tissue is read and written by, and what it can do beyond being stimulated and read. */
import type { StimulableProfile } from "../device/profile.ts";
import type { WiringSpec } from "./wired/spec.ts";

/**
 * `restore`: put back to a snapshot. `plasticity`: its plastic change scaled step by step. `reward`: plasticity of three
 * factors, rewarded before a step. `scaling`: its excitatory synapses scaled. `synapses`: its synapses read and written.
 * `learned`: what its learning synapses have learnt read and written.
 */
export const ABILITIES = ["restore", "plasticity", "reward", "scaling", "synapses", "learned"] as const;
export type Ability = (typeof ABILITIES)[number];

/** The profile of the culture's device, and its abilities. */
export interface TissueProfile extends StimulableProfile {
  readonly abilities: readonly Ability[];
}

/** The profile of a device as plain data, and what its tissue can do. */
export function tissueProfile(device: StimulableProfile, abilities: readonly Ability[]): TissueProfile {
  return { ...structuredClone(device), abilities };
}

/** Of a brain of a wiring diagram; `learned` where some of its synapses learn. */
export function abilitiesOfWiring({ learning }: Pick<WiringSpec, "learning">): readonly Ability[] {
  return ["restore", "plasticity", ...(learning ? (["learned"] as const) : [])];
}

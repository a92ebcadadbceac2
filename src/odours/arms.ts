/** Arms and controls of the lesson "which of two odours is punished". */
import type { RewireOptions } from "../wiring/change/rewire.ts";

export const ARMS = {
  teacher:
    "dopamine after errors, both ways: punishing cells where the punished odour is liked, rewarding ones where the other is not",
  paired: "punishing cells with the punished odour, always",
  yoked: "the teacher's pulses of light, the odours in another order",
  random: "as many pulses as the teacher gave, of either kind, at random trials",
  frozen: "the teacher, its pulses without effect: synapses do not learn",
  sham: "odours alone, no dopamine cell is lit",
} as const;
export type ArmName = keyof typeof ARMS;

/** What is changed in the wiring before a brain is made of it; each is tuned to the working point of the wiring itself. */
export const WIRINGS: Readonly<
  Record<string, { readonly says: string; changes(seed: number): readonly RewireOptions[] }>
> = {
  real: { says: "the wiring itself", changes: () => [] },
  rewired: {
    says: "rewired within pairs of classes: every cell keeps how many it contacts of each class",
    changes: (seed) => [{ what: "targets", seed, within: "fine" }],
  },
  "rewired but dopamine": {
    says: "the same, but dopamine cells keep the output neurons that they contact",
    changes: (seed) => [{ what: "targets", seed, within: "fine", except: "MBIN>MBON" }],
  },
  counts: {
    says: "who contacts whom stays; counts of synapses are dealt out anew within pairs of classes",
    changes: (seed) => [{ what: "counts", seed, within: "fine" }],
  },
  signs: {
    says: "who excites and inhibits is dealt out anew among cells of the same class",
    changes: (seed) => [{ what: "signs", seed, within: "fine" }],
  },
};

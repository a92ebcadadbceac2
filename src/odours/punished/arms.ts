/** Arms of the lesson "which odour is punished". */
export const ARMS = {
  teacher:
    "dopamine after errors, both ways: punishing cells where a punished odour is liked, rewarding ones where another is not",
  paired: "punishing cells with the punished odour, always",
  yoked: "the teacher's pulses of light, the odours in another order",
  random: "as many pulses as the teacher gave, of either kind, at random trials",
  frozen: "the teacher, its pulses without effect: synapses do not learn",
  "no dopamine": "the teacher, but dopamine cells release nothing",
  sham: "odours alone, no dopamine cell is lit",
  scrambled: "the teacher; afterwards what synapses have learnt is dealt out anew among them",
  "rewired after":
    "the teacher; afterwards every cell keeps how many it contacts of each class, synapses take along what they have learnt",
} as const;
export type ArmName = keyof typeof ARMS;

/** Arms that are not what is judged, nor a variant of it. */
export const CONTROL_ARMS: readonly ArmName[] = [
  ...(["yoked", "random", "frozen", "no dopamine"] as const),
  ...(["sham", "scrambled", "rewired after"] as const),
];

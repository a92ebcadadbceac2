/**
 * Arms of the lesson "which odour is punished". Who leads is judged, and others replay what it gave: descent where it is among the arms,
 * else the teacher, who then is the hand that descent stands beside.
 */
export const ARMS = {
  descent:
    "light on classes of cells by gradient descent on an emulator of this brain, fitted on its babbling and on what it was taught",
  teacher:
    "a hand: dopamine after errors, both ways: punishing cells where a punished odour is liked, rewarding ones where another is not",
  paired: "a hand: punishing cells with the punished odour, always",
  yoked: "what who leads gave, at the same trials, the odours in another order",
  random: "what who leads gave, at other trials",
  frozen: "as who leads, without effect: synapses do not learn",
  "no dopamine": "as who leads, but dopamine cells release nothing",
  sham: "odours alone, no cell is lit beside them",
  scrambled: "as who leads; afterwards what synapses have learnt is dealt out anew among them",
  "rewired after":
    "as who leads; afterwards every cell keeps how many it contacts of each class, synapses take along what they have learnt",
} as const;
export type ArmName = keyof typeof ARMS;
export type Lead = "descent" | "teacher";

export const leadOf = (arms: readonly ArmName[]): Lead => (arms.includes("descent") ? "descent" : "teacher");

/** Arms that must be beaten. */
export const CONTROL_ARMS: readonly ArmName[] = [
  ...(["yoked", "random", "frozen", "no dopamine"] as const),
  ...(["sham", "scrambled", "rewired after"] as const),
];

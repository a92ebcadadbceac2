/** The arms: who chooses the trains after falls. */
export const ARMS = {
  none: { says: "play alone: nothing is trained", isPublished: true },
  random: { says: "trains between five other electrodes, chosen at random", isPublished: true },
  adaptive: {
    says: "the published trainer: a bandit over the same trains, paid by the change of the scores",
    isPublished: true,
  },
  "adaptive-own-pairs": {
    says: "the same bandit over the pairs that the teacher has: of the four sensory and motor groups",
    isPublished: false,
  },
  yoked: { says: "the adaptive arm's own trains in another order", isPublished: false },
  descent: {
    says: "gradient descent on an emulator of the play, through the equations of the game",
    isPublished: false,
  },
  "yoked-to-descent": { says: "the descent's own trains in another order", isPublished: false },
  teacher: { says: "knows which motor side catches the pole: the upper reference", isPublished: false },
  reverse: { says: "the teacher's pairs, motor side first", isPublished: false },
  crossed: { says: "the teacher's pairs with the wrong motor side", isPublished: false },
  frozen: { says: "the teacher with plasticity off", isPublished: false },
} as const satisfies Readonly<Record<string, { says: string; isPublished: boolean }>>;

export type ArmName = keyof typeof ARMS;

export const ARM_NAMES = Object.keys(ARMS) as [ArmName, ...ArmName[]];

/** Players without tissue. */
export const PLAYERS = {
  "perfect tissue": "counts its sensory pulses, and pushes to their side",
  "constant 0": "never pushes, as silent tissue",
  "constant 1": "pushes to one side",
  noise: "motor spikes at random",
} as const;

export type PlayerName = keyof typeof PLAYERS;

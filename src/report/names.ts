/** What arms and baselines are called in tables and figures, and what each of them controls for. */
export interface NamedThing {
  readonly label: string;
  readonly meaning: string;
}

/**
 * What stands beside the trained tissue, and what for. `control`: tissue that was not taught what it is asked, or is read without its
 * spikes; must be beaten for an answer to count as the tissue's own. `forecaster`: the same task done with no tissue.
 * `reference`: what more access, or silicon trained on the same data, reaches.
 */
export const GROUPS = ["control", "forecaster", "reference"] as const;
export type Group = (typeof GROUPS)[number];

export const GROUP_LABELS: Readonly<Record<Group, string>> = {
  control: "tissue controls",
  forecaster: "forecasters without tissue",
  reference: "upper references",
};

/** Of arms, in the order of display. What they do stands in the report: it is the method's. */
const ARM_LABELS: Readonly<Record<string, string>> = {
  descent: "descent",
  yoked: "yoked",
  random: "random",
  frozen: "frozen",
  sham: "sham",
  feedback: "published feedback",
  unconnected: "unconnected twin",
  scrambled: "scrambled",
  teacher: "teacher",
  hand: "hand",
  "signed-hand": "signed hand",
  always: "always writing",
  positive: "positive",
  direct: "direct",
};

export const BASELINE_NAMES: Readonly<Record<string, NamedThing>> = {
  chance: { label: "chance", meaning: "every class equally likely" },
  silentCulture: { label: "silent culture", meaning: "the bridge, fed no spikes at all" },
  shuffledSpikes: {
    label: "shuffled spikes",
    meaning: "the bridge, fed the culture's spikes of other presentations",
  },
  persistence: { label: "persistence", meaning: "the next value is the last one" },
  markov: { label: "Markov", meaning: "order-1 transition counts" },
  linearAR: { label: "linear AR", meaning: "linear regression on the same lags" },
  naiveBayes: { label: "naive Bayes", meaning: "on the same place code that the culture gets" },
  emulatorAlone: { label: "emulator alone", meaning: "what the model predicts without the culture" },
  readoutUntrained: {
    label: "readout on untrained",
    meaning:
      "a decoder fitted on the ordered series, on the untrained culture: an echo of the input suffices",
  },
  readoutTrained: {
    label: "readout on trained",
    meaning: "the same decoder, fitted and tried on the culture that descent trained",
  },
};

/** Other players of a game. */
export const PLAYER_NAMES: Readonly<Record<string, NamedThing>> = {
  dqn: { label: "DQN", meaning: "a small deep Q network with as many samples of the game" },
  ppo: { label: "PPO", meaning: "proximal policy optimisation with as many samples of the game" },
  qTable: {
    label: "table",
    meaning: "Q-learning on the same sites with as many samples, told of kills and deaths",
  },
  toldTable: {
    label: "table told the moves",
    meaning: "the same sites with as many samples, told the right moves as descent is",
  },
  perfectReader: {
    label: "perfect reader",
    meaning: "the right move at every site of the same code, by majority",
  },
  randomSpikes: {
    label: "random spikes",
    meaning: "in the tissue's place, what each brain says is drawn at random",
  },
  noSpikes: { label: "no spikes", meaning: "in the tissue's place nothing: ties go round" },
  spinAndFire: { label: "turn and fire", meaning: "a rhythm that perceives nothing" },
  alwaysAhead: { label: "one move always", meaning: "fires, or walks, whatever is seen" },
  late: { label: "one step late", meaning: "the trained brains, what they say is done a step later" },
  blackScreen: { label: "black screen", meaning: "the trained brains, given the same datum in every step" },
  framesInAnotherOrder: {
    label: "frames in another order",
    meaning: "the trained brains, given what was to be seen in other steps",
  },
  anotherGame: {
    label: "another game's spikes",
    meaning: "the trained brains, given another game than the one that they play",
  },
  permutedZone: {
    label: "permuted zone",
    meaning: "the trained brains, each move read at another one's electrodes",
  },
  resetInGame: {
    label: "reset in the game",
    meaning: "the brains put back to before training, and the game goes on",
  },
  mixedBefore: {
    label: "synapses mixed before",
    meaning: "each neuron's plastic weights permuted before training, then taught in the same way",
  },
  gatherUntaught: {
    label: "gather, untaught",
    meaning: "the trained brains in the other arena, with no lesson there",
  },
  gatherTaught: {
    label: "gather, taught next",
    meaning: "the trained brains in the other arena, after a lesson as long",
  },
  firstAgain: {
    label: "centre after gather",
    meaning: "the same brains in the first arena again, after the lesson in the other",
  },
  blindReplay: {
    label: "blind replay",
    meaning: "the moves of a perfect reader's best life, whatever is seen",
  },
};

const FORECASTERS = ["persistence", "markov", "linearAR", "naiveBayes", "dqn", "ppo", "qTable"];
/** Of a vat, its brains' other ways to decide are among them. */
const REFERENCES = [
  ...["teacher", "hand", "signed-hand", "always", "positive", "direct"],
  ...["emulatorAlone", "readoutUntrained", "readoutTrained"],
  ...[
    "majority",
    "bestBrain",
    "toldTable",
    "perfectReader",
    "mixedBefore",
    "gatherUntaught",
    "gatherTaught",
    "firstAgain",
  ],
];

/** The baselines that are tissue controls. */
export const CONTROL_BASELINES = Object.keys(BASELINE_NAMES).filter((name) => groupOf(name) === "control");

/** A name that is not known (an arm of a method of one's own) must be beaten, too. */
export function groupOf(name: string): Group {
  if (FORECASTERS.includes(name)) return "forecaster";
  return REFERENCES.includes(name) ? "reference" : "control";
}

/** What a report calls an arm: a method of one's own has its own words. Without a report, the names of this package. */
export function labelOf(
  name: string,
  report?: { readonly arms: Readonly<Record<string, NamedThing>> },
): string {
  const arm = report?.arms[name]?.label ?? ARM_LABELS[name];
  return arm ?? (BASELINE_NAMES[name] ?? PLAYER_NAMES[name])?.label ?? name;
}

/** What a baseline or another player is; of an arm, what the report says of it. */
export function meaningOf(
  name: string,
  { arms }: { readonly arms: Readonly<Record<string, { readonly meaning: string }>> },
): string {
  return (arms[name] ?? BASELINE_NAMES[name] ?? PLAYER_NAMES[name])?.meaning ?? "";
}

/** The keys of `record` in the order of display; unknown ones last. */
export function inOrder(record: Readonly<Record<string, unknown>>): string[] {
  const order = [...Object.keys(ARM_LABELS), ...Object.keys(BASELINE_NAMES)];
  const known = order.filter((name) => name in record);
  return [...known, ...Object.keys(record).filter((name) => !order.includes(name))];
}

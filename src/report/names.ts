/** What arms and baselines are called in tables and figures, and what each of them controls for. */
import type { Report } from "./schema.ts";

export interface NamedThing {
  readonly label: string;
  readonly meaning: string;
}

/** Of arms, in the order of display. What they do stands in the report: it is the method's. */
const ARM_LABELS: Readonly<Record<string, string>> = {
  descent: "descent",
  unconnected: "unconnected twin",
  teacher: "teacher",
  hand: "hand",
  "signed-hand": "signed hand",
  always: "always writing",
  positive: "positive",
  yoked: "yoked",
  random: "random",
  frozen: "frozen",
  sham: "sham",
  feedback: "published feedback",
  scrambled: "scrambled",
};

export const BASELINE_NAMES: Readonly<Record<string, NamedThing>> = {
  chance: { label: "chance", meaning: "every class equally likely" },
  persistence: { label: "persistence", meaning: "the next value is the last one" },
  linearAR: { label: "linear AR", meaning: "linear regression on the same lags" },
  markov: { label: "Markov", meaning: "order-1 transition counts" },
  naiveBayes: { label: "naive Bayes", meaning: "on the same place code that the culture gets" },
  emulatorAlone: { label: "emulator alone", meaning: "what the model predicts without the culture" },
  trainedReadout: {
    label: "trained readout",
    meaning:
      "a decoder fitted on the ordered series, on the untrained culture: an echo of the input suffices",
  },
  silentCulture: { label: "silent culture", meaning: "the bridge, fed no spikes at all" },
  shuffledSpikes: {
    label: "shuffled spikes",
    meaning: "the bridge, fed the culture's spikes of other presentations",
  },
};

/** Other players of a game. */
const PLAYER_NAMES: Readonly<Record<string, NamedThing>> = {
  dqn: { label: "DQN", meaning: "a small deep Q network with as many samples of the game" },
  ppo: { label: "PPO", meaning: "proximal policy optimisation with as many samples of the game" },
};

/** The arms and baselines that a trained culture must beat for its prediction to count as its own. */
export const CONTROL_ARMS = ["yoked", "random", "frozen", "sham", "scrambled"];
export const CONTROL_BASELINES = ["chance", "persistence", "silentCulture", "shuffledSpikes"];

export function labelOf(name: string): string {
  return ARM_LABELS[name] ?? (BASELINE_NAMES[name] ?? PLAYER_NAMES[name])?.label ?? name;
}

/** What a baseline or another player is; of an arm, what the report says of it. */
export function meaningOf(name: string, { arms }: Pick<Report, "arms">): string {
  return (arms[name] ?? BASELINE_NAMES[name] ?? PLAYER_NAMES[name])?.meaning ?? "";
}

/** The keys of `record` in the order of display; unknown ones last. */
export function inOrder(record: Readonly<Record<string, unknown>>): string[] {
  const order = [...Object.keys(ARM_LABELS), ...Object.keys(BASELINE_NAMES)];
  const known = order.filter((name) => name in record);
  return [...known, ...Object.keys(record).filter((name) => !order.includes(name))];
}

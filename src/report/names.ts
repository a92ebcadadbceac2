/** What arms and baselines are called in tables and figures, and what each of them controls for. */

export interface NamedThing {
  readonly label: string;
  readonly meaning: string;
}

/** In the order of display. */
export const ARM_NAMES: Readonly<Record<string, NamedThing>> = {
  descent: { label: "descent", meaning: "writes chosen by gradient descent on the emulator" },
  teacher: { label: "teacher", meaning: "hand-made writes that know the answer: the upper reference" },
  positive: { label: "positive", meaning: "forward-forward without its negative phases" },
  yoked: { label: "yoked", meaning: "descent's own writes, replayed against another order of the series" },
  random: { label: "random", meaning: "as many pulses, on random patterns" },
  frozen: { label: "frozen", meaning: "descent's writes with plasticity off" },
  sham: { label: "sham", meaning: "the series alone, no writes" },
  scrambled: {
    label: "scrambled",
    meaning: "descent's learned weights, permuted within each neuron afterwards",
  },
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

/** The arms and baselines that a trained culture must beat for its prediction to count as its own. */
export const CONTROL_ARMS = ["yoked", "random", "frozen", "sham", "scrambled"];
export const CONTROL_BASELINES = ["chance", "persistence", "silentCulture", "shuffledSpikes"];

export function labelOf(name: string): string {
  return (ARM_NAMES[name] ?? BASELINE_NAMES[name])?.label ?? name;
}

export function meaningOf(name: string): string {
  return (ARM_NAMES[name] ?? BASELINE_NAMES[name])?.meaning ?? "";
}

/** The keys of `record` in the order of display; unknown ones last. */
export function inOrder(record: Readonly<Record<string, unknown>>): string[] {
  const order = [...Object.keys(ARM_NAMES), ...Object.keys(BASELINE_NAMES)];
  const known = order.filter((name) => name in record);
  return [...known, ...Object.keys(record).filter((name) => !order.includes(name))];
}

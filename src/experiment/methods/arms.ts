/** Which arms each way to descend has: its own, under the name `descent`, and the controls that go with it. */
import { ARMS, type Arm, type Method } from "../config.ts";

export const METHOD_ARMS: Readonly<Record<Method, readonly Arm[]>> = {
  stimulate: ARMS,
  direct: ["descent", "yoked", "random", "sham"],
  incremental: ["descent", "yoked", "random", "sham"],
  "forward-forward": ["descent", "positive", "teacher", "yoked", "random", "frozen", "sham"],
  reward: ["descent", "yoked", "frozen", "sham"],
};

/** What the arms of a method are, in a line each. */
export const ARM_MEANINGS: Readonly<Record<Exclude<Method, "stimulate">, Partial<Record<Arm, string>>>> = {
  direct: {
    descent: "synapses as the twin's descent left them",
    yoked: "the same descent, on the series with its next classes in another order",
    random: "the descent's changes of synapses, each dealt to another synapse of its kind",
    sham: "nothing written",
  },
  incremental: {
    descent: "small steps of synapses, chosen by descent through the predictive model",
    yoked: "the same, on the series with its next classes in another order",
    random: "steps as large, in random directions",
    sham: "nothing written",
  },
  "forward-forward": {
    descent: "positive and negative phases by turns",
    positive:
      "the positive phases alone: in place of the negative ones the datum without a write, plasticity low",
    teacher: "as many pulses, all of them in positive phases",
    yoked: "both phases, on the series with its next classes in another order",
    random: "both phases, on random electrodes",
    frozen: "both phases, plasticity off",
    sham: "the series alone, no writes",
  },
  reward: {
    descent: "a random class is written, and rewarded if it was the next",
    yoked: "the same rewards, in another order",
    frozen: "the same writes, no reward",
    sham: "the series alone, no writes",
  },
};

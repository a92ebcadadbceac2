/**
 * What every method is, in words and needs: for who chooses one, without what carries it out. The programs are beside
 * (registry.ts has them by name).
 */
import type { ArmDescription, MethodDescription } from "./description.ts";
import { VARIATIONS } from "./variation-names.ts";

const HAND =
  "each datum is read, and shown again with the true class's pattern where that class does not lead by a margin";

/** Hands that read first: references, for they know the answer, and what a pulse before the volley does. */
const HANDS = {
  "signed-hand": {
    label: "signed hand",
    meaning:
      "the same; where another class leads, its liveliest electrodes are also pulsed before the volley, which weakens them",
  },
  always: {
    label: "always writing",
    meaning: "each datum is read, and always shown again with the true class's pattern",
  },
} as const satisfies Record<string, ArmDescription>;

export const DESCRIPTIONS = {
  stimulate: {
    name: "stimulate",
    access: "electrodes",
    needs: { tissue: [], task: [], brains: "any", arms: [] },
    arms: {
      descent: { label: "descent", meaning: "writes chosen by gradient descent on the emulator" },
      unconnected: {
        label: "unconnected twin",
        meaning:
          "the same brains and seeds, each predicted from itself alone; nothing goes from one to another",
        needs: { brains: "several" },
      },
      ...VARIATIONS,
      feedback: {
        label: "published feedback",
        meaning:
          "100 Hz on all sites after a hit, 4 s of random pulses and 4 s of rest after a miss; no writes",
        needs: { task: ["game"] },
      },
    },
    plasticity:
      "Plasticity is full in the first half of the cycles and half of that in the second, for every arm.",
  },
  direct: {
    name: "direct",
    access: "all synapses and cells, read and write",
    needs: { tissue: ["synapses"], task: ["series"], brains: "one", arms: [] },
    arms: {
      descent: { label: "descent", meaning: "synapses as the twin's descent left them" },
      yoked: {
        label: "yoked",
        meaning: "the same descent, on the series with its next classes in another order",
      },
      random: {
        label: "random",
        meaning: "the descent's changes of synapses, each dealt to another synapse of its kind",
        needs: { arms: ["descent"] },
      },
      sham: { label: "sham", meaning: "nothing written" },
    },
    plasticity:
      "Nothing is shown to the tissue while its twin is taught: no synapse moves but by writing it.",
  },
  incremental: {
    name: "incremental",
    access: "half of the synapses read with error, small steps",
    needs: { tissue: ["synapses", "plasticity"], task: ["series"], brains: "one", arms: [] },
    arms: {
      descent: {
        label: "descent",
        meaning: "small steps of synapses, chosen by descent through the predictive model",
      },
      yoked: { label: "yoked", meaning: "the same, on the series with its next classes in another order" },
      random: { label: "random", meaning: "steps as large, in random directions" },
      sham: { label: "sham", meaning: "nothing written" },
    },
    plasticity: "The series is shown at 5 % of the full plasticity: synapses move by their small steps.",
  },
  forwardForward: {
    name: "forward-forward",
    access: "electrodes, and a neuromodulator that turns plasticity round",
    needs: { tissue: ["plasticity"], task: ["series"], brains: "one", arms: [] },
    arms: {
      descent: { label: "descent", meaning: "positive and negative phases by turns" },
      positive: {
        label: "positive",
        meaning:
          "the positive phases alone: in place of the negative ones the datum without a write, plasticity low",
      },
      teacher: { label: "teacher", meaning: "as many pulses, all of them in positive phases" },
      yoked: { label: "yoked", meaning: "both phases, on the series with its next classes in another order" },
      random: { label: "random", meaning: "both phases, on random electrodes" },
      frozen: { label: "frozen", meaning: "both phases, plasticity off" },
      sham: { label: "sham", meaning: "the series alone, no writes" },
    },
    plasticity:
      "Plasticity is full in the first half of the cycles and half of that in the second, for every arm.",
  },
  errorCorrecting: {
    name: "error-correcting",
    access: "electrodes",
    isReadByCounts: true,
    needs: { tissue: [], task: [], brains: "any", arms: [] },
    arms: {
      descent: {
        label: "hand",
        meaning: HAND,
      },
      ...HANDS,
      yoked: VARIATIONS.yoked,
      random: { ...VARIATIONS.random, needs: VARIATIONS.yoked.needs },
      frozen: VARIATIONS.frozen,
      sham: VARIATIONS.sham,
    },
    plasticity:
      "Plasticity is full in the first half of the cycles and half of that in the second, for every arm.",
  },
  learnedDescent: {
    name: "learned-descent",
    access: "electrodes",
    isReadByCounts: true,
    needs: { tissue: [], task: [], brains: "any", arms: [] },
    arms: {
      descent: {
        label: "descent",
        meaning:
          "each datum is read; writes chosen by gradient descent through a model of how writes change later answers",
      },
      hand: { label: "hand", meaning: HAND },
      ...HANDS,
      yoked: VARIATIONS.yoked,
      random: { ...VARIATIONS.random, needs: VARIATIONS.yoked.needs },
      frozen: VARIATIONS.frozen,
      sham: VARIATIONS.sham,
    },
    plasticity:
      "Plasticity is full in the first half of the cycles and half of that in the second, for every arm.",
  },
  reward: {
    name: "reward",
    access: "electrodes, and a reward signal to all synapses",
    needs: { tissue: ["plasticity", "reward"], task: ["series"], brains: "one", arms: [] },
    arms: {
      descent: { label: "descent", meaning: "a random class is written, and rewarded if it was the next" },
      yoked: { label: "yoked", meaning: "the same rewards, in another order" },
      frozen: { label: "frozen", meaning: "the same writes, no reward" },
      sham: { label: "sham", meaning: "the series alone, no writes" },
    },
    plasticity:
      "Plasticity is full in the first half of the cycles and half of that in the second, for every arm.",
  },
} as const satisfies Record<string, MethodDescription>;

/** The ways to teach that this package has, by what access to the tissue they need; `stimulate` is the organoid cycle. */
export const METHODS: readonly string[] = Object.values(DESCRIPTIONS).map(({ name }) => name);

const descriptions = new Map<string, MethodDescription>(
  Object.values(DESCRIPTIONS).map((description) => [description.name, description]),
);

/** Throws `RangeError` where the name is taken, or is none. */
export function describeMethod(description: MethodDescription): void {
  const { name } = description;
  if (!/^[a-z][a-z0-9-]*$/.test(name))
    throw new RangeError(`method: expected a name of small letters, digits and dashes, got ${name}`);
  if (descriptions.has(name))
    throw new RangeError(`method ${name}: there is one of this name already; choose another`);
  descriptions.set(name, description);
}

/** Whether answers are read by electrode counts: by a method that teaches by them, and where the code says which electrodes they are. */
export function isReadByCounts(method: string, code: string): boolean {
  return code === "assigned" && descriptions.get(method)?.isReadByCounts === true;
}

/** All methods, those of one's own last. */
export function describedMethods(): ReadonlyMap<string, MethodDescription> {
  return descriptions;
}

/** Arms that mean the same in every method that has them: the same cultures, data and timing, another write. */
import type { ArmDescription } from "./description.ts";

const AFTER_DESCENT = { arms: ["descent"] } as const;

export const VARIATIONS = {
  teacher: {
    label: "teacher",
    meaning: "the true class's pattern, by a hand that knows the answer: the upper reference",
  },
  yoked: {
    label: "yoked",
    meaning: "descent's own pulses, replayed against another order of the data",
    needs: AFTER_DESCENT,
  },
  random: {
    label: "random",
    meaning: "as many pulses at the same times, on random electrodes of the prediction zone",
  },
  frozen: {
    label: "frozen",
    meaning: "descent's own pulses, plasticity off",
    needs: { ...AFTER_DESCENT, tissue: ["plasticity"] },
  },
  sham: { label: "sham", meaning: "the data alone, no writes" },
} as const satisfies Record<string, ArmDescription>;

export type Variation = keyof typeof VARIATIONS;

export function isVariation(arm: string): arm is Variation {
  return arm in VARIATIONS;
}

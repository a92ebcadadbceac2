/**
 * What is written to a culture while it reads: with each word, 4 ms after its second volley, some electrodes of another word's code; what is
 * read in all arms is the same, at the same speed, and all that write give as many pulses.
 */
import { Random } from "../../math/random.ts";
import type { WordCode } from "../brain/word-code.ts";

/** While a test is read, plasticity off. */
export const ASSISTED = {
  text: "text alone",
  next: "and the true next word: a machine has the page, and knows where the reader is",
  predicted: "and the word that the language model holds likeliest to come next",
  yoked: "and the next words of another sentence",
  random: "and as many electrodes at random",
  writeOnly: "the true next words without the text: what passes by the eyes is not read",
} as const;
export type AssistedArm = keyof typeof ASSISTED;

/** In lessons, plasticity on, before a test of text alone. */
export const LESSONS = {
  next: "taught with the true next words",
  yoked: "taught with those of another sentence",
  sham: "read as much, nothing written",
} as const;
export type LessonArm = keyof typeof LESSONS;

/** Electrodes of a write. */
export const WRITE_ELECTRODES = 5;

/** For each word of a sentence, the channels written with it. */
export type SentenceWrites = readonly (readonly number[])[];

export interface WriteSource {
  readonly code: WordCode;
  readonly sensory: readonly number[];
  /** What is predicted after each word of each sentence. */
  readonly predicted: readonly (readonly (string | undefined)[])[];
  readonly seed: number;
}

/** Writes of every sentence: with each word but the last. `words` of each, in the order of `predicted`. */
export function writesOf(
  arm: AssistedArm | LessonArm,
  sentences: readonly (readonly string[])[],
  { code, sensory, predicted, seed }: WriteSource,
): SentenceWrites[] {
  const random = Random.of(seed, "speed writes", arm);
  return sentences.map((words, n) => {
    const other = sentences[(n + 1) % sentences.length];
    const written = (w: number): string | undefined => {
      if (arm === "next" || arm === "writeOnly") return words[w + 1];
      if (arm === "predicted") return predicted[n]?.[w];
      return arm === "yoked" ? other[1 + (w % (other.length - 1))] : undefined;
    };
    return words.map((shown, w) => {
      if (arm === "text" || arm === "sham" || w === words.length - 1) return [];
      const word = written(w);
      const own = new Set(code(shown).flat());
      // Electrodes that the shown word does not pulse itself: of the written word's first, then any, for all to be as many.
      const wanted = word === undefined ? [] : code(word).flat();
      const any = random.permutation(sensory.length).map((i) => sensory[i]);
      const free = [...new Set([...wanted, ...any])].filter((channel) => !own.has(channel));
      return free.slice(0, WRITE_ELECTRODES);
    });
  });
}

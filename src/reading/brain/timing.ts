/**
 * When the words of a sentence reach the tissue, in the eyes' own time: a word when it comes to be read (x_0:t), again every 50 ms for as
 * long as the eyes take until the next. Words that were skipped come first when the eyes land behind them.
 */
import type { SimulatedFixation } from "../eyes/ez-reader.ts";
import { readSoFar } from "../gaze/read-so-far.ts";

export interface ShownWord {
  readonly word: number;
  /** Of each time that its volleys are given, ms from the beginning. */
  readonly atMs: readonly number[];
}

/** From one giving of a word to the next, and the least time that a word has. */
export const REPEAT_MS = 50;
export const LEAST_MS = 50;
const MOST_REPEATS = 4;

export interface ShownSentence {
  readonly words: readonly ShownWord[];
  readonly durationMs: number;
}

/** `msPerWord`: the same time for every word in place of the eyes' own. */
export function showTimes(
  fixations: readonly SimulatedFixation[],
  words: number,
  msPerWord?: number,
): ShownSentence {
  const onsets = msPerWord === undefined ? onsetsOf(fixations, words) : evenly(words, msPerWord);
  const last = fixations.at(-1)!;
  const end = Math.max(
    onsets[words - 1] + LEAST_MS,
    msPerWord === undefined ? last.onsetMs + last.durationMs : words * msPerWord,
  );
  return {
    words: onsets.map((onset, word) => {
      const time = (onsets[word + 1] ?? end) - onset;
      const repeats = Math.min(MOST_REPEATS, Math.max(1, Math.floor(time / REPEAT_MS)));
      return { word, atMs: Array.from({ length: repeats }, (_, i) => onset + i * REPEAT_MS) };
    }),
    durationMs: end + LEAST_MS,
  };
}

function onsetsOf(fixations: readonly SimulatedFixation[], words: number): number[] {
  const onsets = new Array<number>(words).fill(0);
  for (const { word, onsetMs } of readSoFar(fixations)) onsets[word] = Math.round(onsetMs);
  // The words before the first fixation, and after the last, were never fixated past.
  for (let i = 1; i < words; i++) onsets[i] = Math.max(onsets[i], onsets[i - 1] + LEAST_MS);
  return onsets;
}

function evenly(words: number, ms: number): number[] {
  return Array.from({ length: words }, (_, i) => Math.round(i * ms));
}

/**
 * What has been read, and when: x_0:t. A word is read when it is fixated, a skipped one when one behind it is; the mind is a little
 * behind the eyes.
 */

/** Eye-to-mind lag, ms. */
export const MIND_LAG_MS = 50;

export interface ReadWordTime {
  /** Index into the page's words. */
  readonly word: number;
  /** When it came to be read. */
  readonly onsetMs: number;
  /** When the fixation that made it so ended. */
  readonly offsetMs: number;
}

/** The words in their order, up to the furthest that was fixated. */
export function readSoFar(
  fixations: readonly { readonly word: number; readonly onsetMs: number; readonly durationMs: number }[],
): ReadWordTime[] {
  const read: ReadWordTime[] = [];
  const first = fixations.reduce((least, { word }) => Math.min(least, word), Number.POSITIVE_INFINITY);
  let next = first;
  for (const { word, onsetMs, durationMs } of fixations)
    for (; next <= word; next++)
      read.push({ word: next, onsetMs: onsetMs + MIND_LAG_MS, offsetMs: onsetMs + durationMs + MIND_LAG_MS });
  return read;
}

/** How many words of the page were read at a time. */
export function wordsReadAt(read: readonly ReadWordTime[], timeMs: number): number {
  let count = 0;
  for (const { word, onsetMs } of read) if (onsetMs <= timeMs) count = word + 1;
  return count;
}

/** Whether a text is a sentence: what is encoded, decoded and read here are sentences, and one word says too little to be one. */
import { TextError } from "../error.ts";

/** Words by the Unicode rules, so that scripts that write none between them have some, too: https://unicode.org/reports/tr29/ */
const segmenter = new Intl.Segmenter("und", { granularity: "word" });

/** Throws `TextError` for a text of fewer than two words. */
export function assertSentence(text: string): void {
  let words = 0;
  for (const { isWordLike } of segmenter.segment(text)) if (isWordLike && ++words === 2) return;
  throw new TextError(
    `text: expected a sentence of at least two words, got ${words === 0 ? "none" : "one"}: ${JSON.stringify(text.slice(0, 60))}`,
  );
}

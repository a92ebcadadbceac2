/**
 * A page of text as a grid of letters: where every word stands. Columns are letter widths from the left margin, lines count from 0; the
 * middle of a letter is half a letter to the right of its column.
 */

export interface PageWord {
  readonly text: string;
  readonly line: number;
  /** Column of its first letter, and the one after its last. */
  readonly start: number;
  readonly end: number;
  /** Which sentence it belongs to. */
  readonly sentence: number;
}

/** Sentences set one after the other in lines of at most `columns` letters; `ownLines`: each sentence on a new line. */
export function layPage(
  sentences: readonly string[],
  { columns = 70, ownLines = false }: { columns?: number; ownLines?: boolean } = {},
): PageWord[] {
  const words: PageWord[] = [];
  let [line, column] = [0, 0];
  sentences.forEach((text, sentence) => {
    if (ownLines && sentence > 0) [line, column] = [line + 1, 0];
    for (const word of text.split(/\s+/).filter((part) => part !== "")) {
      if (column > 0 && column + word.length > columns) [line, column] = [line + 1, 0];
      words.push({ text: word, line, start: column, end: column + word.length, sentence });
      column += word.length + 1;
    }
  });
  return words;
}

/** The letters of a word without punctuation around them. */
export function bareWord(text: string): string {
  return text.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");
}

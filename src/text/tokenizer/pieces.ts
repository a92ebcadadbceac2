/**
 * Cuts text into the pieces that merges never cross: words with the blank before them, numbers, punctuation. So words align with
 * tokens. The pattern is GPT-2's (see bytes.ts).
 */

export const GPT2_PIECES = /'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

/** The pieces of `text`; together they are the text. What no piece of `pattern` covers is a piece of its own. */
export function piecesOf(text: string, pattern: RegExp = GPT2_PIECES): string[] {
  const pieces: string[] = [];
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    if (match[0] === "") continue;
    if (match.index > at) pieces.push(text.slice(at, match.index));
    pieces.push(match[0]);
    at = match.index + match[0].length;
  }
  if (at < text.length) pieces.push(text.slice(at));
  return pieces;
}

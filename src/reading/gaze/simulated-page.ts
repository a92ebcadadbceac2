/**
 * A page read by E-Z Reader, as a tracker would see it: places on the grid of letters with an offset that is wrong from the start and
 * drifts from line to line. What mapping gaze to words is tested with.
 */
import type { Random } from "../../math/random.ts";
import { readSentence } from "../eyes/ez-reader.ts";
import type { EzReaderParameters, ReadWord } from "../eyes/ez-reader-parameters.ts";
import type { PageWord } from "../eyes/page.ts";
import type { GridFixation } from "./fixation.ts";

export interface TrackerError {
  /** Standard deviation of the offset at the beginning, letters; across lines it is that many letters, too. */
  readonly offsetLetters: number;
  /** By which the offset changes from line to line, letters, to either side and up or down. */
  readonly driftLetters: number;
  /** Height of a line, letters. */
  readonly lineLetters: number;
}

export interface TrackedPage {
  readonly seen: GridFixation[];
  /** The word that each fixation was on. */
  readonly words: number[];
  /** The fixations as they were. */
  readonly true: GridFixation[];
}

export function trackPage(
  page: readonly PageWord[],
  knowledge: (word: PageWord) => ReadWord,
  { random, error, parameters }: { random: Random; error: TrackerError; parameters: EzReaderParameters },
): TrackedPage {
  const tracked: TrackedPage = { seen: [], words: [], true: [] };
  const { offsetLetters, driftLetters, lineLetters } = error;
  const either = () => (random.uniform() < 0.5 ? 1 : -1);
  const across = { offset: offsetLetters * random.normal(), drift: driftLetters * either() };
  const down = {
    offset: (offsetLetters / lineLetters) * random.normal(),
    drift: (driftLetters / lineLetters) * either(),
  };
  let now = 0;
  for (let sentence = 0; sentence <= page.at(-1)!.sentence; sentence++) {
    const indices = [...page.keys()].filter((i) => page[i].sentence === sentence);
    if (indices.length === 0) continue;
    const words = indices.map((i) => knowledge(page[i]));
    const starts = [0];
    for (const { letters } of words) starts.push(starts.at(-1)! + letters + 1);
    let end = now;
    for (const { word, place, onsetMs, durationMs } of readSentence(
      words,
      random.split(sentence),
      parameters,
    )) {
      const { start, line } = page[indices[word]];
      const time = { onsetMs: now + onsetMs, durationMs };
      const column = start + place - starts[word];
      tracked.words.push(indices[word]);
      tracked.true.push({ ...time, column, line });
      tracked.seen.push({
        ...time,
        column: column + across.offset + across.drift * line,
        line: line + down.offset + down.drift * line,
      });
      end = time.onsetMs + durationMs;
    }
    now = end + parameters.saccadeMs;
  }
  return tracked;
}

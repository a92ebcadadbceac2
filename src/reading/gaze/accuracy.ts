/** How well gaze is mapped to words, where it is known what was looked at. */
import type { PageWord } from "../eyes/page.ts";
import { readSoFar, wordsReadAt } from "./read-so-far.ts";
import type { TrackedPage } from "./simulated-page.ts";
import { assignWords } from "./words.ts";

const STEP_MS = 10;

/** Fixations whose word is right, and moments at which x_0:t is what was read to the word; both with their totals. */
export function mappingAccuracy(page: readonly PageWord[], tracked: TrackedPage) {
  const found = assignWords(tracked.seen, page);
  const right = found.filter(({ word }, i) => word === tracked.words[i]).length;
  const truth = readSoFar(tracked.true.map((fixation, i) => ({ ...fixation, word: tracked.words[i] })));
  const read = readSoFar(found);
  const { onsetMs, durationMs } = tracked.true.at(-1)!;
  let [moments, same] = [0, 0];
  for (let t = 0; t < onsetMs + durationMs; t += STEP_MS) {
    moments++;
    if (wordsReadAt(read, t) === wordsReadAt(truth, t)) same++;
  }
  return { fixations: found.length, right, moments, same };
}

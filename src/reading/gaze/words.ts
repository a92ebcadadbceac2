/**
 * Which word each fixation was on. Trackers drift: the offset of what they say changes slowly over a page, up and down and from side to
 * side. So fixations are first cut into passes along a line by return sweeps; from one pass to the next the eyes go by whole lines,
 * whatever the offset; and the offset along the line is the one straight line over the page by which fixations come to lie on words.
 */

import { ReadingError } from "../error.ts";
import type { PageWord } from "../eyes/page.ts";
import type { GridFixation } from "./fixation.ts";

export interface WordFixation extends GridFixation {
  /** Index into the page's words. */
  readonly word: number;
}

/** A leap to the left by more than this share of the longest line begins a new pass. */
const SWEEP_SHARE = 0.3;
/** Landing places spread about the middle of words by this many letters. */
const LANDING_SPREAD = 1.5;
/** They lie a little before it (Rayner 1979, https://doi.org/10.1068/p080021). */
const LANDING_BIAS = 0.15;
const MOST_OFFSET = 5;
const MOST_DRIFT = 1.5;
/** Beyond this share of fixations off the text, the gaze is of another page. */
const MOST_OFF = 0.3;

export function assignWords(fixations: readonly GridFixation[], words: readonly PageWord[]): WordFixation[] {
  if (words.length === 0) throw new ReadingError("gaze: expected a page with words, got an empty one");
  if (fixations.length === 0) throw new ReadingError("gaze: expected fixations, got none");
  const lines = wordsByLine(words);
  const width = Math.max(...words.map(({ end }) => end));
  const passes = passesOf(fixations, width * SWEEP_SHARE);
  refuseOtherPage(fixations, lines);
  // Where the first pass lies is not certain to the line; the words along the lines tell.
  const candidates = [0, -1, 1].map((shift) => {
    const lineOf = linesOfPasses(passes, lines.length, shift);
    const onLines = passes.flatMap((pass, i) => pass.map((fixation) => ({ fixation, line: lineOf[i] })));
    return { onLines, ...alignment(onLines, lines) };
  });
  const { onLines, offset, drift } = candidates.reduce((a, b) => (b.score > a.score ? b : a));
  return onLines.map(({ fixation, line }) => {
    const column = fixation.column - offset - drift * line;
    return { ...fixation, word: nearestWord(lines[line], column) };
  });
}

type LineWord = { readonly index: number; readonly start: number; readonly end: number };

function wordsByLine(words: readonly PageWord[]): LineWord[][] {
  const lines: LineWord[][] = Array.from({ length: words.at(-1)!.line + 1 }, () => []);
  words.forEach(({ line, start, end }, index) => {
    lines[line].push({ index, start, end });
  });
  return lines;
}

function passesOf(fixations: readonly GridFixation[], sweep: number): GridFixation[][] {
  const passes: GridFixation[][] = [[fixations[0]]];
  for (let i = 1; i < fixations.length; i++) {
    const back = fixations[i - 1].column - fixations[i].column;
    const lines = Math.abs(fixations[i].line - fixations[i - 1].line);
    if (back > sweep || lines > 0.6) passes.push([]);
    passes.at(-1)!.push(fixations[i]);
  }
  return passes;
}

/** The line of each pass: the first by where it lies, `shift` lines further, the others by how many lines the eyes went. */
function linesOfPasses(passes: readonly (readonly GridFixation[])[], lines: number, shift: number): number[] {
  const heights = passes.map((pass) => pass.reduce((sum, { line }) => sum + line, 0) / pass.length);
  const within = (line: number) => Math.min(lines - 1, Math.max(0, line));
  const found: number[] = [];
  heights.forEach((height, i) => {
    const line = i === 0 ? Math.round(height) + shift : found[i - 1] + Math.round(height - heights[i - 1]);
    found.push(within(line));
  });
  return found;
}

type OnLine = { readonly fixation: GridFixation; readonly line: number };

/** How far a fixation may lie off the text, letters and lines, at the first line and more for each further one. */
const SLACK = { letters: 5, lettersPerLine: 1.5, lines: 1.5, linesPerLine: 0.5 };

function refuseOtherPage(fixations: readonly GridFixation[], lines: readonly (readonly LineWord[])[]): void {
  const longest = Math.max(...lines.map((line) => line.at(-1)?.end ?? 0));
  const off = fixations.filter(({ column, line }) => {
    const slack = SLACK.letters + SLACK.lettersPerLine * Math.max(0, line);
    const down = line - (lines.length - 1);
    return (
      column < -slack ||
      column > longest + slack ||
      line < -SLACK.lines - SLACK.linesPerLine * lines.length ||
      down > SLACK.lines + SLACK.linesPerLine * lines.length
    );
  });
  if (off.length > MOST_OFF * fixations.length)
    throw new ReadingError(
      `gaze: expected fixations on this page, got ${off.length} of ${fixations.length} off its text; is this the gaze of another page, or its place on the screen another?`,
    );
}

/** The offset at the first line and its change per line, letters, under which the fixations are likeliest. */
function alignment(
  onLines: readonly OnLine[],
  lines: readonly (readonly LineWord[])[],
): { offset: number; drift: number; score: number } {
  let best = { offset: 0, drift: 0, score: Number.NEGATIVE_INFINITY };
  const several = new Set(onLines.map(({ line }) => line)).size > 1;
  const search = (
    center: { offset: number; drift: number },
    reach: { offset: number; drift: number },
    step: { offset: number; drift: number },
  ) => {
    for (
      let drift = center.drift - reach.drift;
      drift <= center.drift + reach.drift + 1e-9;
      drift += step.drift
    )
      for (
        let offset = center.offset - reach.offset;
        offset <= center.offset + reach.offset + 1e-9;
        offset += step.offset
      ) {
        const score =
          likelihood(onLines, lines, offset, drift) - 0.5 * ((offset / 4) ** 2 + (drift / 2) ** 2);
        if (score > best.score) best = { offset, drift, score };
      }
  };
  search(best, { offset: MOST_OFFSET, drift: several ? MOST_DRIFT : 0 }, { offset: 0.8, drift: 0.15 });
  search(best, { offset: 0.6, drift: several ? 0.1 : 0 }, { offset: 0.2, drift: 0.025 });
  search(best, { offset: 0.1, drift: several ? 0.0125 : 0 }, { offset: 0.05, drift: 0.00625 });
  return best;
}

/** How likely the eyes go on by so many words: back, again, to the next, over one, over two. */
const STEPS: readonly (readonly [number, number])[] = [
  [-1, 0.02],
  [0, 0.15],
  [1, 0.55],
  [2, 0.22],
  [3, 0.05],
];
const ANY_STEP = 0.002;

/**
 * Log-likelihood of the fixations of each line as a walk over its words, by the forward algorithm: a fixation is spread about the
 * middle of its word, wider in a longer one.
 */
function likelihood(
  onLines: readonly OnLine[],
  lines: readonly (readonly LineWord[])[],
  offset: number,
  drift: number,
): number {
  let sum = 0;
  let before: Float64Array | undefined;
  for (const [i, { fixation, line }] of onLines.entries()) {
    const column = fixation.column - offset - drift * line;
    const words = lines[line];
    if (i === 0 || onLines[i - 1].line !== line) before = undefined;
    const now = new Float64Array(words.length);
    let total = 0;
    for (const [n, { start, end }] of words.entries()) {
      let reached = before ? ANY_STEP : 1 / words.length;
      if (before) for (const [step, chance] of STEPS) reached += chance * (before[n - step] ?? 0);
      const spread = LANDING_SPREAD + 0.1 * (end - start - 5);
      const away = (column - (start + end) / 2 - LANDING_BIAS) / spread;
      now[n] = reached * (1e-5 + Math.exp(-0.5 * away * away) / spread);
      total += now[n];
    }
    sum += Math.log(total);
    before = now.map((value) => value / total);
  }
  return sum;
}

/** The word under a column; the blank before a word is its own. */
function nearestWord(line: readonly LineWord[], column: number): number {
  let found = line[0].index;
  for (const { index, start } of line) if (column >= start - 1) found = index;
  return found;
}

import { expect, it } from "vitest";
import { Random } from "../../math/random.ts";
import { EZ_READER } from "../eyes/ez-reader-parameters.ts";
import { layPage } from "../eyes/page.ts";
import { mappingAccuracy } from "./accuracy.ts";
import { toGrid } from "./fixation.ts";
import { readSoFar, wordsReadAt } from "./read-so-far.ts";
import { trackPage } from "./simulated-page.ts";
import { fixationsByVelocity } from "./velocity.ts";
import { assignWords } from "./words.ts";

const SENTENCES = [
  "The old man in the harbour had not caught a single fish for many weeks.",
  "Nobody in the village could remember such a long and empty summer.",
  "Every morning he pushed his little boat down the beach and went out alone.",
  "When the evening came he rowed home again and carried the mast up the hill.",
  "The boy who used to help him now had to work on another boat.",
  "Still he brought coffee and bread and they talked about the great teams.",
  "One night the old man decided that he would go further out than ever before.",
];
const page = layPage(SENTENCES, { columns: 50 });
const knowledge = ({ text }: { text: string }) => ({
  letters: text.length,
  perMillion: text.length < 5 ? 3000 : 60,
  predictability: 0,
});

it("finds the words under a gaze that is off by half a degree and drifts by a letter a line", () => {
  const error = { offsetLetters: 1.5, driftLetters: 1, lineLetters: 3 };
  const totals = { fixations: 0, right: 0, moments: 0, same: 0 };
  for (let seed = 0; seed < 6; seed++) {
    const tracked = trackPage(page, knowledge, {
      random: Random.of(seed, "page"),
      error,
      parameters: EZ_READER,
    });
    const found = mappingAccuracy(page, tracked);
    for (const key of ["fixations", "right", "moments", "same"] as const) totals[key] += found[key];
  }
  expect(totals.right / totals.fixations).toBeGreaterThan(0.95);
  expect(totals.same / totals.moments).toBeGreaterThan(0.95);
});

it("counts a skipped word as read when one behind it is fixated", () => {
  const at = (word: number, onsetMs: number) => ({ word, onsetMs, durationMs: 200 });
  const read = readSoFar([at(0, 0), at(2, 230), at(1, 460), at(3, 700)]);
  expect(read.map(({ word, onsetMs }) => [word, onsetMs])).toEqual([
    [0, 50],
    [1, 280],
    [2, 280],
    [3, 750],
  ]);
  expect([0, 50, 279, 280, 749, 750].map((t) => wordsReadAt(read, t))).toEqual([0, 1, 1, 3, 3, 4]);
});

it("finds by velocity the fixations that samples were made of", () => {
  const random = Random.of(2);
  const places = [
    [100, 50],
    [180, 52],
    [240, 50],
    [90, 90],
  ];
  const x: number[] = [];
  const y: number[] = [];
  for (const [px, py] of places) {
    for (let i = 0; i < 200; i++) {
      x.push(px + 0.3 * random.normal());
      y.push(py + 0.3 * random.normal());
    }
    for (let i = 0; i < 5; i++) {
      x.push(Number.NaN);
      y.push(Number.NaN);
    }
  }
  const found = fixationsByVelocity({ rateHz: 1000, x, y }, { pixelsPerDegree: 30 });
  expect(found.length).toBe(4);
  found.forEach((fixation, i) => {
    expect(Math.abs(fixation.x - places[i][0])).toBeLessThan(0.2);
    expect(Math.abs(fixation.y - places[i][1])).toBeLessThan(0.2);
    expect(Math.abs(fixation.onsetMs - i * 205)).toBeLessThan(15);
  });
});

it("refuses the gaze of another page, and no gaze", () => {
  const geometry = { left: 100, top: 100, letterWidth: 10, lineHeight: 30 };
  const far = Array.from({ length: 20 }, (_, i) => ({
    onsetMs: 200 * i,
    durationMs: 180,
    x: 1500 + 9 * i,
    y: 900,
  }));
  expect(() => assignWords(toGrid(far, geometry), page)).toThrow(/another page/);
  expect(() => assignWords([], page)).toThrow("expected fixations, got none");
});

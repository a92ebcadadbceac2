import { expect, it } from "vitest";
import { WAYS } from "../brain/candidates.ts";
import { CONTROLS, INPUTS } from "../brain/retrieve.ts";
import { renderReading } from "./page.ts";
import type { ReadingReport } from "./report.ts";

it("draws a fixation, a pulse and a spike where they were, and every row of the retrieval", () => {
  const found = { ways50: 0.25, ways200: 0.1, cosine: 0.2, curve: WAYS.map((ways) => 1 / Math.sqrt(ways)) };
  const all = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, found]));
  const says = { bleu1: 0.2, bleu4: 0, wordRecall: 0.1 };
  const report = {
    formatVersion: 1,
    kind: "reading",
    wetgradVersion: "0",
    seed: 4,
    sentences: { fit: 10, test: 5 },
    stimulated: [0, 2],
    neverStimulated: [1, 3],
    read: [
      {
        text: "Tom's <cat> sleeps.",
        fixations: [
          { word: 0, place: 2, onsetMs: 0, durationMs: 220 },
          { word: 2, place: 14, onsetMs: 250, durationMs: 180 },
        ],
        shown: { words: [0, 1, 2].map((word) => ({ word, atMs: [100 * word] })), durationMs: 400 },
        durationMs: 400,
        spikes: [
          [10, 1],
          [20, 2],
        ],
        pulses: [[0, 0]],
      },
    ],
    inputs: all(INPUTS),
    controls: all(CONTROLS),
    spoken: { neverStimulated: says, shuffledPairs: says, noiseIn: says, oracle: says },
    examples: [{ sentence: "A & B.", said: "C." }],
    nearDuplicatesDropped: 3,
    refusedPulses: 0,
  } as unknown as ReadingReport;
  const html = renderReading(report);
  expect(html).toContain("Tom&#39;s &lt;cat&gt; sleeps.");
  expect(html).toContain("A &amp; B.");
  expect(html).not.toContain("<cat>");
  expect(html.match(/fixation \d: /g)).toHaveLength(4); // drawn for a desk and for a phone
  const marks = (name: string) => [...html.matchAll(new RegExp(`d="([^"]*)" class="${name}"`, "g"))];
  expect(marks("pulse").map(([, d]) => d.split("M").length - 1)).toEqual([1, 1]);
  expect(marks("spike").map(([, d]) => d.split("M").length - 1)).toEqual([2, 2]);
  expect(html.match(/<tr><th>[^<]*<\/th><td>0\.250/g)).toHaveLength(INPUTS.length + CONTROLS.length);
});

import { afterAll, describe, expect, it } from "vitest";
import { wordsOf } from "../../text/corpus/corpus.ts";
import { openCodec, savedText } from "../../text/shipped.ts";
import { corpusOf } from "../../text/training/train-in-folder.ts";
import { type AssistedArm, type LessonArm, WRITE_ELECTRODES, writesOf } from "./arms.ts";
import type { CultureSpeed } from "./culture-speed.ts";
import { predictedNext } from "./next-words.ts";
import { renderSpeed } from "./page.ts";
import { speedReport } from "./report.ts";
import { SPEED_DEFAULTS } from "./run.ts";

const SENSORY = Array.from({ length: 29 }, (_, i) => 2 * i);
/** Two volleys of seven electrodes, another word others. */
const code = (word: string) => {
  const first = [...word].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
  const channels = Array.from({ length: 14 }, (_, i) => SENSORY[(first + 5 * i) % SENSORY.length]);
  return [channels.slice(0, 7), channels.slice(7)];
};
const SENTENCES = [
  ["the", "old", "dog", "sleeps"],
  ["she", "reads", "a", "long", "book"],
  ["rain", "falls"],
];

describe("writes", () => {
  const predicted = SENTENCES.map((words) => words.map((_, w) => (w === 0 ? "cat" : undefined)));
  const of = (arm: AssistedArm | LessonArm) =>
    writesOf(arm, SENTENCES, { code, sensory: SENSORY, predicted, seed: 1 });

  it("keep clear of the word that is shown, and are as many in all arms that write", () => {
    const next = of("next");
    for (const arm of ["next", "writeOnly", "yoked", "random", "predicted"] as const)
      of(arm).forEach((row, n) => {
        row.forEach((channels, w) => {
          const own = code(SENTENCES[n][w]).flat();
          expect(channels.filter((channel) => own.includes(channel))).toEqual([]);
          expect(channels.every((channel) => SENSORY.includes(channel))).toBe(true);
          expect(channels.length).toBe(next[n][w].length);
          expect(new Set(channels).size).toBe(channels.length);
        });
      });
    expect(next[0].map(({ length }) => length)).toEqual([
      WRITE_ELECTRODES,
      WRITE_ELECTRODES,
      WRITE_ELECTRODES,
      0,
    ]);
  });

  it("are of the next word, of another sentence's, or none", () => {
    const channels = (shown: string, written: string) =>
      code(written)
        .flat()
        .filter((channel) => !code(shown).flat().includes(channel))
        .slice(0, WRITE_ELECTRODES);
    const begins = (write: readonly number[], channelsOfWord: number[]) =>
      expect(write.slice(0, channelsOfWord.length)).toEqual(channelsOfWord);
    begins(of("next")[1][2], channels("a", "long"));
    begins(of("predicted")[0][0], channels("the", "cat"));
    begins(of("yoked")[0][0], channels("the", "reads"));
    expect(of("text").flat(2)).toEqual([]);
    expect(of("sham").flat(2)).toEqual([]);
    expect(of("random")).not.toEqual(of("next"));
  });
});

describe("the predicted next word", () => {
  const saved = savedText();
  const codec = openCodec(saved);
  afterAll(() => codec.dispose());

  it("is, of the commonest that follow in the training text, the one that the model holds likeliest", async () => {
    const { training } = corpusOf(saved.corpus, saved.settings.seed);
    const sentence = ["the", "old", "man", "sat"];
    const [found] = await predictedNext(codec, [sentence], training);
    const counts = new Map<string, number>();
    for (const text of training) {
      const words = wordsOf(text);
      words.forEach((word, i) => {
        if (word === "old" && words[i + 1] !== undefined)
          counts.set(words[i + 1], (counts.get(words[i + 1]) ?? 0) + 1);
      });
    }
    const commonest = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 12);
    const scored = [];
    for (const [word] of commonest) {
      const [scores] = await codec.tokenScores([`the old ${word}`]);
      scored.push({ word, score: [...scores.slice(0, -1)].reduce((sum, score) => sum + score, 0) });
    }
    expect(found[1]).toBe(scored.reduce((best, each) => (each.score > best.score ? each : best)).word);
    expect(found.at(-1)).toBeUndefined();
  });
});

describe("the report", () => {
  const config = { ...SPEED_DEFAULTS, seeds: 5 };
  /** Cultures that reach half of their own best at `middle` ms a word. */
  const curve = (best: number, middle: number) =>
    config.msPerWord.map((ms) => 0.02 + (best - 0.02) / (1 + (middle / ms) ** 3));
  const cultures = (gain: number): CultureSpeed[] =>
    [0.5, 0.55, 0.6, 0.65, 0.7].map((best, c) => {
      const [text, next] = [curve(best, 90 + 3 * c), curve(best, (90 + 3 * c + (c % 2)) / gain)];
      const none = config.msPerWord.map(() => 0.02);
      return {
        seed: c,
        assisted: { text, next, predicted: next, yoked: text, random: text, writeOnly: none },
        taught: { next, yoked: text, sham: text },
        pulses: 10,
        refused: 0,
      };
    });

  it("says how many times as fast cultures read that need less time a word", () => {
    const report = speedReport(config, cultures(1.4), "test");
    const { ratio, wordsPerMinute } = report.assisted.next;
    expect(ratio!.mean).toBeGreaterThan(1.33);
    expect(ratio!.mean).toBeLessThan(1.47);
    expect(report.verdict[1]).toMatch(/times as fast as text alone \(5 cultures\): faster/);
    expect(60_000 / report.assisted.text.wordsPerMinute[0]!).toBeGreaterThan(82);
    expect(60_000 / report.assisted.text.wordsPerMinute[0]!).toBeLessThan(98);
    expect(wordsPerMinute).toHaveLength(5);
  });

  it("claims nothing of equal curves, and nothing where no curve comes to the level", () => {
    const same = speedReport(config, cultures(1), "test");
    expect(same.verdict[1]).toMatch(/no clear difference/);
    expect(same.assisted.writeOnly.ratio).toBeNull();
    expect(same.verdict[4]).toMatch(/at no speed clearly more/);
  });

  it("takes away the bits of the writes by themselves", () => {
    const rows = cultures(1).map((culture) => ({
      ...culture,
      assisted: { ...culture.assisted, writeOnly: culture.assisted.next },
    }));
    for (const { mean } of speedReport(config, rows, "test").beyondBoth) expect(mean).toBeLessThan(0);
  });

  it("is one page without scripts from elsewhere", () => {
    const html = renderSpeed(speedReport(config, cultures(1.4), "test"));
    expect(html).toContain("Does writing make a culture read faster?");
    expect(html).not.toMatch(/NaN|undefined|src="http/);
  });
});

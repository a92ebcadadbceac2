/** E-Z Reader against published means and against people, and gaze mapped to words. */

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pearson } from "../../src/math/correlation.ts";
import { Random } from "../../src/math/random.ts";
import { readables } from "../../src/reading/brain/material.ts";
import { readSentence } from "../../src/reading/eyes/ez-reader.ts";
import { EZ_READER, type ReadWord } from "../../src/reading/eyes/ez-reader-parameters.ts";
import { frequencyPerMillion } from "../../src/reading/eyes/frequency.ts";
import { byFrequencyClass, rmsd, trendsRight } from "../../src/reading/eyes/frequency-classes.ts";
import { layPage } from "../../src/reading/eyes/page.ts";
import { mappingAccuracy } from "../../src/reading/gaze/accuracy.ts";
import { trackPage } from "../../src/reading/gaze/simulated-page.ts";
import { readingTimes } from "../../src/recording/signals/reading-times.ts";
import type { TextCodec } from "../../src/text/adavae/codec.ts";
import { shippedCorpus } from "../../src/text/corpus/corpus.ts";

const ZUCO = process.env["WETGRAD_BENCH_ZUCO"] ?? "../shared/recordings/zuco-gaze";
const READINGS = 20;
const PAGES = 40;

export async function eyeFigures(codec: TextCodec) {
  const random = Random.of(2026, "eyes bench");
  const corpus = shippedCorpus();
  const usable = corpus.filter((text) => {
    const words = text.split(" ").length;
    return words >= 7 && words <= 12 && codec.tokenizer.encode(text).length <= codec.longest;
  });
  const drawn = random
    .permutation(usable.length)
    .slice(0, 600)
    .map((i) => usable[i]);
  const sentences = await readables(codec, drawn);
  const readings = sentences.flatMap(({ seen }, n) =>
    Array.from({ length: READINGS }, (_, k) => ({
      words: seen,
      fixations: readSentence(seen, random.split(`${n} ${k}`)),
    })),
  );
  const classes = byFrequencyClass(readings);
  return {
    rmsd: rmsd(classes),
    trends: trendsRight(classes),
    labileFactor: EZ_READER.labileMs / 125,
    classes,
    gaze: gazeFigures(corpus, random.split("gaze")),
    ...(existsSync(ZUCO) ? await zuco(random.split("zuco")) : { zucoR: null, lengthR: null }),
  };
}

function gazeFigures(corpus: readonly string[], random: Random) {
  const error = { offsetLetters: 1.5, driftLetters: 1, lineLetters: 3 };
  const totals = { fixations: 0, right: 0, moments: 0, same: 0 };
  for (let n = 0; n < PAGES; n++) {
    const own = random.split(n);
    const page = layPage(
      Array.from({ length: 12 }, () => corpus[own.integer(corpus.length)]),
      { columns: 60 },
    );
    const knowledge = ({ text }: { text: string }): ReadWord => ({
      letters: text.length,
      perMillion: frequencyPerMillion(text),
      predictability: 0,
    });
    const found = mappingAccuracy(
      page,
      trackPage(page, knowledge, { random: own, error, parameters: EZ_READER }),
    );
    for (const key of Object.keys(totals) as (keyof typeof totals)[]) totals[key] += found[key];
  }
  return {
    pages: PAGES,
    wordRight: totals.right / totals.fixations,
    readSoFarRight: totals.same / totals.moments,
  };
}

/** Inner words of the sentences that all readers read: the mean of their total reading times, the simulation's, word length. */
async function zuco(random: Random) {
  const files = readdirSync(ZUCO)
    .filter((name) => name.endsWith(".csv"))
    .sort();
  const people: Map<string, number>[] = [];
  const texts = new Map<number, string[]>();
  for (const file of files) {
    const times = new Map<string, number>();
    for await (const { sentence, word, text, totalReadingMs } of readingTimes(join(ZUCO, file))) {
      times.set(`${sentence} ${word}`, totalReadingMs);
      const words = texts.get(sentence) ?? [];
      words[word] = text;
      texts.set(sentence, words);
    }
    people.push(times);
  }
  const rows: { people: number; simulated: number; length: number; rarity: number }[] = [];
  for (const [sentence, words] of texts) {
    if (words.length < 4 || words.includes(undefined as never)) continue;
    const seen = words.map(
      (text): ReadWord => ({
        letters: Math.max(1, text.length),
        perMillion: frequencyPerMillion(text),
        predictability: 0,
      }),
    );
    const total = new Float64Array(words.length);
    for (let k = 0; k < 12; k++)
      for (const { word, durationMs } of readSentence(seen, random.split(`${sentence} ${k}`)))
        total[word] += durationMs / 12;
    for (let word = 1; word < words.length - 1; word++) {
      const each = people.map((times) => times.get(`${sentence} ${word}`));
      if (each.includes(undefined)) continue;
      rows.push({
        people: (each as number[]).reduce((a, b) => a + b) / each.length,
        simulated: total[word],
        length: seen[word].letters,
        rarity: -Math.log(seen[word].perMillion),
      });
    }
  }
  const r = (of: "simulated" | "length" | "rarity") =>
    pearson(
      rows.map((row) => row.people),
      rows.map((row) => row[of]),
    );
  return {
    zucoR: r("simulated"),
    lengthR: r("length"),
    rarityR: r("rarity"),
    zucoWords: rows.length,
    zucoReaders: files.length,
  };
}

import fc from "fast-check";
import { expect, it } from "vitest";
import { fitRidge } from "../../math/linear.ts";
import { Random } from "../../math/random.ts";
import { cosine } from "../../text/metrics/retrieval.ts";
import { readSentence } from "../eyes/ez-reader.ts";
import { EZ_READER } from "../eyes/ez-reader-parameters.ts";
import { candidateRows, retrieval } from "./candidates.ts";
import type { MaterialSet } from "./material.ts";
import { BIN_ENDS_MS, statesOf } from "./reader.ts";
import { spokenFigures } from "./retrieve.ts";
import { applyRidgeMap, fitRidgeMap } from "./ridge.ts";
import { decodeSentences, fitSentenceDecoder } from "./sentence-decoder.ts";
import { approachOf } from "./so-far.ts";
import { LEAST_MS, showTimes } from "./timing.ts";
import { VOLLEY_SHARE, wordCode } from "./word-code.ts";
import { wordVectors } from "./word-vectors.ts";

it("fits many numbers by ridge as one at a time", () => {
  const random = Random.of(1);
  const [T, D, O] = [40, 5, 3];
  const inputs = random.normals(T * D);
  const outputs = random.normals(T * O);
  const map = fitRidgeMap(inputs, outputs, { rows: T, ridge: 0.4 });
  for (let o = 0; o < O; o++) {
    const one = fitRidge(
      inputs,
      outputs.filter((_, i) => i % O === o),
      0.4,
    );
    one.weights.forEach((weight, j) => {
      expect(map.weights[o * D + j]).toBeCloseTo(weight, 10);
    });
    const [first] = applyRidgeMap(map, inputs.subarray(0, D)).slice(o, o + 1);
    expect(first).toBeCloseTo(one.intercept + one.weights.reduce((sum, w, j) => sum + w * inputs[j], 0), 4);
  }
});

it("puts words near each other that stand in the same places, and never on the same point", () => {
  const nouns = ["cat", "dog", "fish"];
  const verbs = ["eats", "sees", "likes"];
  const random = Random.of(3);
  const pick = (of: readonly string[]) => of[random.integer(of.length)];
  const sentences = Array.from(
    { length: 400 },
    () => `the ${pick(nouns)} ${pick(verbs)} a ${pick(["small", "big", "old"])} house`,
  );
  const vectors = wordVectors(sentences, { seed: 1, dimensions: 12, spelling: 0.3 });
  const near = cosine(vectors("cat"), vectors("dog"));
  expect(near).toBeGreaterThan(cosine(vectors("cat"), vectors("sees")) + 0.2);
  expect(near).toBeLessThan(0.999);
  expect(vectors("cat")).toBe(vectors("cat"));
  expect(Math.hypot(...vectors("never seen"))).toBeCloseTo(1, 5);
  const code = wordCode(
    vectors,
    Array.from({ length: 32 }, (_, i) => 2 * i),
    5,
  );
  for (const word of [...nouns, "never seen"]) {
    const [first, second] = code(word);
    expect(new Set([...first, ...second]).size).toBe(2 * VOLLEY_SHARE * 32);
  }
});

it("shows every word once its time has come, in order, with time for its state", () => {
  const word = fc.record({
    letters: fc.integer({ min: 1, max: 12 }),
    perMillion: fc.constantFrom(1, 50, 3000, 30_000),
    predictability: fc.constantFrom(0, 0.5),
  });
  fc.assert(
    fc.property(fc.array(word, { minLength: 2, maxLength: 9 }), fc.nat(), (words, seed) => {
      const shown = showTimes(readSentence(words, Random.of(seed), EZ_READER), words.length);
      const times = shown.words.flatMap(({ atMs }) => atMs);
      expect(shown.words.map(({ word }) => word)).toEqual([...words.keys()]);
      for (let i = 1; i < times.length; i++) expect(times[i] - times[i - 1]).toBeGreaterThanOrEqual(LEAST_MS);
      expect(shown.durationMs - times.at(-1)!).toBeGreaterThanOrEqual(LEAST_MS);
    }),
    { numRuns: 100 },
  );
});

it("counts spikes by word, bin and channel, as counting one by one does", () => {
  const random = Random.of(6);
  const perMs = 25;
  const shown = {
    durationMs: 260,
    words: [
      { word: 0, atMs: [0, 50] },
      { word: 1, atMs: [120, 170] },
    ],
  };
  const at = Array.from({ length: 300 }, () => Math.floor(random.uniform() * 260 * perMs)).sort(
    (a, b) => a - b,
  );
  const channels = Int32Array.from(at, () => random.integer(4));
  const counts = statesOf(
    { frames: { perMs }, channels: 4 } as never,
    { frames: Float64Array.from(at), channels } as never,
    shown,
  );
  const edges = [0, ...BIN_ENDS_MS];
  for (const { word, atMs } of shown.words)
    for (let bin = 0; bin < BIN_ENDS_MS.length; bin++)
      for (let channel = 0; channel < 4; channel++) {
        const hits = at.filter(
          (frame, i) =>
            channels[i] === channel &&
            atMs.some((ms) => frame >= (ms + edges[bin]) * perMs && frame < (ms + edges[bin + 1]) * perMs),
        );
        expect(counts[(word * BIN_ENDS_MS.length + bin) * 4 + channel]).toBeCloseTo(
          hits.length / atMs.length,
          5,
        );
      }
});

/** Sentences of random words whose z is what their words are. */
function made(count: number, seed: number): MaterialSet & { vectors: Float32Array[] } {
  const random = Random.of(seed, "made");
  const vectors = Array.from({ length: count }, () => random.normals(4 * 3));
  const latents = Float32Array.from(vectors.flatMap((row) => [...row].slice(0, 8)));
  const sentences = vectors.map((_, n) => ({ text: `${seed} ${n}`, words: ["a", "b", "c", "d"], seen: [] }));
  return { sentences, latents, vectors };
}

it("finds sentences by what is decoded, and by chance where nothing is", () => {
  const [fit, test, pool] = [made(300, 1), made(150, 2), made(400, 3)];
  const random = Random.of(4);
  const noisy = (rows: readonly Float32Array[]) =>
    rows.map((row) => row.map((value) => value + 0.3 * random.normal()));
  const data = { states: noisy(fit.vectors), vectors: fit.vectors, latents: fit.latents, dimensions: 3 };
  const decoder = fitSentenceDecoder(data);
  const { rows } = candidateRows(test, pool);
  const found = retrieval(decodeSentences(decoder, noisy(test.vectors)), { test, pool, rows }, random);
  expect(found.ways50).toBeGreaterThan(0.8);
  expect(found.ways200).toBeLessThanOrEqual(found.ways50);
  const noise = retrieval(random.normals(test.latents.length), { test, pool, rows }, random);
  expect(noise.ways50).toBeLessThan(0.08);
  const silent = retrieval(new Float32Array(test.latents.length), { test, pool, rows }, random);
  expect(silent.ways50).toBeCloseTo(1 / 50, 9);
});

it("comes nearer to a sentence with every word of it, as decoding one by one says", () => {
  const [fit, test] = [made(300, 1), made(20, 2)];
  const data = { states: fit.vectors, vectors: fit.vectors, latents: fit.latents, dimensions: 3 };
  const decoder = fitSentenceDecoder(data, true);
  const approach = approachOf(decoder, test.vectors, { test, latentNumbers: 8 });
  expect(approach).toHaveLength(4);
  for (const [w, cosineThen] of approach.entries()) {
    const each = test.vectors.map((row, n) => {
      const decoded = decodeSentences(decoder, [row.slice(0, 3 * (w + 1))]);
      return cosine(decoded, test.latents.slice(8 * n, 8 * (n + 1)));
    });
    expect(cosineThen).toBeCloseTo(each.reduce((sum, value) => sum + value, 0) / each.length, 5);
  }
  // Its latent is made of its first three words.
  expect(approach[0]).toBeLessThan(approach[1]);
  expect(approach[1]).toBeLessThan(approach[2]);
  expect(approach[3]).toBeGreaterThan(0.95);
});

it("lets no near-duplicate and no sentence of another length stand as a candidate", () => {
  const test = made(1, 2);
  const pool = made(3, 3);
  pool.latents.set(test.latents, 8);
  const shorter = {
    ...pool,
    sentences: pool.sentences.map((s, n) => (n === 2 ? { ...s, words: ["a"] } : s)),
  };
  expect(candidateRows(test, shorter)).toEqual({ rows: [[0]], dropped: 1 });
});

it("counts the words that were said", () => {
  const { wordRecall, bleu1 } = spokenFigures(["the cat is here", "no"], ["the dog is here", "yes it is"]);
  expect(wordRecall).toBeCloseTo(3 / 7, 9);
  expect(bleu1).toBeLessThan(0.75);
});

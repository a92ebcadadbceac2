/**
 * What is read in an experiment: sentences to fit on, others to test on, others again as candidates; their latent programs, and the vectors
 * of their words. The same for all cultures.
 *
 * Legend: N sentences, Z of z, D of a word vector.
 */
import { Random } from "../../math/random.ts";
import type { TextCodec } from "../../text/adavae/codec.ts";
import { wordsOf } from "../../text/corpus/corpus.ts";
import { ReadingError } from "../error.ts";
import type { ReadWord } from "../eyes/ez-reader-parameters.ts";
import { frequencyPerMillion } from "../eyes/frequency.ts";
import { type WordVectors, wordVectors } from "./word-vectors.ts";

export interface Readable {
  readonly text: string;
  readonly words: readonly string[];
  /** As the eyes see them; predictability by the language model. */
  readonly seen: readonly ReadWord[];
}

export interface MaterialSet {
  readonly sentences: readonly Readable[];
  /** `[N, Z]`, each number over the root of its deviation on the sentences to fit on. */
  readonly latents: Float32Array;
}

export interface Material {
  readonly fit: MaterialSet;
  readonly test: MaterialSet;
  readonly candidates: MaterialSet;
  readonly vectors: WordVectors;
  readonly dimensions: number;
  readonly latentNumbers: number;
  /** Back to the codec's own z: `[n, Z]` -> `[n, Z]`. */
  readonly unscale: (latents: Float32Array) => Float32Array;
}

export interface MaterialSizes {
  readonly fit: number;
  readonly test: number;
  readonly candidates: number;
  readonly fewestWords: number;
  readonly mostWords: number;
}

export const MATERIAL_SIZES: MaterialSizes = {
  fit: 2000,
  test: 240,
  candidates: 3000,
  fewestWords: 4,
  mostWords: 8,
};

/** `sentences` to fit on and for candidates; `heldOut`, that the codec was not trained on, to test on and for candidates, too. */
export async function prepareMaterial(
  codec: TextCodec,
  { sentences, heldOut, seed }: { sentences: readonly string[]; heldOut: readonly string[]; seed: number },
  sizes: MaterialSizes = MATERIAL_SIZES,
): Promise<Material> {
  const usable = (text: string) => {
    const count = wordsOf(text).length;
    return (
      count >= sizes.fewestWords &&
      count <= sizes.mostWords &&
      count === text.split(/\s+/).length &&
      codec.tokenizer.encode(text).length <= codec.longest
    );
  };
  const random = Random.of(seed, "reading material");
  const drawn = (from: readonly string[], label: string) => {
    const order = random.split(label).permutation(from.length);
    return order.map((i) => from[i]).filter(usable);
  };
  const tests = drawn(heldOut, "test").slice(0, sizes.test);
  const others = drawn(sentences, "fit");
  const needed = sizes.fit + sizes.candidates;
  if (tests.length < sizes.test || others.length < needed)
    throw new ReadingError(
      `reading: expected ${sizes.test} held-out and ${needed} other sentences of ${sizes.fewestWords} to ${sizes.mostWords} words, got ${tests.length} and ${others.length}; give a longer text`,
    );
  const texts = {
    fit: others.slice(0, sizes.fit),
    test: tests,
    candidates: others.slice(sizes.fit, needed),
  };
  const raw = {
    fit: await codec.encode(texts.fit),
    test: await codec.encode(texts.test),
    candidates: await codec.encode(texts.candidates),
  };
  const Z = codec.latents;
  const roots = rootsOfDeviation(raw.fit.mean, Z);
  const scaled = (mean: Float32Array) => mean.map((value, i) => value / roots[i % Z]);
  const dimensions = 50;
  const set = async (name: keyof typeof texts, predicted: boolean): Promise<MaterialSet> => ({
    sentences: await readables(codec, texts[name], predicted),
    latents: scaled(raw[name].mean),
  });
  return {
    fit: await set("fit", true),
    test: await set("test", true),
    candidates: await set("candidates", false),
    vectors: wordVectors(sentences, { seed, dimensions }),
    dimensions,
    latentNumbers: Z,
    unscale: (latents) => latents.map((value, i) => value * roots[i % Z]),
  };
}

/** Sentences with what the eyes know of their words. */
export async function readables(
  codec: TextCodec,
  texts: readonly string[],
  predicted = true,
): Promise<Readable[]> {
  const scores = predicted ? await codec.tokenScores(texts) : undefined;
  return texts.map((text, n) => {
    const parts = text.split(/\s+/);
    const chances = scores ? wordChances(codec, text, scores[n]) : [];
    return {
      text,
      words: parts.map((part) => wordsOf(part)[0] ?? part),
      seen: parts.map((part, i) => ({
        letters: part.length,
        perMillion: frequencyPerMillion(part),
        predictability: chances[i] ?? 0,
      })),
    };
  });
}

/** The chance of each word given those before it, by the language model: that of all its tokens, punctuation left out. */
function wordChances(codec: TextCodec, text: string, scores: Float32Array): number[] {
  const chances: number[] = [];
  codec.ids(text).forEach((id, t) => {
    const piece = codec.tokenizer.decode([id]);
    if (t === 0 || piece.startsWith(" ")) chances.push(1);
    if (/[\p{L}\p{N}]/u.test(piece)) chances[chances.length - 1] *= Math.exp(scores[t]);
  });
  return chances;
}

/** The vectors of each sentence's words, `[W, D]`. */
export function vectorsOf({ sentences }: MaterialSet, vectors: WordVectors): Float32Array[] {
  return sentences.map(({ words }) => Float32Array.from(words.flatMap((word) => [...vectors(word)])));
}

function rootsOfDeviation(latents: Float32Array, Z: number): Float64Array {
  const N = latents.length / Z;
  return Float64Array.from({ length: Z }, (_, z) => {
    let [sum, squares] = [0, 0];
    for (let n = 0; n < N; n++) {
      sum += latents[n * Z + z];
      squares += latents[n * Z + z] ** 2;
    }
    return Math.sqrt(Math.sqrt(Math.max(1e-12, squares / N - (sum / N) ** 2)));
  });
}

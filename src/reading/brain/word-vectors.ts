/**
 * Words as vectors, by meaning and by spelling. Meaning: positive pointwise mutual information of words within three places of each other,
 * reduced to its leading eigenvectors (Levy and Goldberg 2014, https://proceedings.neurips.cc/paper/2014/hash/feab05aa91085b7a8012516bc3533958-Abstract.html). Spelling: random numbers that belong to the
 * word, so that no two words are the same. So like words share most of their numbers, and none all.
 */
import { Random } from "../../math/random.ts";
import { wordsOf } from "../../text/corpus/corpus.ts";

export interface WordVectorOptions {
  readonly seed: number;
  /** Numbers of a vector. */
  readonly dimensions?: number;
  /** Commonest words that have a meaning here; the others have spelling alone. */
  readonly vocabulary?: number;
  readonly window?: number;
  /** Length of the part by spelling beside that by meaning, which is 1. */
  readonly spelling?: number;
}

/** The vector of a word; asked for again it is the same. */
export type WordVectors = (word: string) => Float32Array;

const ITERATIONS = 12;

export function wordVectors(sentences: readonly string[], options: WordVectorOptions): WordVectors {
  const { seed, dimensions: D = 50, vocabulary = 1500, window = 3, spelling = 0.7 } = options;
  const texts = sentences.map(wordsOf);
  const known = commonest(texts, vocabulary);
  const meaning = leadingFactors(mutualInformation(texts, known, window), known.size, {
    D,
    random: Random.of(seed, "word vectors"),
  });
  const kept = new Map<string, Float32Array>();
  return (word) => {
    const found = kept.get(word);
    if (found) return found;
    const vector = unit(Random.of(seed, "spelling", word).normals(D), spelling);
    const index = known.get(word);
    if (index !== undefined) {
      const part = unit(meaning.subarray(index * D, (index + 1) * D), 1);
      for (let i = 0; i < D; i++) vector[i] += part[i];
    }
    const whole = unit(vector, 1);
    kept.set(word, whole);
    return whole;
  };
}

function commonest(texts: readonly (readonly string[])[], count: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (const words of texts) for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  const ranked = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).slice(0, count);
  return new Map(ranked.map(([word], index) => [word, index]));
}

/** A sparse symmetric matrix: rows of columns and values. */
type Sparse = readonly ReadonlyMap<number, number>[];

function mutualInformation(
  texts: readonly (readonly string[])[],
  known: ReadonlyMap<string, number>,
  window: number,
): Sparse {
  const pairs: Map<number, number>[] = Array.from({ length: known.size }, () => new Map());
  const totals = new Float64Array(known.size);
  let all = 0;
  for (const words of texts) {
    const ids = words.map((word) => known.get(word));
    for (let i = 0; i < ids.length; i++)
      for (let j = Math.max(0, i - window); j <= Math.min(ids.length - 1, i + window); j++) {
        const [a, b] = [ids[i], ids[j]];
        if (i === j || a === undefined || b === undefined) continue;
        pairs[a].set(b, (pairs[a].get(b) ?? 0) + 1);
        totals[a]++;
        all++;
      }
  }
  return pairs.map((row, a) => {
    const information = new Map<number, number>();
    for (const [b, count] of row) {
      const value = Math.log((count * all) / (totals[a] * totals[b]));
      if (value > 0) information.set(b, value);
    }
    return information;
  });
}

/** `[n, D]`: leading eigenvectors times the roots of their eigenvalues' sizes, by subspace iteration. */
function leadingFactors(
  matrix: Sparse,
  n: number,
  { D, random }: { D: number; random: Random },
): Float32Array {
  let basis = Float64Array.from(random.normals(n * D));
  let sizes = new Float64Array(D);
  orthonormalise(basis, n, D);
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    basis = times(matrix, basis, n, D);
    sizes = orthonormalise(basis, n, D);
  }
  return Float32Array.from(basis, (value, i) => value * Math.sqrt(sizes[i % D]));
}

function times(matrix: Sparse, x: Float64Array, n: number, D: number): Float64Array<ArrayBuffer> {
  const out = new Float64Array(n * D);
  matrix.forEach((row, a) => {
    for (const [b, value] of row) for (let d = 0; d < D; d++) out[a * D + d] += value * x[b * D + d];
  });
  return out;
}

/** Gram-Schmidt on the columns; gives their lengths. */
function orthonormalise(x: Float64Array, n: number, D: number): Float64Array<ArrayBuffer> {
  const lengths = new Float64Array(D);
  for (let d = 0; d < D; d++) {
    for (let e = 0; e < d; e++) {
      let dot = 0;
      for (let i = 0; i < n; i++) dot += x[i * D + d] * x[i * D + e];
      for (let i = 0; i < n; i++) x[i * D + d] -= dot * x[i * D + e];
    }
    let square = 0;
    for (let i = 0; i < n; i++) square += x[i * D + d] ** 2;
    lengths[d] = Math.sqrt(square);
    if (lengths[d] > 0) for (let i = 0; i < n; i++) x[i * D + d] /= lengths[d];
  }
  return lengths;
}

function unit(vector: Float32Array, length: number): Float32Array {
  const norm = Math.hypot(...vector);
  return norm === 0 ? vector.slice() : vector.map((value) => (value * length) / norm);
}

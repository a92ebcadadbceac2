/**
 * Dec_aux: from what a culture's spikes were while it read, word by word, to the latent program of the sentence. First each word's state to
 * the vector of its word, then the words of a sentence (their mean, the first six, the last, how many) to z; both by ridge, fitted on
 * sentences that are not tested on.
 *
 * Legend: N sentences, F numbers of a state, D of a word vector, Z of z.
 */
import { applyRidgeMap, fitRidgeMap, type RidgeMap } from "./ridge.ts";

/** What was read: the states of each sentence's words, `[W, F]`. */
export type SentenceStates = readonly Float32Array[];

export interface SentenceDecoder {
  readonly word: RidgeMap | undefined;
  readonly sentence: RidgeMap;
  readonly dimensions: number;
}

export interface DecoderData {
  /** `[N]` rows `[W, F]`. */
  readonly states: SentenceStates;
  /** `[N]` rows `[W, D]`: the true words' vectors. */
  readonly vectors: readonly Float32Array[];
  /** `[N, Z]` */
  readonly latents: Float32Array;
  readonly dimensions: number;
}

const FIRST_WORDS = 6;
const WORD_RIDGE = 0.3;
const SENTENCE_RIDGE = 1;
/** Every third sentence's words are decoded by a map that was fitted without them, so that both maps see the same errors. */
const FOLDS = 3;

/** Without `states` of spikes the words' own vectors are decoded from: the ceiling. */
export function fitSentenceDecoder(data: DecoderData, fromVectors = false): SentenceDecoder {
  const { states, vectors, latents, dimensions } = data;
  const N = states.length;
  const sentenceMap = (words: readonly Float32Array[]) =>
    fitRidgeMap(sentenceFeatures(words, dimensions), latents, { rows: N, ridge: SENTENCE_RIDGE });
  if (fromVectors) return { word: undefined, sentence: sentenceMap(vectors), dimensions };
  const decoded: Float32Array[] = new Array(N);
  for (let fold = 0; fold < FOLDS; fold++) {
    const others = [...states.keys()].filter((n) => n % FOLDS !== fold);
    const map = fitWordMap(
      others.map((n) => states[n]),
      others.map((n) => vectors[n]),
      dimensions,
    );
    for (let n = fold; n < N; n += FOLDS) decoded[n] = applyRidgeMap(map, states[n]);
  }
  return { word: fitWordMap(states, vectors, dimensions), sentence: sentenceMap(decoded), dimensions };
}

/** Word states (or, of the ceiling, the words' vectors) of sentences -> `[N, Z]`. */
export function decodeSentences(
  { word, sentence, dimensions }: SentenceDecoder,
  states: SentenceStates,
): Float32Array {
  const words = word ? states.map((rows) => applyRidgeMap(word, rows)) : states;
  return applyRidgeMap(sentence, sentenceFeatures(words, dimensions));
}

function fitWordMap(states: SentenceStates, vectors: readonly Float32Array[], D: number): RidgeMap {
  const inputs = joined(states);
  const outputs = joined(vectors);
  return fitRidgeMap(inputs, outputs, { rows: outputs.length / D, ridge: WORD_RIDGE });
}

/** `[N, (1 + FIRST_WORDS + 1) D + 2]` */
export function sentenceFeatures(words: readonly Float32Array[], D: number): Float32Array {
  const width = (FIRST_WORDS + 2) * D + 2;
  const out = new Float32Array(words.length * width);
  words.forEach((rows, n) => {
    const W = rows.length / D;
    const at = n * width;
    for (let w = 0; w < W; w++)
      for (let d = 0; d < D; d++) {
        out[at + d] += rows[w * D + d] / W;
        if (w < FIRST_WORDS) out[at + (1 + w) * D + d] = rows[w * D + d];
        if (w === W - 1) out[at + (1 + FIRST_WORDS) * D + d] = rows[w * D + d];
      }
    out[at + width - 2] = W / 10;
    out[at + width - 1] = (W / 10) ** 2;
  });
  return out;
}

function joined(rows: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(rows.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const row of rows) {
    out.set(row, at);
    at += row.length;
  }
  return out;
}

/**
 * What a culture's spikes say of a sentence while it is being read: the latent program of the words so far, decoded as if they were a
 * sentence of their own, beside that of the whole sentence and of others of its length.
 *
 * Legend: N sentences, W words, Z of z.
 */
import type { TextCodec } from "../../text/adavae/codec.ts";
import { cosine, rowOf } from "../../text/metrics/retrieval.ts";
import type { Material } from "./material.ts";
import { decodeSentences, type SentenceDecoder, type SentenceStates } from "./sentence-decoder.ts";

/** Once so many words had been read. */
export interface HeardSoFar {
  /** By the text decoder, free running. */
  readonly said: string;
  /** Of the decoded latent to that of the whole sentence, and the rank of that among `NEAREST_OF`. */
  readonly cosine: number;
  readonly rank: number;
  readonly nearest: readonly { readonly text: string; readonly cosine: number }[];
}

export const NEAREST_OF = 50;
const NEAREST = 3;

/** Of each sentence, `[W]`. `rows`: for each the candidates beside it, in the order in which they are taken. */
export async function heardSoFar(
  codec: TextCodec,
  { test, candidates, latentNumbers: Z, unscale }: Material,
  { decoder, states, rows }: Hearing,
): Promise<HeardSoFar[][]> {
  const heard: HeardSoFar[][] = [];
  for (const [n, whole] of states.entries()) {
    const own = rowOf(test.latents, Z, n);
    const W = test.sentences[n].words.length;
    const size = whole.length / W;
    const prefixes = Array.from({ length: W }, (_, w) => whole.subarray(0, (w + 1) * size));
    const decoded = decodeSentences(decoder, prefixes);
    const said = await codec.decode(unscale(decoded));
    heard.push(
      said.map((text, w) => {
        const query = rowOf(decoded, Z, w);
        const all = [
          { text: test.sentences[n].text, cosine: cosine(query, own) },
          ...rows[n].slice(0, NEAREST_OF - 1).map((m) => ({
            text: candidates.sentences[m].text,
            cosine: cosine(query, rowOf(candidates.latents, Z, m)),
          })),
        ];
        const rank = 1 + all.filter((other) => other.cosine > all[0].cosine).length;
        const nearest = [...all].sort((a, b) => b.cosine - a.cosine).slice(0, NEAREST);
        return { said: text, cosine: all[0].cosine, rank, nearest };
      }),
    );
  }
  return heard;
}

interface Hearing {
  readonly decoder: SentenceDecoder;
  /** `[N]` rows `[W, F]` of the first test sentences. */
  readonly states: SentenceStates;
  readonly rows: readonly (readonly number[])[];
}

/**
 * Mean cosine to the whole sentence's latent once one word, two, ... have been read, over all test sentences that have so many; up to the
 * length of the longest.
 */
export function approachOf(
  decoder: SentenceDecoder,
  states: SentenceStates,
  { test, latentNumbers: Z }: Pick<Material, "test" | "latentNumbers">,
): number[] {
  const words = test.sentences.map((sentence) => sentence.words.length);
  return Array.from({ length: Math.max(...words) }, (_, w) => {
    const long = [...words.keys()].filter((n) => words[n] > w);
    const prefixes = long.map((n) => states[n].subarray(0, ((w + 1) * states[n].length) / words[n]));
    const decoded = decodeSentences(decoder, prefixes);
    return long.reduce(
      (sum, n, i) => sum + cosine(rowOf(decoded, Z, i), rowOf(test.latents, Z, n)) / long.length,
      0,
    );
  });
}

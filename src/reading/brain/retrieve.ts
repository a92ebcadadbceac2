/**
 * What a culture's spikes say of the sentence it read, with the controls that critics of brain-to-text ask for (Jo et al. 2024,
 * https://arxiv.org/abs/2405.06459): nothing is ever fed the right words.
 */
import { Random } from "../../math/random.ts";
import type { TextCodec } from "../../text/adavae/codec.ts";
import { wordsOf } from "../../text/corpus/corpus.ts";
import { bleu } from "../../text/metrics/bleu.ts";
import { candidateRows, type RetrievalFigures, retrieval } from "./candidates.ts";
import type { CultureReading } from "./culture-reading.ts";
import { type Material, vectorsOf } from "./material.ts";
import { BIN_ENDS_MS, BLANKED_BINS, rootsOf } from "./reader.ts";
import { decodeSentences, fitSentenceDecoder, type SentenceStates } from "./sentence-decoder.ts";
import { approachOf, type HeardSoFar, heardSoFar } from "./so-far.ts";
import type { ShownSentence } from "./timing.ts";

/** What is decoded from. */
export const INPUTS = ["allElectrodes", "neverStimulated", "blanked", "oracle"] as const;
export const CONTROLS = [
  "shuffledPairs",
  "noiseIn",
  "fedNoise",
  "lengthOnly",
  "gazeOnly",
  "spontaneous",
] as const;

export const APPROACHES = [
  "neverStimulated",
  "oracle",
  "shuffledPairs",
  "fedNoise",
  "spontaneous",
] as const satisfies readonly ((typeof INPUTS)[number] | (typeof CONTROLS)[number])[];

export interface SpokenFigures {
  readonly bleu1: number;
  readonly bleu4: number;
  /** Share of the sentence's words that are said anywhere. */
  readonly wordRecall: number;
}

export interface CultureFigures {
  readonly inputs: Readonly<Record<(typeof INPUTS)[number], RetrievalFigures>>;
  readonly controls: Readonly<Record<(typeof CONTROLS)[number], RetrievalFigures>>;
  /** Text free running from the decoded z. */
  readonly spoken: Readonly<
    Record<"neverStimulated" | "shuffledPairs" | "noiseIn" | "oracle", SpokenFigures>
  >;
  readonly examples: readonly { readonly sentence: string; readonly said: string }[];
  /** Mean cosine to the sentence once one word, two, ... have been read. */
  readonly approach: Readonly<Record<(typeof APPROACHES)[number], readonly number[]>>;
  /** What is decoded from electrodes never stimulated while the kept sentences are read, word by word. */
  readonly soFar: readonly (readonly HeardSoFar[])[];
  readonly nearDuplicatesDropped: number;
  readonly refusedPulses: number;
}

export async function retrievalOfCulture(
  codec: TextCodec,
  material: Material,
  reading: CultureReading,
  seed: number,
): Promise<CultureFigures> {
  const { fit, test, candidates, dimensions, vectors } = material;
  const { layout } = reading;
  const random = Random.of(seed, "retrieval");
  const { rows, dropped } = candidateRows(test, candidates);
  const never = [...layout.roles.prediction];
  const all = Array.from({ length: layout.channels }, (_, c) => c);
  const allBins = BIN_ENDS_MS.map((_, bin) => bin);
  const features = (from: readonly Float32Array[], channels: readonly number[], bins: readonly number[]) =>
    from.map((counts) => rootsOf(counts, layout.channels, channels, bins));
  const [fitVectors, testVectors] = [vectorsOf(fit, vectors), vectorsOf(test, vectors)];
  const decoderOf = (trained: SentenceStates, { latents = fit.latents, fromVectors = false } = {}) =>
    fitSentenceDecoder({ states: trained, vectors: fitVectors, latents, dimensions }, fromVectors);
  const decode = (trained: SentenceStates, tested: SentenceStates, options = {}) =>
    decodeSentences(decoderOf(trained, options), tested);
  const scored = (decoded: Float32Array) =>
    retrieval(decoded, { test, pool: candidates, rows }, random.split("candidates"));
  const [fitNever, testNever] = [
    features(reading.fit, never, allBins),
    features(reading.test, never, allBins),
  ];
  const noise = {
    fit: noiseLike(fitNever, random.split("noise fit")),
    test: noiseLike(testNever, random.split("noise test")),
  };
  const shuffled = shuffledRows(fit.latents, material.latentNumbers, random.split("shuffle"));
  const gaze = (shown: readonly ShownSentence[]) => shown.map(gazeFeatures);
  const nothing = (of: readonly Float32Array[]) => of.map((row) => new Float32Array(row.length));
  const fedSpontaneous = features(reading.alone, never, allBins);
  const decoders = {
    neverStimulated: decoderOf(fitNever),
    shuffledPairs: decoderOf(fitNever, { latents: shuffled }),
    oracle: decoderOf(fitVectors, { fromVectors: true }),
  };
  const z = {
    allElectrodes: decode(features(reading.fit, all, allBins), features(reading.test, all, allBins)),
    neverStimulated: decodeSentences(decoders.neverStimulated, testNever),
    blanked: decode(features(reading.fit, never, BLANKED_BINS), features(reading.test, never, BLANKED_BINS)),
    oracle: decodeSentences(decoders.oracle, testVectors),
    shuffledPairs: decodeSentences(decoders.shuffledPairs, testNever),
    noiseIn: decode(noise.fit, noise.test),
    fedNoise: decodeSentences(decoders.neverStimulated, noise.test),
    lengthOnly: decode(nothing(fitVectors), nothing(testVectors), { fromVectors: true }),
    gazeOnly: decode(gaze(reading.shownFit), gaze(reading.shownTest)),
    spontaneous: decodeSentences(decoders.neverStimulated, fedSpontaneous),
  };
  const say = async (name: keyof CultureFigures["spoken"]) => codec.decode(material.unscale(z[name]));
  const texts = test.sentences.map(({ text }) => text);
  const said = await say("neverStimulated");
  const inOrder = random.split("so far");
  const figuresOf = <Name extends keyof typeof z>(names: readonly Name[]) =>
    Object.fromEntries(names.map((name) => [name, scored(z[name])])) as Record<Name, RetrievalFigures>;
  return {
    inputs: figuresOf(INPUTS),
    controls: figuresOf(CONTROLS),
    spoken: {
      neverStimulated: spokenFigures(said, texts),
      shuffledPairs: spokenFigures(await say("shuffledPairs"), texts),
      noiseIn: spokenFigures(await say("noiseIn"), texts),
      oracle: spokenFigures(await say("oracle"), texts),
    },
    examples: texts.slice(0, 12).map((sentence, n) => ({ sentence, said: said[n] })),
    approach: {
      neverStimulated: approachOf(decoders.neverStimulated, testNever, material),
      oracle: approachOf(decoders.oracle, testVectors, material),
      shuffledPairs: approachOf(decoders.shuffledPairs, testNever, material),
      fedNoise: approachOf(decoders.neverStimulated, noise.test, material),
      spontaneous: approachOf(decoders.neverStimulated, fedSpontaneous, material),
    },
    soFar: await heardSoFar(codec, material, {
      decoder: decoders.neverStimulated,
      states: testNever.slice(0, reading.examples.length),
      rows: rows.map((mine) => inOrder.permutation(mine.length).map((i) => mine[i])),
    }),
    nearDuplicatesDropped: dropped,
    refusedPulses: reading.refusedPulses,
  };
}

export function spokenFigures(said: readonly string[], right: readonly string[]): SpokenFigures {
  let [hits, words] = [0, 0];
  right.forEach((sentence, n) => {
    const spoken = new Set(wordsOf(said[n]));
    for (const word of wordsOf(sentence)) {
      words++;
      if (spoken.has(word)) hits++;
    }
  });
  return { bleu1: bleu(said, right, 1), bleu4: bleu(said, right), wordRecall: hits / words };
}

/** Normal numbers of the same mean and deviation as each number of the states. */
function noiseLike(states: SentenceStates, random: Random): Float32Array[] {
  const width = widthOf(states);
  const [sum, squares] = [new Float64Array(width), new Float64Array(width)];
  let count = 0;
  for (const rows of states)
    for (let i = 0; i < rows.length; i++) {
      sum[i % width] += rows[i];
      squares[i % width] += rows[i] ** 2;
      if (i % width === 0) count++;
    }
  const deviation = sum.map((s, j) => Math.sqrt(Math.max(0, squares[j] / count - (s / count) ** 2)));
  return states.map((rows) =>
    Float32Array.from(rows, (_, i) => sum[i % width] / count + deviation[i % width] * random.normal()),
  );
}

/** Numbers of one word's state, from what all sentences have in common. */
function widthOf(states: SentenceStates): number {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  return states.reduce((common, { length }) => divisor(common, length), 0);
}

function shuffledRows(latents: Float32Array, Z: number, random: Random): Float32Array {
  const out = new Float32Array(latents.length);
  random.permutation(latents.length / Z).forEach((from, to) => {
    out.set(latents.subarray(from * Z, (from + 1) * Z), to * Z);
  });
  return out;
}

/** When each word began, how long it had, how often it was given: `[W, 3]`. */
function gazeFeatures({ words, durationMs }: ShownSentence): Float32Array {
  return Float32Array.from(
    words.flatMap(({ atMs }, w) => {
      const end = words[w + 1]?.atMs[0] ?? durationMs;
      return [atMs[0] / 1000, (end - atMs[0]) / 1000, atMs.length];
    }),
  );
}

/**
 * How fast one culture reads: sentences at several times a word, decoded from electrodes that are never stimulated by a decoder that saw text
 * alone, and looked for among 50 of the same length; while words are written to it, and after lessons with plasticity in which they were.
 */
import type { Pulse } from "../../device/contract.ts";
import { pulsesFor } from "../../device/stimulation.ts";
import { Random } from "../../math/random.ts";
import { layoutFor } from "../../protocol/layout.ts";
import { Cultures } from "../../session/cultures.ts";
import { localTissue } from "../../tissue/local.ts";
import { candidateRows, retrieval } from "../brain/candidates.ts";
import { readingCulture } from "../brain/culture-reading.ts";
import { type Material, type MaterialSet, vectorsOf } from "../brain/material.ts";
import { BIN_ENDS_MS, pulsesOfSentence, rootsOf, statesOf } from "../brain/reader.ts";
import { decodeSentences, fitSentenceDecoder, type SentenceDecoder } from "../brain/sentence-decoder.ts";
import { type ShownSentence, showTimes } from "../brain/timing.ts";
import { SECOND_VOLLEY_MS, wordCode } from "../brain/word-code.ts";
import {
  ASSISTED,
  type AssistedArm,
  LESSONS,
  type LessonArm,
  type SentenceWrites,
  writesOf,
} from "./arms.ts";

/** From a word's second volley to what is written with it. */
const WRITE_MS = 4;
/** The culture is left alone between sentences, so that no electrode comes to its budget of a minute. */
const REST_MS = 300;
/** Time a word in lessons, and how much of plasticity is on. */
export const LESSON_MS = 110;

export interface SpeedPlan {
  readonly seed: number;
  /** Times a word, ms. */
  readonly msPerWord: readonly number[];
  /** Sentences read in a lesson: the first of those to fit on. */
  readonly lessons: number;
  /** For the sentences to test on: what is predicted after each word. */
  readonly predicted: readonly (readonly (string | undefined)[])[];
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** Share found among 50, by time a word. */
export interface CultureSpeed {
  readonly seed: number;
  readonly assisted: Readonly<Record<AssistedArm, readonly number[]>>;
  readonly taught: Readonly<Record<LessonArm, readonly number[]>>;
  readonly pulses: number;
  readonly refused: number;
}

export async function cultureSpeed(material: Material, plan: SpeedPlan): Promise<CultureSpeed> {
  const { seed, msPerWord, lessons, predicted, onProgress, signal } = plan;
  const tissue = localTissue();
  await tissue.open([readingCulture(seed)]);
  try {
    const layout = layoutFor(tissue.profile(0), seed, 8);
    const cultures = new Cultures(tissue, [layout], () => signal?.aborted ?? false);
    const code = wordCode(material.vectors, layout.roles.sensory, seed);
    const never = [...layout.roles.prediction];
    const bins = BIN_ENDS_MS.map((_, bin) => bin);
    const { rows } = candidateRows(material.test, material.candidates);
    const source = { code, sensory: layout.roles.sensory, predicted, seed };
    const arms = Object.keys(ASSISTED) as AssistedArm[];
    const total =
      msPerWord.length * (1 + arms.length) + Object.keys(LESSONS).length * (1 + 2 * msPerWord.length);
    let [done, pulses, refused] = [0, 0, 0];
    const tick = () => onProgress?.(++done, total);

    const readAll = async (
      set: MaterialSet,
      ms: number,
      options: { writes?: SentenceWrites[]; text?: boolean; plasticity?: number },
    ) => {
      const states: Float32Array[] = [];
      for (const [n, { words }] of set.sentences.entries()) {
        const shown = evenTimes(words.length, ms);
        const asked = [
          ...(options.text === false ? [] : pulsesOfSentence(layout, words, code, shown)),
          ...writePulses(shown, options.writes?.[n] ?? []),
        ].sort((a, b) => a.frame - b.frame);
        const [{ spikes, sent }] = await cultures.respond(
          [asked],
          Math.ceil(shown.durationMs),
          options.plasticity ?? 0,
        );
        pulses += sent.length;
        refused += asked.length - sent.length;
        states.push(rootsOf(statesOf(layout, spikes, shown), layout.channels, never, bins));
        await cultures.respond([[]], REST_MS, options.plasticity ?? 0);
      }
      tick();
      return states;
    };
    const writePulses = ({ words }: ShownSentence, writes: SentenceWrites): Pulse[] =>
      words.flatMap(({ word, atMs }) => {
        const channels = writes[word] ?? [];
        if (channels.length === 0) return [];
        return atMs.flatMap((at) =>
          pulsesFor(
            channels,
            1,
            Math.round((at + SECOND_VOLLEY_MS + WRITE_MS) * layout.frames.perMs),
            layout.profile,
          ),
        );
      });
    const vectors = vectorsOf(material.fit, material.vectors);
    /** The decoder of text alone, at a speed. */
    const decoderAt = async (ms: number): Promise<SentenceDecoder> =>
      fitSentenceDecoder({
        states: await readAll(material.fit, ms, {}),
        vectors,
        latents: material.fit.latents,
        dimensions: material.dimensions,
      });
    const found = (decoder: SentenceDecoder, states: readonly Float32Array[]) =>
      retrieval(
        decodeSentences(decoder, states),
        { test: material.test, pool: material.candidates, rows },
        Random.of(seed, "speed", "candidates"),
      ).ways50;
    const testWords = material.test.sentences.map(({ words }) => words);

    const untaught = await cultures.snapshot();
    const assisted = emptyRows(ASSISTED);
    const testWrites = arms.map((arm) => [arm, writesOf(arm, testWords, source)] as const);
    for (const ms of msPerWord) {
      const decoder = await decoderAt(ms);
      for (const [arm, writes] of testWrites) {
        const states = await readAll(material.test, ms, { writes, text: arm !== "writeOnly" });
        assisted[arm].push(found(decoder, states));
      }
    }
    const taught = emptyRows(LESSONS);
    for (const arm of Object.keys(LESSONS) as LessonArm[]) {
      await cultures.restore(untaught);
      const lesson = { ...material.fit, sentences: material.fit.sentences.slice(0, lessons) };
      const words = lesson.sentences.map((sentence) => sentence.words);
      await readAll(lesson, LESSON_MS, { writes: writesOf(arm, words, source), plasticity: 1 });
      for (const ms of msPerWord) {
        const decoder = await decoderAt(ms);
        taught[arm].push(found(decoder, await readAll(material.test, ms, {})));
      }
    }
    return { seed, assisted, taught, pulses, refused };
  } finally {
    await tissue.close();
  }
}

/** Each word once, however long it has. */
function evenTimes(words: number, ms: number): ShownSentence {
  const { words: shown, durationMs } = showTimes([], words, ms);
  return { words: shown.map(({ word, atMs }) => ({ word, atMs: [atMs[0]] })), durationMs };
}

const emptyRows = <Arm extends string>(arms: Readonly<Record<Arm, string>>) =>
  Object.fromEntries(Object.keys(arms).map((arm) => [arm, []])) as unknown as Record<Arm, number[]>;

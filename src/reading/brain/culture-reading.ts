/**
 * One culture reads the material: it is grown, shown every sentence in the eyes' time with plasticity off, and left alone for as long as
 * each test sentence takes.
 *
 * Legend: W words, B bins, C channels.
 */

import type { Pulse, Spikes } from "../../device/contract.ts";
import {
  DEFAULT_SCAFFOLD,
  neuronsOn,
  type ScaffoldName,
  scaffolds,
} from "../../device/simulated/scaffolds.ts";
import { Random } from "../../math/random.ts";
import type { Layout } from "../../protocol/layout.ts";
import { layoutFor } from "../../protocol/layout.ts";
import { Cultures } from "../../session/cultures.ts";
import type { CultureSpec } from "../../tissue/contract.ts";
import { localTissue } from "../../tissue/local.ts";
import { readSentence } from "../eyes/ez-reader.ts";
import type { ReadExample } from "./example.ts";
import type { Material, Readable } from "./material.ts";
import { readSentenceBy, waitInstead } from "./reader.ts";
import { type ShownSentence, showTimes } from "./timing.ts";
import { wordCode } from "./word-code.ts";

/** The culture of a seed: the default one, as the organoid has it. */
export function readingCulture(seed: number, scaffold: ScaffoldName = DEFAULT_SCAFFOLD): CultureSpec {
  const maximumWeight = scaffolds[scaffold].trainingMaximumWeight;
  return {
    brain: 0,
    seed,
    neurons: neuronsOn(scaffold),
    scaffold,
    div: 21,
    preset: "default",
    maximumWeight,
  };
}

/** So many of the test sentences are kept as they were read. */
const EXAMPLES = 6;

export interface CultureReading {
  readonly layout: Layout;
  /** By sentence counts `[W, B, C]`. */
  readonly fit: readonly Float32Array[];
  readonly test: readonly Float32Array[];
  /** Of the test sentences' length, without a word. */
  readonly alone: readonly Float32Array[];
  readonly shownFit: readonly ShownSentence[];
  readonly shownTest: readonly ShownSentence[];
  readonly refusedPulses: number;
  readonly examples: readonly ReadExample[];
}

/** One sentence as it went into the culture and came out: frames from `startFrame`. */
export interface ReadStretch {
  readonly phase: "fit" | "test";
  readonly text: string;
  readonly startFrame: number;
  readonly durationFrames: number;
  readonly spikes: Spikes;
  readonly sent: readonly Pulse[];
}

export interface CultureReadingOptions {
  readonly seed: number;
  /** The array that the culture grows around; `mea64` if not given. */
  readonly scaffold?: ScaffoldName;
  /** The same time for every word, ms, in place of the eyes' own. */
  readonly msPerWord?: number;
  readonly onProgress?: (done: number, total: number) => void;
  /** Sees every sentence as it was read, for who records. */
  readonly onRead?: (stretch: ReadStretch) => void;
  readonly signal?: AbortSignal;
}

export async function readMaterial(
  material: Material,
  { seed, scaffold, msPerWord, onProgress, onRead, signal }: CultureReadingOptions,
): Promise<CultureReading> {
  const tissue = localTissue();
  await tissue.open([readingCulture(seed, scaffold)]);
  try {
    const layout = layoutFor(tissue.profile(0), seed, 8);
    const cultures = new Cultures(tissue, [layout], () => signal?.aborted ?? false);
    const code = wordCode(material.vectors, layout.roles.sensory, seed);
    const random = Random.of(seed, "reading");
    const total = material.fit.sentences.length + material.test.sentences.length;
    let done = 0;
    let refusedPulses = 0;
    const examples: ReadExample[] = [];
    const readAll = async (sentences: readonly Readable[], name: ReadStretch["phase"]) => {
      const fixations = sentences.map(({ seen }, n) => readSentence(seen, random.split(`${name} ${n}`)));
      const shown = sentences.map(({ seen }, n) => showTimes(fixations[n], seen.length, msPerWord));
      const counts: Float32Array[] = [];
      for (const [n, { words, text }] of sentences.entries()) {
        const startFrame = cultures.frameOf(0);
        const read = await readSentenceBy(cultures, words, { code, shown: shown[n], plasticity: 0 });
        const durationFrames = cultures.frameOf(0) - startFrame;
        onRead?.({ phase: name, text, startFrame, durationFrames, spikes: read.spikes, sent: read.sent });
        refusedPulses += read.refused;
        counts.push(read.counts);
        if (name === "test" && n < EXAMPLES) {
          const { perMs } = layout.frames;
          examples.push({
            text,
            fixations: fixations[n],
            shown: shown[n],
            durationMs: Math.ceil(shown[n].durationMs),
            spikes: Array.from(read.spikes.frames, (frame, i) => [frame / perMs, read.spikes.channels[i]]),
            pulses: read.sent.map(({ frame, channel }) => [frame / perMs, channel]),
          });
        }
        onProgress?.(++done, total);
      }
      return { shown, counts };
    };
    const fit = await readAll(material.fit.sentences, "fit");
    const test = await readAll(material.test.sentences, "test");
    const alone: Float32Array[] = [];
    for (const shown of test.shown) alone.push(await waitInstead(cultures, shown));
    return {
      layout,
      fit: fit.counts,
      test: test.counts,
      alone,
      shownFit: fit.shown,
      shownTest: test.shown,
      refusedPulses,
      examples,
    };
  } finally {
    await tissue.close();
  }
}

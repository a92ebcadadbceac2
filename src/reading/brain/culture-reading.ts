/**
 * One culture reads the material: it is grown, shown every sentence in the eyes' time with plasticity off, and left alone for as long as
 * each test sentence takes.
 *
 * Legend: W words, B bins, C channels.
 */

import { Random } from "../../math/random.ts";
import type { Layout } from "../../protocol/layout.ts";
import { layoutFor } from "../../protocol/layout.ts";
import { Cultures } from "../../session/cultures.ts";
import type { CultureSpec } from "../../tissue/contract.ts";
import { localTissue } from "../../tissue/local.ts";
import { readSentence } from "../eyes/ez-reader.ts";
import type { Material, Readable } from "./material.ts";
import { readSentenceBy, waitInstead } from "./reader.ts";
import { type ShownSentence, showTimes } from "./timing.ts";
import { wordCode } from "./word-code.ts";

/** The culture of a seed: the default one, as the organoid has it. */
export function readingCulture(seed: number): CultureSpec {
  return { brain: 0, seed, neurons: 1000, div: 21, preset: "default", maximumWeight: 1 };
}

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
}

export interface CultureReadingOptions {
  readonly seed: number;
  /** The same time for every word, ms, in place of the eyes' own. */
  readonly msPerWord?: number;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

export async function readMaterial(
  material: Material,
  { seed, msPerWord, onProgress, signal }: CultureReadingOptions,
): Promise<CultureReading> {
  const tissue = localTissue();
  await tissue.open([readingCulture(seed)]);
  try {
    const layout = layoutFor(tissue.profile(0), seed, 8);
    const cultures = new Cultures(tissue, [layout], () => signal?.aborted ?? false);
    const code = wordCode(material.vectors, layout.roles.sensory, seed);
    const random = Random.of(seed, "reading");
    const total = material.fit.sentences.length + material.test.sentences.length;
    let done = 0;
    let refusedPulses = 0;
    const timesOf = ({ seen }: Readable, label: string) =>
      showTimes(readSentence(seen, random.split(label)), seen.length, msPerWord);
    const readAll = async (sentences: readonly Readable[], name: string) => {
      const shown = sentences.map((sentence, n) => timesOf(sentence, `${name} ${n}`));
      const counts: Float32Array[] = [];
      for (const [n, { words }] of sentences.entries()) {
        const read = await readSentenceBy(cultures, words, { code, shown: shown[n], plasticity: 0 });
        refusedPulses += read.refused;
        counts.push(read.counts);
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
    };
  } finally {
    await tissue.close();
  }
}

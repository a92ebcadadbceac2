/** How fast cultures read, over cultures: what is done is kept in the run's folder, culture by culture, and read back. */
import { claimFolder } from "../../files/claim.ts";
import { makeFolder } from "../../files/folder.ts";
import { KeptUnits } from "../../files/kept-units.ts";
import { MATERIAL_SIZES, prepareMaterial } from "../brain/material.ts";
import { ReadingError } from "../error.ts";
import type { TextRunOptions } from "../run-options.ts";
import { type CultureSpeed, cultureSpeed } from "./culture-speed.ts";
import { predictedNext } from "./next-words.ts";

export interface SpeedConfig {
  readonly seeds: number;
  readonly firstSeed: number;
  /** Times a word, ms, from the shortest. */
  readonly msPerWord: readonly number[];
  /** Sentences to fit the decoder on, to test it on, and of a lesson. */
  readonly sentences: number;
  readonly test: number;
  readonly lessons: number;
}

export const SPEED_DEFAULTS: SpeedConfig = {
  seeds: 8,
  firstSeed: 2,
  msPerWord: [45, 60, 80, 110, 160, 250],
  sentences: 600,
  test: 200,
  lessons: 600,
};

/** Throws `ReadingError` where the folder holds another run. */
export async function runSpeed(config: SpeedConfig, options: TextRunOptions): Promise<CultureSpeed[]> {
  const { folder, codec, training, heldOut, signal, onProgress } = options;
  makeFolder(folder);
  const claim = claimFolder(folder);
  try {
    const units = new KeptUnits(
      folder,
      {
        config: JSON.stringify(config),
        otherwise: () =>
          new ReadingError(`${folder}: holds a run that was asked for otherwise; choose another --out`),
      },
      signal,
    );
    const { sentences: fit, test, seeds, firstSeed, msPerWord, lessons } = config;
    const text = { sentences: training, heldOut, seed: 1 };
    const material = await prepareMaterial(codec, text, { ...MATERIAL_SIZES, fit, test });
    const words = material.test.sentences.map((sentence) => sentence.words);
    // In a kept unit nothing is undefined.
    const kept = await units.kept("predicted", async () =>
      (await predictedNext(codec, words, training)).map((row) => row.map((word) => word ?? null)),
    );
    const predicted = kept.map((row) => row.map((word) => word ?? undefined));
    const cultures: CultureSpeed[] = [];
    for (let i = 0; i < seeds; i++) {
      const seed = firstSeed + i;
      const plan = {
        ...{ seed, msPerWord, lessons, predicted },
        onProgress: (done: number, total: number) =>
          onProgress?.(i * total + done, seeds * total, `culture ${seed}`),
      };
      cultures.push(
        await units.kept(`culture ${seed}`, () =>
          cultureSpeed(material, signal ? { ...plan, signal } : plan),
        ),
      );
    }
    return cultures;
  } finally {
    claim.release();
  }
}

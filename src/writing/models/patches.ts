/**
 * The emulator's neural encoder and decoder of one culture, fitted on what it did while it babbled: summed counts to patches.
 *
 * Legend: n rows, C channels, Z numbers of a patch.
 */

import { CYCLE_SHAPE, initEmulator } from "../../emulator/one/emulator.ts";
import { createFitter } from "../../emulator/one/fit.ts";
import type { Random } from "../../math/random.ts";
import type { BabbledStrings } from "../babble.ts";

/** Numbers of a patch: half as many again as electrodes that are written to. */
export const PATCH_NUMBERS = 48;
const LEARNING_RATE = 2e-3;

export interface Patches {
  /** Counts `[n, C]` -> patches `[n, Z]`. */
  encode(counts: Float32Array): Promise<Float32Array>;
  /** Of the fit: nats a state. */
  readonly loss: number;
  dispose(): Promise<void>;
}

export async function fitPatches(
  { rows, counts, written }: BabbledStrings,
  steps: number,
  random: Random,
): Promise<Patches> {
  const channels = counts.length / rows;
  const shape = { ...CYCLE_SHAPE, latents: PATCH_NUMBERS, bins: 1, channels };
  const states = { bins: 1, channels, counts, written };
  const blank = initEmulator(random.split("init"), shape, states);
  const fitter = await createFitter(shape, blank, "cpu");
  const { parameters, autoencoderLoss } = await fitter.fit(blank, states, random.split("fit"), {
    autoencoderSteps: steps,
    dynamicsSteps: 0,
    learningRate: LEARNING_RATE,
  });
  return {
    encode: async (given) => {
      const n = given.length / channels;
      const some = { bins: 1, channels, counts: given, written: new Float32Array(n) };
      return (await fitter.coder.encode(parameters, some)).state;
    },
    loss: autoencoderLoss,
    dispose: () => fitter.dispose(),
  };
}

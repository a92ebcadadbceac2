/**
 * Babbling: data and prediction-zone patterns presented in random order and independent of each other, so that the
 * emulator and the bridge meet every state without anything being said about what follows what.
 *
 * Plasticity is low meanwhile: babbling at the full rate writes random pairs into the synapses, after which nobody
 * can teach the culture anything.
 */
import type { Device } from "../device/contract.ts";
import type { NeuralStates } from "../emulator/one/states.ts";
import type { Random } from "../math/random.ts";
import { concatenateRows } from "../math/rows.ts";
import { BABBLE_WRITE_FRAMES, BINS, PATTERN_SIZE, type Write } from "../protocol/protocol.ts";
import { addEfference, runTrial } from "../protocol/trial.ts";
import type { Recorder } from "./recorder.ts";

/** What is presented while babbling. */
export interface Repertoire {
  /** Sensory channels, in the order of the place code's places. */
  readonly sensory: readonly number[];
  /** Channels of the prediction zone. */
  readonly prediction: readonly number[];
  /** Places of every datum that may be shown. */
  readonly contexts: readonly (readonly number[])[];
  /** Named patterns of prediction channels. */
  readonly patterns: readonly (readonly number[])[];
  /** Share of writes that use a fresh random pattern instead of a named one. */
  readonly strangeShare: number;
}

/** No write, and a write of a pattern without a name, in `Babbling.patternOf`. */
export const NOTHING = -1;
export const STRANGE = -2;

/** Share of babbled trials that are written to. */
const WRITE_SHARE = 0.7;

export interface Babbling {
  readonly states: NeuralStates;
  /** `[N, S]` which sensory places were pulsed. */
  readonly data: Float32Array;
  /** `[N]` index of the pattern written, `NOTHING` or `STRANGE`. */
  readonly patternOf: Int32Array;
}

/** Babbles `count` trials. */
export async function babble(
  device: Device,
  repertoire: Repertoire,
  count: number,
  random: Random,
  recorder: Recorder,
): Promise<Babbling> {
  const { sensory, prediction, contexts, patterns } = repertoire;
  const counts: Float32Array[] = [];
  const written = new Float32Array(count);
  const data = new Float32Array(count * sensory.length);
  const patternOf = new Int32Array(count).fill(NOTHING);
  for (let n = 0; n < count; n++) {
    const places = contexts[random.integer(contexts.length)];
    for (const place of places) data[n * sensory.length + place] = 1;
    const context = places.map((place) => sensory[place]);
    let write: Write | undefined;
    if (random.uniform() < WRITE_SHARE) {
      const strange = random.uniform() < repertoire.strangeShare;
      patternOf[n] = strange ? STRANGE : random.integer(patterns.length);
      write = {
        channels: strange ? randomPattern(prediction, random) : patterns[patternOf[n]],
        amplitude: 0.5 + 0.5 * random.uniform(),
        delayFrames: BABBLE_WRITE_FRAMES[random.integer(BABBLE_WRITE_FRAMES.length)],
      };
      written[n] = 1;
    }
    const trial = await runTrial(device, context, write);
    recorder.trial(trial, { pattern: patternOf[n] });
    counts.push(addEfference(trial.counts, context, write, random.uniform()));
  }
  const channels = device.profile.electrodes.length;
  return { states: { bins: BINS, channels, counts: concatenateRows(counts), written }, data, patternOf };
}

/** `PATTERN_SIZE` different channels of the prediction zone. */
export function randomPattern(prediction: readonly number[], random: Random): number[] {
  return random
    .permutation(prediction.length)
    .slice(0, PATTERN_SIZE)
    .map((i) => prediction[i]);
}

/**
 * The tune taught by gradient descent, not by hand: the steps of the cycle (src/experiment) on one dish. It babbles, an emulator and
 * a bridge are fitted on what was recorded, and note by note the emulator descends on what should be said, proposes the state to
 * follow, and that is decoded into pulses. Nobody tells it which electrodes stand for a note.
 */
import type { ComputeDevice } from "../compute/index.ts";
import { decodeWrite } from "../device/stimulation.ts";
import { compileModels, type Models } from "../emulator/one/models.ts";
import { oneEmulator } from "../emulator/one/one.ts";
import { Random } from "../math/random.ts";
import { LOW_PLASTICITY } from "../methods/plasticity.ts";
import { babble } from "../session/babble.ts";
import { placesOf } from "../session/walk.ts";
import { type Dish, type Heard, NOTES } from "./dish.ts";

export interface DescentSettings {
  /** Presentations of babbling. */
  readonly babbleTrials: number;
  /** Steps of the first fit (src/emulator/one). */
  readonly fitSteps: number;
  /** Notes that are descended on and written. */
  readonly notes: number;
  readonly plasticity: number;
}

/** Small enough for a tab; the organoid's own run babbles 2,000 times and fits 500 steps. */
export const TAB_DESCENT: DescentSettings = { babbleTrials: 500, fitSteps: 150, notes: 160, plasticity: 1 };

export type DescentStep =
  | { readonly kind: "compiled" }
  | { readonly kind: "babbled"; readonly presentations: number }
  | {
      readonly kind: "fitted";
      readonly models: Models;
      readonly autoencoderLoss: number;
      readonly dynamicsLoss: number;
    }
  | {
      readonly kind: "written";
      readonly heard: Heard;
      /** Of the emulator (nats), while it descends on this note. */
      readonly crossEntropy: number;
      /** Share of the electrodes that a hand would have written to. */
      readonly overlap: number;
    };

/** Share of babbled writes that use no note's pattern, as in the organoid's run. */
const STRANGE_SHARE = 0.2;

export async function* teachByDescent(
  dish: Dish,
  settings: DescentSettings,
  device: ComputeDevice,
): AsyncGenerator<DescentStep> {
  const { cultures, layout } = dish;
  const { roles, protocol, channels } = layout;
  const places = roles.sensory.length;
  const random = Random.of(dish.options.seed, "begin", "assigned");
  const programs = await compileModels({ bins: protocol.bins, channels, places, classes: NOTES }, device);
  try {
    yield { kind: "compiled" };
    const emulator = oneEmulator(programs, settings.fitSteps);
    const { states, patternOf } = await babble(
      cultures,
      {
        task: { babble: (stream) => dish.datumOf(stream.integer(NOTES)) },
        patterns: [roles.assigned],
        strangeShare: STRANGE_SHARE,
        steps: settings.babbleTrials,
        plasticity: LOW_PLASTICITY,
      },
      random.split("babble"),
    );
    yield { kind: "babbled", presentations: settings.babbleTrials };
    const { models, losses } = await emulator.begin(states, random, () => patternOf);
    const { autoencoderLoss, dynamicsLoss } = losses;
    yield { kind: "fitted", models, autoencoderLoss, dynamicsLoss };
    const descent = await emulator.descent(models, { improved: emulator.dynamicsOf(models), past: null });
    const draws = Random.of(dish.options.seed, "descent", "assigned", 0).split("write");
    for (let i = 0, note = dish.tune[0]; i < settings.notes; i++, note = dish.next[note]) {
      const next = dish.next[note];
      const data = placesOf([dish.datumOf(note)], places);
      const { crossEntropy } = await descent.descend(data, Int32Array.of(next), draws);
      const { intended, alone } = await descent.propose(draws);
      const chosen = decodeWrite({ intended, alone, channels }, roles.prediction, protocol.patternSize);
      const { heard, state } = await dish.show(note, chosen, settings.plasticity);
      await descent.observe(state);
      const shared = chosen.filter((channel) => roles.assigned[next].includes(channel)).length;
      yield { kind: "written", heard, crossEntropy, overlap: shared / roles.assigned[next].length };
    }
  } finally {
    await programs.dispose();
  }
}

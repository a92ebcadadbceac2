/**
 * Method `forward-forward`, in tissue: by turns a positive phase, in which the true continuation is written and
 * plasticity is Hebbian, and a negative phase, in which the emulator's own wrong continuation is written and a global
 * neuromodulator turns plasticity round. Goodness is activity: a class is predicted by whose electrodes answer most.
 * Hinton 2022, "The forward-forward algorithm", https://arxiv.org/abs/2212.13345
 */

import type { Item } from "../../emulator/one/improve.ts";
import { EMULATOR_SHAPE } from "../../emulator/one/models.ts";
import { LOW_PLASTICITY } from "../../protocol/protocol.ts";
import { randomPattern } from "../babble.ts";
import { plasticityOf } from "../lab.ts";
import { type Datum, placeMatrix } from "../subject.ts";
import { lessonsOf, type TrainCycle, type Training } from "./train.ts";
import { show } from "./writes.ts";

/** Plasticity of a negative phase, as a share of that of a positive one, turned round. */
export const NEGATIVE_SHARE = -0.5;

export function forwardForward(training: Training): TrainCycle {
  const { lab, beginning, arm, random } = training;
  const { config, subject } = lab;
  const { patterns } = beginning;
  const dream = dreamer(training);

  return async (cycle, recorder) => {
    const count = config.presentations;
    const data = lessonsOf(training, cycle * count, (cycle + 1) * count);
    const rate = arm === "frozen" ? 0 : await plasticityOf(lab, cycle);
    const goodness = { positive: 0, negative: 0 };
    for (const [n, datum] of data.entries()) {
      const wrong = arm === "teacher" || arm === "sham" ? 0 : await dream(datum);
      const negative = n % 2 === 1 && arm !== "teacher";
      let channels: readonly number[] | undefined = patterns[negative ? wrong : datum.nextClass];
      let plasticity = negative ? NEGATIVE_SHARE * rate : rate;
      if (arm === "random") channels = randomPattern(subject.zones.prediction, random);
      if (arm === "positive" && negative) [channels, plasticity] = [undefined, LOW_PLASTICITY];
      if (arm === "sham") channels = undefined;
      const { activity } = await show(training, datum, channels, plasticity, recorder);
      goodness[negative ? "negative" : "positive"] += (2 * activity) / count;
    }
    return { goodness };
  };
}

/** The emulator, descending on each datum as it comes, says what it would wrongly expect: its likeliest other class. */
function dreamer({ lab, beginning, random }: Training): (datum: Datum) => Promise<number> {
  const { programs, subject } = lab;
  const { latents, history } = EMULATOR_SHAPE;
  const { emulator, bridge } = beginning.models;
  const stream = random.split("dream");
  const items: Item[] = [];
  let past = new Float32Array(2 * history * latents);
  programs.improver.begin(emulator, bridge.decoder);
  programs.improver.restart(emulator.dynamics);
  return async (datum) => {
    const sensory = await programs.bridge.encode(bridge, placeMatrix([datum], subject.zones.sensory.length));
    const context = new Float32Array((2 * history + 1) * latents);
    context.set(past);
    context.set(sensory, 2 * history * latents);
    items.push({ context, nextClass: datum.nextClass });
    await programs.improver.descend(items, items.length - 1, stream);
    const { probabilities, patches } = await programs.improver.propose(context, stream);
    past = new Float32Array(2 * history * latents);
    past.set(sensory);
    past.set(patches.subarray(0, latents), latents);
    let wrong = -1;
    probabilities.forEach((p, k) => {
      if (k !== datum.nextClass && (wrong < 0 || p > probabilities[wrong])) wrong = k;
    });
    return wrong;
  };
}

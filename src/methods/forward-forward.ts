/**
 * Method `forward-forward`, in tissue: by turns a positive phase, in which the true continuation is written and
 * plasticity is Hebbian, and a negative phase, in which the emulator's own wrong continuation is written and a global
 * neuromodulator turns plasticity round. Goodness is activity: a class is predicted by whose electrodes answer most.
 * Hinton 2022, "The forward-forward algorithm", https://arxiv.org/abs/2212.13345
 */
import type { Descent, DescentState } from "../emulator/contract.ts";
import { Random, type RandomState } from "../math/random.ts";
import { randomPattern } from "../session/babble.ts";
import { placesOf } from "../session/walk.ts";
import { type Method, NO_EFFORT, type Trained, type Training } from "./contract.ts";
import { DESCRIPTIONS } from "./descriptions.ts";
import { type Lesson, lessonsOf } from "./lessons.ts";
import { FROZEN, LOW_PLASTICITY } from "./plasticity.ts";
import { ShownSum, show } from "./showing.ts";

/** Plasticity of a negative phase, as a share of that of a positive one, turned round. */
const NEGATIVE_SHARE = -0.5;

export const forwardForward: Method = { ...DESCRIPTIONS.forwardForward, train };

interface Memory {
  readonly random: RandomState;
  readonly dreams: RandomState;
  readonly descent: DescentState;
}

async function train<M, I>(training: Training<M, I>): Promise<Trained<M, I>> {
  const { arm, plan, seed, code, cycle, cultures, emulator, beginning, models, before } = training;
  const plasticity = arm === "frozen" ? FROZEN : training.plasticity;
  const [patterns] = beginning.patterns;
  const memory = before.at(-1)?.memory as Memory | undefined;
  const first = Random.of(seed, "forward-forward", code, arm);
  const random = memory ? Random.resume(memory.random) : first;
  const dreams = memory ? Random.resume(memory.dreams) : first.split("dream");
  const descent = await emulator.descent(models, {
    improved: emulator.dynamicsOf(models),
    past: null,
    state: memory?.descent,
  });
  const count = plan.presentations;
  const sum = new ShownSum();
  const goodness = { positive: 0, negative: 0 };
  for (const [n, lesson] of lessonsOf(training, cycle * count, (cycle + 1) * count).entries()) {
    const wrong = arm === "teacher" || arm === "sham" ? 0 : await dream(descent, lesson, cultures, dreams);
    const negative = n % 2 === 1 && arm !== "teacher";
    let channels: readonly number[] | undefined = patterns[negative ? wrong : lesson.nextClass];
    let rate = negative ? NEGATIVE_SHARE * plasticity : plasticity;
    if (arm === "random") channels = randomPattern(cultures.layouts[0], random);
    if (arm === "positive" && negative) [channels, rate] = [undefined, LOW_PLASTICITY];
    if (arm === "sham") channels = undefined;
    const shown = await show(training, lesson, rate, channels);
    sum.add(shown);
    goodness[negative ? "negative" : "positive"] += (2 * shown.activity) / count;
  }
  const { presentations, writePulses, pulses, refused } = sum;
  return {
    effort: { ...NO_EFFORT, presentations, writePulses },
    pulses,
    refused,
    events: [],
    notes: { goodness },
    memory: { random: random.state(), dreams: dreams.state(), descent: descent.state() } satisfies Memory,
  };
}

/** The emulator, descending on each datum as it comes, says what it would wrongly expect: its likeliest other class. */
async function dream<I>(
  descent: Descent<I>,
  { datum, nextClass }: Lesson,
  { layouts }: Training<unknown, unknown>["cultures"],
  random: Random,
): Promise<number> {
  const data = placesOf([datum], layouts[0].roles.sensory.length);
  await descent.descend(data, Int32Array.of(nextClass), random);
  const { probabilities } = await descent.propose(random);
  await descent.observe(null);
  let wrong = -1;
  probabilities.forEach((p, k) => {
    if (k !== nextClass && (wrong < 0 || p > probabilities[wrong])) wrong = k;
  });
  return wrong;
}

/**
 * Method `reward`: nobody says what comes next, only whether a guess was right. After each datum a random class is
 * written, the pairs of spikes mark their synapses, and at the presentation's end a reward less its running mean turns
 * the marks into weight. Izhikevich 2007, https://doi.org/10.1093/cercor/bhl152; the baseline: Fremaux & Gerstner 2016,
 * https://doi.org/10.3389/fncir.2015.00085, eq. 10.
 */
import { Random, type RandomState } from "../math/random.ts";
import { type Method, NO_EFFORT, type Trained, type Training } from "./contract.ts";
import { DESCRIPTIONS } from "./descriptions.ts";
import { lessonsOf } from "./lessons.ts";
import { ShownSum, show } from "./showing.ts";

/** Weight of a reward of 1 over what two-factor plasticity would have done. */
const REWARD_GAIN = 3;
/** Presentations over which the reward's mean runs. */
const BASELINE_PRESENTATIONS = 50;

export const reward: Method = { ...DESCRIPTIONS.reward, train };

interface Memory {
  readonly random: RandomState;
  /** Running mean of the reward. */
  readonly expected: number;
}

async function train<M, I>(training: Training<M, I>): Promise<Trained<M, I>> {
  const { arm, plan, seed, code, cycle, cultures, beginning, before, plasticity } = training;
  const [patterns] = beginning.patterns;
  const memory = before.at(-1)?.memory as Memory | undefined;
  const random = memory ? Random.resume(memory.random) : Random.of(seed, "reward", code, arm);
  let expected = memory?.expected ?? 1 / patterns.length;
  const count = plan.presentations;
  const sum = new ShownSum();
  let rewarded = 0;
  for (const lesson of lessonsOf(training, cycle * count, (cycle + 1) * count)) {
    const guess = random.integer(patterns.length);
    sum.add(await show(training, lesson, plasticity, arm === "sham" ? undefined : patterns[guess]));
    if (arm === "sham" || arm === "frozen") continue;
    const got = guess === lesson.nextClass ? 1 : 0;
    cultures.reward(REWARD_GAIN * (got - expected));
    expected += (got - expected) / BASELINE_PRESENTATIONS;
    rewarded += got;
  }
  const { presentations, writePulses, pulses, refused } = sum;
  return {
    effort: { ...NO_EFFORT, presentations, writePulses },
    pulses,
    refused,
    events: [],
    notes: { rewarded: rewarded / count },
    memory: { random: random.state(), expected } satisfies Memory,
  };
}

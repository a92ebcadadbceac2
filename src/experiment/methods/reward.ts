/**
 * Method `reward`: nobody says what comes next, only whether a guess was right. After each datum a random class is
 * written, the pairs of spikes mark their synapses, and at the presentation's end a reward less its running mean turns
 * the marks into weight. Izhikevich 2007, https://doi.org/10.1093/cercor/bhl152; the baseline: Fremaux & Gerstner 2016,
 * https://doi.org/10.3389/fncir.2015.00085, eq. 10.
 */
import { plasticityOf } from "../lab.ts";
import { lessonsOf, type TrainCycle, type Training } from "./train.ts";
import { show } from "./writes.ts";

/** Weight of a reward of 1 over what two-factor plasticity would have done. */
const REWARD_GAIN = 3;
/** Presentations over which the reward's mean runs. */
const BASELINE_PRESENTATIONS = 50;

export function reward(training: Training): TrainCycle {
  const { lab, beginning, arm, random } = training;
  const { config, subject } = lab;
  const { patterns } = beginning;
  let expected = 1 / patterns.length;

  return async (cycle, recorder) => {
    const count = config.presentations;
    const data = lessonsOf(training, cycle * count, (cycle + 1) * count);
    const plasticity = await plasticityOf(lab, cycle);
    let rewarded = 0;
    for (const datum of data) {
      const guess = random.integer(patterns.length);
      const channels = arm === "sham" ? undefined : patterns[guess];
      await show(training, datum, channels, plasticity, recorder);
      if (arm === "sham" || arm === "frozen") continue;
      const got = guess === datum.nextClass ? 1 : 0;
      subject.simulated.culture.reward(REWARD_GAIN * (got - expected));
      expected += (got - expected) / BASELINE_PRESENTATIONS;
      rewarded += got;
    }
    return { rewarded: rewarded / count };
  };
}

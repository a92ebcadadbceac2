/**
 * The same lesson without any brain: receptor cells straight onto one unit that says approach and one that says avoid, with the rule of
 * the synapses. What it learns, no wiring is needed for.
 */
import { drawPoisson } from "../math/poisson.ts";
import { Random } from "../math/random.ts";
import { DOPAMINE, type DopamineRule } from "../wiring/brain/dopamine.ts";
import { LESSON, type Unit } from "./lesson.ts";
import { odourOf, type Teaching } from "./nose.ts";

/** Kicks of a lit receptor in an odour: 150 Hz for 500 ms. */
const KICKS = 75;
/** Spikes of dopamine in a pulse: 40 Hz for 300 ms. */
const PULSES = 12;

/** Right before and after; `isYoked`: the teaching is about an odour that is drawn anew. */
export function withoutBrain(
  { pair, seed }: Unit,
  glomeruli: number,
  isYoked: boolean,
  rule: Partial<DopamineRule> = {},
): { rightBefore: number; rightAfter: number } {
  const { rate, floor, memoryMs } = { ...DOPAMINE, ...rule };
  const { trials, margin } = LESSON;
  const random = Random.of(seed, "no brain", pair);
  const odours = [0, 1].map((k) => odourOf(2 * pair + k, glomeruli));
  const punished = seed % 2;
  const weights = {
    approach: new Float64Array(glomeruli).fill(1),
    avoid: new Float64Array(glomeruli).fill(1),
  };
  const smell = (odour: number) =>
    odours[odour].map((glomerulus) => [glomerulus, drawPoisson(random, KICKS)] as const);
  type Smelt = ReturnType<typeof smell>;
  const likingOf = (smelt: Smelt) => {
    const sum = (unit: Float64Array) =>
      smelt.reduce((total, [glomerulus, spikes]) => total + unit[glomerulus] * spikes, 0);
    const [approach, avoid] = [sum(weights.approach), sum(weights.avoid)];
    return approach / (approach + avoid);
  };
  const teach = (what: Teaching, smelt: Smelt) => {
    const unit = what === "punish" ? weights.approach : weights.avoid;
    for (const [glomerulus, spikes] of smelt) {
      const trace = (spikes / 500) * memoryMs * (1 - Math.exp(-500 / memoryMs));
      for (let n = 0; n < PULSES; n++)
        unit[glomerulus] -= rate * (trace / (1 + trace)) * (unit[glomerulus] - floor);
    }
  };
  const test = () => {
    let right = 0;
    for (let k = 0; k < trials; k++) {
      const [bad, good] = [likingOf(smell(punished)), likingOf(smell(1 - punished))];
      right += bad === good ? 0.5 : Number(bad < good);
    }
    return right / trials;
  };
  const rightBefore = test();
  let usual = 0.5;
  for (const k of random.permutation(2 * trials)) {
    const odour = k % 2;
    const about = isYoked ? random.integer(2) : odour;
    const smelt = smell(odour);
    const liking = likingOf(smelt);
    if (about === punished ? liking > usual - margin : liking < usual + margin)
      teach(about === punished ? "punish" : "reward", smelt);
    usual += 0.2 * (liking - usual);
  }
  return { rightBefore, rightAfter: test() };
}

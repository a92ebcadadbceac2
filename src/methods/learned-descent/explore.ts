/**
 * The hand that varies what it does, so that its recordings tell what each kind of write does: mostly it writes the right class
 * where that does not lead, with another delay, dose or part of its electrodes each time; now and then it weakens a rival, or pulses
 * any electrodes in any way.
 *
 * Legend: E electrodes of classes, K classes.
 */
import type { Random } from "../../math/random.ts";
import { type Answer, leadOf } from "../error-correcting/needs.ts";
import { DELAYS_MS, DOSES } from "./constants.ts";

/** What is written to one electrode: by index of electrode, delay and dose. */
export interface ElectrodeWrite {
  readonly electrode: number;
  readonly delay: number;
  readonly dose: number;
}

const WEAKENING = DELAYS_MS.findIndex((delay) => delay < 0);
/** How often: a part of a class in place of all of it, a rival that leads weakened, anything at all. */
const [PART, RIVAL, ANYTHING] = [0.3, 0.5, 0.05];

export interface Exploring {
  /** `[K]` the electrodes of each class, by index. */
  readonly classes: readonly (readonly number[])[];
  readonly margin: number;
  /** At first nothing is weakened: electrodes whose answers are small would fall silent for good. */
  readonly mayWeaken: boolean;
}

export function explore(
  answer: Answer,
  { classes, margin, mayWeaken }: Exploring,
  random: Random,
): ElectrodeWrite[] {
  const { scores, target, rival } = answer;
  if (target < 0) return [];
  const all = classes.flat();
  const size = classes[target].length;
  const anyOf = (some: readonly number[], count: number) =>
    random
      .permutation(some.length)
      .slice(0, count)
      .map((i) => some[i]);
  const each = (electrodes: readonly number[], delay: number, dose: number) =>
    electrodes.map((electrode) => ({ electrode, delay, dose }));
  if (mayWeaken && random.uniform() < ANYTHING)
    return anyOf(all, size).map((electrode) => ({
      electrode,
      delay: random.integer(DELAYS_MS.length),
      dose: random.integer(DOSES),
    }));
  const writes: ElectrodeWrite[] = [];
  if (leadOf(answer) < margin) {
    const own = classes[target];
    const delay = random.uniform() < 0.65 ? 0 : 1;
    const dose = drawn(random, [0.12, 0.18, 0.7]);
    writes.push(...each(random.uniform() < PART ? anyOf(own, partOf(size, random)) : own, delay, dose));
  }
  if (mayWeaken && rival >= 0 && scores[rival] > 0 && leadOf(answer) <= 0 && random.uniform() < RIVAL) {
    const taken = new Set(writes.map(({ electrode }) => electrode));
    const free = classes[rival].filter((electrode) => !taken.has(electrode));
    writes.push(...each(anyOf(free, partOf(size, random)), WEAKENING, drawn(random, [0.5, 0.3, 0.2])));
  }
  return writes;
}

/** Some of a class's electrodes, but not all where there are several. */
function partOf(size: number, random: Random): number {
  return size < 2 ? size : 1 + random.integer(size - 1);
}

function drawn(random: Random, shares: readonly number[]): number {
  let left = random.uniform();
  for (let i = 0; i < shares.length - 1; i++) {
    left -= shares[i];
    if (left < 0) return i;
  }
  return shares.length - 1;
}

/** Who chooses the trains: the published bandit, the teacher that knows the pairing, and their controls. */
import type { Random } from "../math/random.ts";
import type { Places } from "./places.ts";
import type { Pair, Played, Trainer } from "./session.ts";

/** Every ordered pair of different groups. */
export function orderedPairs(groups: readonly (readonly number[])[]): Pair[] {
  return groups.flatMap((first, i) =>
    groups.flatMap((second, j) => (i === j ? [] : [[first, second] as const])),
  );
}

const [RATE, FLOOR, FADING, MEMORY] = [0.3, 0.1, 0.3, 5];

/**
 * The published trainer: a value for each pair, which follows the change of the scores through a fading trace of what was chosen; pairs are
 * drawn in proportion to it. Without `learns` it is the published random arm.
 */
export function bandit(pairs: readonly Pair[], random: Random, learns: boolean): Trainer {
  const values = pairs.map(() => 1);
  const traces = pairs.map(() => 0);
  const chosen: (number | null)[] = [];
  const learn = (change: number) => {
    if (!learns) return;
    const last = chosen[chosen.length - 1] ?? null;
    traces.forEach((trace, k) => {
      traces[k] = FADING * trace + Number(k === last);
      values[k] = Math.max(FLOOR, values[k] + RATE * (change - values[k]) * traces[k]);
    });
  };
  const remember = (pair: number | null) => {
    chosen.push(pair);
    if (chosen.length > MEMORY) chosen.shift();
  };
  return {
    async train({ change }) {
      if (chosen.length === MEMORY) learn(change);
      let left = random.uniform() * values.reduce((sum, value) => sum + value, 0);
      let k = 0;
      while (k < values.length - 1 && left > values[k]) left -= values[k++];
      remember(k);
      return pairs[k];
    },
    spared(change) {
      if (chosen.length > 0) learn(change);
      remember(null);
    },
  };
}

export interface TeacherOptions {
  /** Pairs each side with the wrong motor side. */
  readonly isCrossed?: boolean;
  /** Motor electrodes first: what weakens. */
  readonly isReversed?: boolean;
}

/** Knows which motor side catches the pole: pairs the sensory side to which it fell with it. */
export function teacher(
  { sensory, motor }: Places,
  { isCrossed = false, isReversed = false }: TeacherOptions = {},
): Trainer {
  return {
    async train({ windows }) {
      const side = windows[windows.length - 1].state[2] > 0 ? 1 : 0;
      const pair = [sensory[side], motor[isCrossed ? 1 - side : side]] as const;
      return isReversed ? [pair[1], pair[0]] : pair;
    },
  };
}

/** The trains of another session in another order, each at the first bad end of an episode after its own time. */
export function yoked(trains: Played["trains"], random: Random): Trainer {
  const order = random.permutation(trains.length);
  let next = 0;
  return {
    async train({ sinceMs }) {
      const isDue = next < trains.length && trains[next].sinceMs <= sinceMs;
      return isDue ? trains[order[next++]].pair : null;
    },
  };
}

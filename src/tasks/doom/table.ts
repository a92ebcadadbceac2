/** What a table of sites and moves learns: by rewards (Q-learning, Watkins 1989), or told the right moves as descent is. */
import type { Random } from "../../math/random.ts";
import { SITES } from "./coding.ts";
import type { DoomTrial } from "./trial.ts";

const EXPLORE = 0.2;
const RATE = 0.1;
const DISCOUNT = 0.9;

const largest = (row: readonly number[]) => row.indexOf(Math.max(...row));

/** The move at each site, learned from `samples` steps of which the rewards are told. */
export function learnTable(trial: DoomTrial, samples: number, random: Random): number[] {
  const values = Array.from({ length: SITES }, () => new Array<number>(trial.moves).fill(0));
  trial.begin();
  for (let n = 0; n < samples; n++) {
    const { site } = trial.given();
    const move = random.uniform() < EXPLORE ? random.integer(trial.moves) : largest(values[site]);
    const reward = trial.play(move);
    const next = reward < 0 ? 0 : Math.max(...values[trial.given().site]);
    values[site][move] += RATE * (reward + DISCOUNT * next - values[site][move]);
  }
  return values.map(largest);
}

/** The move most often right at each site, of `samples` steps of which the right moves are told. */
export function tableOfTargets(trial: DoomTrial, samples: number, random: Random): number[] {
  const counts = Array.from({ length: SITES }, () => new Array<number>(trial.moves).fill(0));
  trial.begin();
  for (let n = 0; n < samples; n++) {
    const { site } = trial.given();
    const right = trial.rightMove();
    counts[site][right]++;
    trial.play(random.uniform() < 0.5 ? random.integer(trial.moves) : right);
  }
  return counts.map(largest);
}

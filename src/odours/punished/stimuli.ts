/**
 * What is smelled, and what of it is punished.
 *
 * odours: two, of which one is punished.
 * configural: of four groups of glomeruli a, b, c, d the odours ab and cd are punished, ac and bd are not. Every group is punished as often
 * as not, and ab + cd = ac + bd: whatever a receptor is worth, the punished odours are worth as much together as the others, so that no
 * sum over receptors tells them apart (the biconditional discrimination, which bees solve: Schubert, Lachnit,
 * Francucci & Giurfa 2002, "Nonelemental visual learning in honeybees", Animal Behaviour 64, 175-184).
 *
 * The parity of the seed says which half is punished, so that what was liked before counts for nothing.
 */
import { Random } from "../../math/random.ts";
import { odourOf } from "../subject/nose.ts";

export const TASKS = ["odours", "configural"] as const;
export type TaskName = (typeof TASKS)[number];

export interface Stimuli {
  /** Glomeruli of each odour. */
  readonly odours: readonly (readonly number[])[];
  readonly isPunished: readonly boolean[];
}

/** Glomeruli of a group, of which an odour has two. */
export const GROUP = 4;

export interface Unit {
  /** Number of the odours that belong together. */
  readonly pair: number;
  readonly seed: number;
}

export function stimuliOf(task: TaskName, { pair, seed }: Unit, glomeruli: number): Stimuli {
  const first = seed % 2 === 0;
  if (task === "odours")
    return { odours: [0, 1].map((k) => odourOf(2 * pair + k, glomeruli)), isPunished: [first, !first] };
  const order = Random.of(pair, "configural").permutation(glomeruli);
  const size = Math.min(GROUP, Math.floor(glomeruli / 4));
  const [a, b, c, d] = [0, 1, 2, 3].map((k) => order.slice(k * size, (k + 1) * size));
  const odours = [
    [a, b],
    [c, d],
    [a, c],
    [b, d],
  ].map((groups) => groups.flat().sort((x, y) => x - y));
  return { odours, isPunished: [first, first, !first, !first] };
}

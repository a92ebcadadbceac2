/**
 * How many dishes tell an arm from the control by a stated effect: experiments are drawn as the plan would assign them, with the scatter
 * of dishes and sessions that simulated ones had, and analysed as `experiment merge` will. Power is the share whose p is below .05.
 */
import { fitMixed } from "../../math/comparison/mixed.ts";
import { Random } from "../../math/random.ts";
import { allocate } from "./allocate.ts";
import { compareArms } from "./compared.ts";
import type { Design } from "./file.ts";

/** Standard deviations of what is measured. */
export interface Scatter {
  readonly dish: number;
  readonly session: number;
}

export interface Power {
  readonly dishes: number;
  readonly power: number;
}

const EXPERIMENTS = 200;
const MOST_DISHES = 64;
const LEVEL = 0.05;

/** Of pilot runs: `[arms][dishes]`, the same dishes for each arm. */
export function scatterOf(pilot: readonly (readonly number[])[]): Scatter {
  const outcomes = pilot.flat();
  const fit = fitMixed({
    outcomes,
    effects: pilot.flatMap((values, arm) => values.map(() => pilot.map((_, other) => Number(other === arm)))),
    groups: [pilot.flatMap((values) => [...values.keys()])],
  });
  return { dish: Math.sqrt(fit.groupVariances[0]), session: Math.sqrt(fit.residualVariance) };
}

/** The share of experiments on so many dishes in which `effect` is found. */
export function powerOf(design: Design, dishes: number, effect: number, scatter: Scatter): number {
  const { arms, control, sessionsPerDish, seed } = design;
  const taught = arms.find((arm) => arm !== control) ?? control;
  let found = 0;
  for (let experiment = 0; experiment < EXPERIMENTS; experiment++) {
    const random = Random.of(seed, "power", dishes, experiment);
    const levels = random.normals(dishes);
    const sessions = allocate(arms.length, dishes, sessionsPerDish, random.integer(2 ** 31)).map(
      ({ dish, day, arm }) => ({
        arm: arms[arm],
        dish: String(dish),
        day,
        value:
          scatter.dish * levels[dish] +
          scatter.session * random.normal() +
          Number(arms[arm] === taught) * effect,
      }),
    );
    const { fit, ahead } = compareArms(sessions, arms, control);
    if (fit.contrast(ahead(taught)).p < LEVEL) found++;
  }
  return found / EXPERIMENTS;
}

/** The fewest dishes with this power, and what was tried on the way; null where the most are too few. */
export function dishesFor(
  design: Design,
  effect: number,
  scatter: Scatter,
  wanted: number,
): { readonly dishes: number | null; readonly tried: readonly Power[] } {
  const fewest = Math.max(2, Math.ceil((2 * design.arms.length + 1) / design.sessionsPerDish));
  const tried: Power[] = [];
  const suffices = (dishes: number) => {
    const power = powerOf(design, dishes, effect, scatter);
    tried.push({ dishes, power });
    return power >= wanted;
  };
  let [low, high] = [fewest - 1, fewest];
  while (!suffices(high)) {
    if (high >= MOST_DISHES) return { dishes: null, tried: sorted(tried) };
    [low, high] = [high, Math.min(2 * high, MOST_DISHES)];
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (suffices(middle)) high = middle;
    else low = middle;
  }
  return { dishes: high, tried: sorted(tried) };
}

const sorted = (tried: readonly Power[]) => [...tried].sort((a, b) => a.dishes - b.dishes);

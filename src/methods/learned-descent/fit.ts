/**
 * Fits the constants of the model of learning by gradient on the likelihood of each next count, through the whole filter, without
 * truncation: scoring with the outer product of the counts' gradients in the place of the Hessian (Berndt, Hall, Hall & Hausman
 * 1974, https://www.nber.org/chapters/c10206), damped (Levenberg 1944, https://doi.org/10.1090/qam/10666). A normal prior around the
 * start keeps constants that the recordings say nothing of where they were.
 */
import { choleskySolve } from "../../math/linear.ts";
import { SPREAD, START } from "./constants.ts";
import { type Distances, Filter } from "./filter.ts";
import type { Presented } from "./presented.ts";

/** What was recorded of one culture, in its order. */
export interface Recorded {
  readonly distances: Distances;
  readonly presented: readonly Presented[];
}

export interface FittedConstants {
  readonly constants: Float64Array;
  /** Mean log likelihood of a count (nats). */
  readonly logLikelihood: number;
}

const MOST_DAMPING = 1e4;

/** Electrodes of a culture whose counts are fitted, spread over its classes: constants are shared by all. */
const FITTED_ELECTRODES = 16;

function some(distances: Distances): number[] {
  const E = distances.length;
  const count = Math.min(E, FITTED_ELECTRODES);
  return Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * E) / count));
}

/** The log likelihood of the fitted counts, and how many they are. */
export function likelihoodOf(
  recorded: readonly Recorded[],
  constants: Float64Array,
): { sum: number; count: number } {
  let [sum, count] = [0, 0];
  for (const { distances, presented } of recorded) {
    const filter = new Filter(constants, distances, { electrodes: some(distances) });
    for (const shown of presented)
      filter.step(shown, (_, logLikelihood) => {
        sum += filter.numbers.valueOf(logLikelihood);
        count++;
      });
  }
  return { sum, count };
}

/** The gradient of the log likelihood, and the sum of the counts' gradients times themselves `[n, n]`. */
export function gradientOf(recorded: readonly Recorded[], constants: Float64Array) {
  const n = constants.length;
  const gradient = new Float64Array(n);
  const squares = new Float64Array(n * n);
  for (const { distances, presented } of recorded) {
    const filter = new Filter(constants, distances, { differentiate: true, electrodes: some(distances) });
    const { numbers } = filter;
    for (const shown of presented)
      filter.step(shown, (_, logLikelihood) => {
        const at = numbers.derivativesAt(logLikelihood);
        const { all } = numbers;
        for (let i = 0; i < n; i++) {
          const own = all[at + i];
          gradient[i] += own;
          for (let j = 0; j <= i; j++) squares[i * n + j] += own * all[at + j];
        }
      });
  }
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) squares[i * n + j] = squares[j * n + i];
  return { gradient, squares };
}

/** So many steps uphill from `from`; `pause` is called before each. */
export function fitConstants(
  recorded: readonly Recorded[],
  from: Float64Array,
  steps: number,
  pause: () => void,
): FittedConstants {
  let constants = from.slice();
  const n = constants.length;
  const scoreOf = (at: Float64Array) => {
    const { sum, count } = likelihoodOf(recorded, at);
    const away = at.reduce((total, x, i) => total + ((x - START[i]) / SPREAD[i]) ** 2, 0);
    return { value: sum - away / 2, mean: sum / Math.max(1, count) };
  };
  let best = scoreOf(constants);
  let damping = 0.1;
  for (let step = 0; step < steps && damping < MOST_DAMPING; step++) {
    pause();
    const { gradient, squares } = gradientOf(recorded, constants);
    constants.forEach((x, i) => {
      gradient[i] -= (x - START[i]) / SPREAD[i] ** 2;
      squares[i * n + i] += 1 / SPREAD[i] ** 2;
    });
    for (; damping < MOST_DAMPING; damping *= 8) {
      const damped = squares.map((x, i) => (i % (n + 1) === 0 ? x * (1 + damping) : x));
      const change = choleskySolve(damped, gradient);
      const next = constants.map((x, i) => x + change[i]);
      const found = scoreOf(next);
      if (!(found.value > best.value)) continue;
      [constants, best] = [next, found];
      damping = Math.max(1e-3, damping / 5);
      break;
    }
  }
  return { constants, logLikelihood: best.mean };
}

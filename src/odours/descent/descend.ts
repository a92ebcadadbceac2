/**
 * The doses of the next lesson, by gradient descent on what the emulator says of it: the loss of what is answered to every symbol after the
 * lesson. Projected gradient steps within 0 and 1; a small price on light, so that what does nothing is not lit.
 */
import type { LessonEmulator } from "./emulator.ts";

/** What a state `[S, K]` is worth, and its slope by the state. */
export type Objective = (state: Float64Array) => { readonly loss: number; readonly slope: Float64Array };

export interface Descended {
  /** `[M]` 0 to 1. */
  readonly doses: Float64Array;
  /** The loss before and after the lesson, as the emulator says. */
  readonly before: number;
  readonly after: number;
}

const STEPS = 60;
const STEP_SIZE = 2;
const PRICE = 0.002;

export function descend(emulator: LessonEmulator, symbol: number, objective: Objective): Descended {
  const { classes } = emulator.shape;
  const doses = new Float64Array(classes);
  const start = objective(emulator.state).loss;
  for (let step = 0; step < STEPS; step++) {
    const gradient = gradientOf(emulator, { symbol, objective, doses });
    for (let j = 0; j < classes; j++)
      doses[j] = Math.min(1, Math.max(0, doses[j] - STEP_SIZE * (gradient[j] + PRICE)));
  }
  const { loss } = objective(emulator.after(symbol, doses));
  return { doses, before: start, after: loss };
}

/** dLoss/ddoses `[M]`. */
export function gradientOf(
  emulator: LessonEmulator,
  {
    symbol,
    objective,
    doses,
  }: { readonly symbol: number; readonly objective: Objective; readonly doses: Float64Array },
): Float64Array {
  const { symbols, answers, classes } = emulator.shape;
  const { slope } = objective(emulator.after(symbol, doses));
  const gradient = new Float64Array(classes);
  for (let k = 0; k < answers; k++) {
    let byReached = 0;
    for (let t = 0; t < symbols; t++) {
      const at = t * answers + k;
      byReached += slope[at] * emulator.pull(symbol, t, k, emulator.state[at]);
    }
    for (let j = 0; j < classes; j++) gradient[j] += byReached * emulator.constants.reach[k * classes + j];
  }
  return gradient;
}

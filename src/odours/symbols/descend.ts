/**
 * The doses of the next lesson, by gradient descent on what the emulator says of it: the cross entropy of the right answer to every symbol,
 * after the lesson. Projected gradient steps within 0 and 1; a small price on light, so that what does nothing is not lit.
 *
 * An answer's chance is the softmax over compartments of ln(spikes over the compartment's mean), as it is read (./exam.ts).
 */
import type { LessonEmulator } from "./emulator.ts";

export interface Descended {
  /** `[K]` 0 to 1. */
  readonly doses: Float64Array;
  /** Mean cross entropy over symbols (nats) before and after the lesson, as the emulator says. */
  readonly before: number;
  readonly after: number;
}

const STEPS = 60;
const STEP_SIZE = 2;
const PRICE = 0.002;
/** Of the softmax: how sharp differences of loudness decide. */
const SHARPNESS = 6;
const LEAST = 1e-3;

export function descend(emulator: LessonEmulator, symbol: number, right: readonly number[]): Descended {
  const { answers } = emulator.shape;
  const doses = new Float64Array(answers);
  const start = expectedLoss(emulator, emulator.state, right).loss;
  for (let step = 0; step < STEPS; step++) {
    const gradient = gradientOf(emulator, { symbol, right, doses });
    for (let j = 0; j < answers; j++)
      doses[j] = Math.min(1, Math.max(0, doses[j] - STEP_SIZE * (gradient[j] + PRICE)));
  }
  const { loss } = expectedLoss(emulator, emulator.after(symbol, doses), right);
  return { doses, before: start, after: loss };
}

/** dLoss/ddoses `[K]`. */
export function gradientOf(
  emulator: LessonEmulator,
  {
    symbol,
    right,
    doses,
  }: { readonly symbol: number; readonly right: readonly number[]; readonly doses: Float64Array },
): Float64Array {
  const { symbols, answers } = emulator.shape;
  const { slope } = expectedLoss(emulator, emulator.after(symbol, doses), right);
  const gradient = new Float64Array(answers);
  for (let k = 0; k < answers; k++) {
    let byReached = 0;
    for (let t = 0; t < symbols; t++) {
      const at = t * answers + k;
      byReached += slope[at] * emulator.pull(symbol, t, k, emulator.state[at]);
    }
    for (let j = 0; j < answers; j++) gradient[j] += byReached * emulator.constants.reach[k * answers + j];
  }
  return gradient;
}

/** Mean cross entropy over symbols of a state `[S, K]`, and its slope by the state. Loudness is 2 ln y, less the compartment's mean. */
export function expectedLoss(
  { shape: { symbols, answers } }: LessonEmulator,
  state: Float64Array,
  right: readonly number[],
): { readonly loss: number; readonly slope: Float64Array } {
  const loudness = state.map((y) => 2 * Math.log(Math.max(LEAST, y)));
  const means = Float64Array.from({ length: answers }, (_, k) => {
    let sum = 0;
    for (let t = 0; t < symbols; t++) sum += loudness[t * answers + k];
    return sum / symbols;
  });
  /** dLoss/d(loudness less mean) */
  const byLoudness = new Float64Array(state.length);
  let loss = 0;
  for (let t = 0; t < symbols; t++) {
    const logits = means.map((mean, k) => SHARPNESS * (loudness[t * answers + k] - mean));
    const most = Math.max(...logits);
    const sum = logits.reduce((total, logit) => total + Math.exp(logit - most), 0);
    loss += (most + Math.log(sum) - logits[right[t]]) / symbols;
    for (let k = 0; k < answers; k++)
      byLoudness[t * answers + k] =
        (SHARPNESS / symbols) * (Math.exp(logits[k] - most) / sum - Number(k === right[t]));
  }
  const slope = new Float64Array(state.length);
  for (let k = 0; k < answers; k++) {
    let shared = 0;
    for (let t = 0; t < symbols; t++) shared += byLoudness[t * answers + k] / symbols;
    for (let t = 0; t < symbols; t++) {
      const at = t * answers + k;
      slope[at] = state[at] > LEAST ? ((byLoudness[at] - shared) * 2) / state[at] : 0;
    }
  }
  return { loss, slope };
}

/**
 * The task contract: where x_0..x_t comes from, how it is coded onto the scaffold, and what is to be predicted.
 *
 * A `Series` yields for each seed a `CodedSeries`: step by step the sensory places that carry the history up to x_t,
 * and the class and value of x_{t+1}. Class edges, class means, scales and place-code centres are fitted on the
 * training steps alone; the test steps are the held-out continuation of the same stretch of the series.
 *
 * Letters in shapes: T steps, K classes, L lags, A active places.
 */

/** Steps `[start, end)`. */
export interface StepRange {
  readonly start: number;
  readonly end: number;
}

export interface CodeOptions {
  /** Training steps. */
  readonly trainCount: number;
  /** Test steps, the continuation of the training steps. */
  readonly testCount: number;
  /** Places of the place code: how many sensory electrodes the scaffold has. */
  readonly sensoryCount: number;
  /** Places pulsed for one context. */
  readonly activeCount: number;
}

export const defaultCodeOptions: CodeOptions = {
  trainCount: 1000,
  testCount: 200,
  sensoryCount: 32,
  activeCount: 4,
};

export type TaskKind = "symbols" | "series";

export interface Series {
  readonly name: string;
  readonly kind: TaskKind;
  /** Classes of x_{t+1} that the culture is asked to tell apart (K). */
  readonly classCount: number;
  /** One line: what the numbers are and where they come from. */
  readonly source: string;
  /** The task of one seed. Same seed and options, same bits. Throws `TaskError` where the series cannot serve. */
  code(seed: number, options?: Partial<CodeOptions>): CodedSeries;
}

export interface CodedSeries {
  readonly name: string;
  readonly kind: TaskKind;
  readonly seed: number;
  readonly classCount: number;
  /** Which past values a context holds, in steps before x_t, the first being 0; `[0]` for symbols. */
  readonly delays: readonly number[];
  /** How many they are (L). */
  readonly lags: number;
  readonly sensoryCount: number;
  readonly activeCount: number;
  readonly train: StepRange;
  readonly test: StepRange;
  /** Indices into the zone's sensory electrodes that carry step t, nearest first, shape `[T, A]`. */
  readonly contexts: Uint16Array;
  /** x_t and the values at the further delays, shape `[T, L]`; for symbols the symbol itself. */
  readonly history: Float64Array;
  /** x_{t+1}, shape `[T]`. */
  readonly nextValues: Float64Array;
  /** Class of x_{t+1}, shape `[T]`. */
  readonly labels: Uint8Array;
  /** Class of x_t, shape `[T]`. */
  readonly currentLabels: Uint8Array;
  /** Inner class edges in ascending order, shape `[K - 1]`; class k is `[edge k-1, edge k)`. Empty for symbols. */
  readonly classEdges: Float64Array;
  /** Mean of each class over the training steps, shape `[K]`. */
  readonly classMeans: Float64Array;
  /** The places that would carry a history of L values, in the order of `delays`: for closed loops. */
  encode(history: ArrayLike<number>): Uint16Array;
  /** What the user should know: a shortened or repeated stretch, unused values. */
  readonly notes: readonly string[];
}

/** The places of step t. */
export function contextOf(task: CodedSeries, step: number): Uint16Array {
  return task.contexts.subarray(step * task.activeCount, (step + 1) * task.activeCount);
}

/** x_t and the values at the further delays of step t. */
export function historyOf(task: CodedSeries, step: number): Float64Array {
  return task.history.subarray(step * task.lags, (step + 1) * task.lags);
}

/** The step of the i-th training presentation: the training steps in order, again from their start when used up. */
export function presentationStep(task: CodedSeries, presentation: number): number {
  return task.train.start + (presentation % (task.train.end - task.train.start));
}

/** Expectation of x_{t+1} under class probabilities, shape `[K]`: sum_k p_k m_k. */
export function expectedValue(task: CodedSeries, probabilities: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < task.classCount; k++) sum += probabilities[k] * task.classMeans[k];
  return sum;
}

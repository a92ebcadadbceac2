/**
 * An emulator of how lessons change what a brain answers, fitted by gradient descent on the brain's own babbling, and descended on to
 * choose the next lesson. It knows the brain by its readings alone: what output neurons of each group (an answer) fire to each symbol, and
 * how alike the Kenyon cells answer two symbols.
 *
 * State y `[S, K]`: the root of the spikes of answer k to symbol s, so that its noise is the same everywhere. A lesson of doses d
 * `[M]`, the light on each class of cells after symbol s, moves every symbol t by
 *   y[t, k] += u_k (-a q[s, t] (y[t, k] - lo_k) + h (1 - q[s, t]) (hi_k - y[t, k])),   u = R d,
 * with q the squared likeness of Kenyon cells: the rule of src/wiring/brain/dopamine.ts as far as it shows from outside. a, h
 * and R `[K, M]` (which classes reach which answer) are fitted; lo and hi are shares of the first readings.
 *
 * Legend: S symbols, K answers, M classes that are lit.
 */

export interface EmulatorShape {
  readonly symbols: number;
  readonly answers: number;
  /** Classes that are lit. */
  readonly classes: number;
}

/** One lesson as it was given, and what was read of its symbol before it. */
export interface Seen {
  readonly symbol: number;
  /** `[K]` roots of spikes. */
  readonly read: Float64Array;
  /** `[M]` 0 to 1. */
  readonly doses: Float64Array;
}

export interface Constants {
  readonly lowering: number;
  readonly raising: number;
  /** `[K, M]` row: answer that changes, column: class that is lit. */
  readonly reach: Float64Array;
}

/** How far a reading moves the state towards itself. */
export const GAIN = 0.4;
/**
 * What readings move towards, as shares of their first mean: the root of the rule's ceiling; and below 0, since an output neuron is silent
 * long before its synapses are at their floor. Chosen on seeds 0 and 1, as the power of the likeness is.
 */
const [FLOOR, CEILING] = [-0.5, Math.sqrt(1.5)];
const LIKENESS_POWER = 2;

export class LessonEmulator {
  /** `[S, K]` */
  readonly state: Float64Array;
  private readonly low: Float64Array;
  private readonly high: Float64Array;
  private readonly likeness: Float64Array;

  /** `first` `[S, K]` roots of spikes before any lesson; `likeness` `[S, S]` cosines of Kenyon cells. */
  constructor(
    readonly shape: EmulatorShape,
    first: Float64Array,
    likeness: Float64Array,
    public constants: Constants,
  ) {
    this.state = first.slice();
    const { symbols, answers } = shape;
    const mean = (k: number) =>
      Array.from({ length: symbols }, (_, s) => first[s * answers + k]).reduce((a, b) => a + b, 0) / symbols;
    this.low = Float64Array.from({ length: answers }, (_, k) => FLOOR * mean(k));
    this.high = Float64Array.from({ length: answers }, (_, k) => CEILING * mean(k));
    this.likeness = likeness.map((cosine) => Math.max(0, cosine) ** LIKENESS_POWER);
  }

  /** Before it is fitted: class k reaches answer k, where there are as many, and else every class every answer alike. */
  static untaught({ answers, classes }: EmulatorShape): Constants {
    const reach = new Float64Array(answers * classes).fill(answers === classes ? 0 : 1 / classes);
    if (answers === classes) for (let k = 0; k < answers; k++) reach[k * classes + k] = 1;
    return { lowering: 0.1, raising: 0.02, reach };
  }

  /** Moves the state towards what was read of a symbol. */
  observe(symbol: number, read: Float64Array): void {
    const { answers } = this.shape;
    for (let k = 0; k < answers; k++) {
      const at = symbol * answers + k;
      this.state[at] += GAIN * (read[k] - this.state[at]);
    }
  }

  /** The state `[S, K]` after a lesson, from `state`. */
  after(symbol: number, doses: Float64Array, state = this.state): Float64Array {
    const { symbols, answers } = this.shape;
    const moved = state.slice();
    for (let k = 0; k < answers; k++) {
      const reached = this.reached(k, doses);
      for (let t = 0; t < symbols; t++)
        moved[t * answers + k] += reached * this.pull(symbol, t, k, state[t * answers + k]);
    }
    return moved;
  }

  learn(symbol: number, doses: Float64Array): void {
    this.state.set(this.after(symbol, doses));
  }

  /** u_k */
  reached(k: number, doses: Float64Array): number {
    const { classes } = this.shape;
    let sum = 0;
    for (let j = 0; j < classes; j++) sum += this.constants.reach[k * classes + j] * doses[j];
    return sum;
  }

  /** What a unit of dopamine does to symbol t in compartment k after symbol s. */
  pull(s: number, t: number, k: number, y: number): number {
    const { lowering, raising } = this.constants;
    const { down, up } = this.pulls(s, t, k, y);
    return lowering * down + raising * up;
  }

  /** The same by its two parts. */
  pulls(s: number, t: number, k: number, y: number): { down: number; up: number } {
    const q = this.likeness[s * this.shape.symbols + t];
    return { down: -q * (y - this.low[k]), up: (1 - q) * (this.high[k] - y) };
  }
}

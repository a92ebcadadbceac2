/**
 * Minimises many smooth convex functions at once, one of each column of a matrix of variables: limited-memory BFGS (Nocedal
 * 1980, https://doi.org/10.1090/S0025-5718-1980-0572855-7) with a history, a step and an end of its own for every column, so
 * that one evaluation of all of them, as a product of matrices, serves all.
 *
 * Legend: P variables, O columns; matrices are row-major `[P, O]`.
 */

export interface ColumnValues {
  /** `[O]` */
  readonly values: ArrayLike<number>;
  /** `[P, O]` */
  readonly gradient: ArrayLike<number>;
}

export interface ColumnProblem {
  /** `[P, O]` where it begins. */
  readonly start: ArrayLike<number>;
  readonly columns: number;
  /** What it is given is used again: read it at once. */
  readonly evaluate: (at: Float64Array) => Promise<ColumnValues>;
  /** A column ends where the next step promises to lower it by less. */
  readonly tolerance: number;
  readonly evaluations?: number;
}

const HISTORY = 12;
const ARMIJO = 1e-4;
/** Relative error of values in single precision. */
const ROUNDING = 1e-6;

export interface Minimum {
  /** `[P, O]` */
  readonly at: Float64Array;
  readonly values: Float64Array;
  /** Columns that had not ended when the evaluations were used up. */
  readonly unfinished: number;
}

export async function minimiseColumns(problem: ColumnProblem): Promise<Minimum> {
  const { columns: O, tolerance, evaluations = 500 } = problem;
  const at = Float64Array.from(problem.start);
  const first = await problem.evaluate(at);
  const values = Float64Array.from(first.values);
  const gradient = Float64Array.from(first.gradient);
  const memory = new ColumnMemory(O);
  let direction = memory.direction(gradient);
  let slope = dots(gradient, direction, O);
  const step = new Float64Array(O).fill(1);
  const ended = Array.from(slope, (s) => -s / 2 < tolerance);
  for (let n = 1; n < evaluations && ended.includes(false); n++) {
    const next = at.slice();
    addTo(
      next,
      direction,
      step.map((t, o) => (ended[o] ? 0 : t)),
    );
    const found = await problem.evaluate(next);
    const taken = step.map((t, o) => {
      if (ended[o]) return 0;
      const rise = found.values[o] - values[o] - ARMIJO * t * slope[o];
      const fits = rise <= ROUNDING * Math.abs(values[o]);
      // The minimum of the parabola through both values and the slope.
      const parabola = (-slope[o] * t) / (2 * ((found.values[o] - values[o]) / t - slope[o]));
      step[o] = fits ? 1 : Math.max(0.1 * t, Math.min(0.5 * t, parabola || 0));
      return Number(fits);
    });
    const [moved, turned] = [new Float64Array(at.length), new Float64Array(at.length)];
    for (let from = 0; from < at.length; from += O)
      for (let o = 0; o < O; o++) {
        if (!taken[o]) continue;
        const i = from + o;
        moved[i] = next[i] - at[i];
        turned[i] = found.gradient[i] - gradient[i];
        at[i] = next[i];
        gradient[i] = found.gradient[i];
      }
    memory.push(moved, turned);
    direction = memory.direction(gradient);
    slope = dots(gradient, direction, O);
    for (let o = 0; o < O; o++) {
      if (taken[o]) values[o] = found.values[o];
      // A step too small to change anything is as good as its end.
      if ((taken[o] && -slope[o] / 2 < tolerance) || step[o] < 1e-9) ended[o] = true;
    }
  }
  return { at, values, unfinished: ended.filter((end) => !end).length };
}

/** The last changes of variables and gradients, and the direction that they and a gradient give. */
class ColumnMemory {
  private readonly pairs: { s: Float64Array; y: Float64Array; sy: Float64Array }[] = [];
  private scale: Float64Array | undefined;

  constructor(private readonly columns: number) {}

  /** Columns that did not change, or not downwards, keep what they had. */
  push(s: Float64Array, y: Float64Array): void {
    const { columns: O } = this;
    const [sy, yy] = [dots(s, y, O), dots(y, y, O)];
    const kept = sy.map((value, o) => (value > 1e-12 * yy[o] && value > 0 ? value : 0));
    this.pairs.push({ s, y, sy: kept });
    if (this.pairs.length > HISTORY) this.pairs.shift();
    const scale = this.scale ?? new Float64Array(O).fill(Number.NaN);
    this.scale = scale.map((before, o) => (kept[o] > 0 ? kept[o] / yy[o] : before));
  }

  direction(gradient: Float64Array): Float64Array {
    const { columns: O, pairs } = this;
    const out = gradient.map((value) => -value);
    const shares: Float64Array[] = [];
    for (const { s, y, sy } of pairs.toReversed()) {
      const share = dots(s, out, O).map((value, o) => (sy[o] > 0 ? value / sy[o] : 0));
      shares.unshift(share);
      addTo(
        out,
        y,
        share.map((value) => -value),
      );
    }
    // Before a column has moved: a step of unit length.
    const scale = dots(gradient, gradient, O).map((square, o) => {
      const known = this.scale?.[o] ?? Number.NaN;
      return Number.isNaN(known) ? 1 / Math.max(1, Math.sqrt(square)) : known;
    });
    for (let from = 0; from < out.length; from += O) for (let o = 0; o < O; o++) out[from + o] *= scale[o];
    pairs.forEach(({ s, y, sy }, k) => {
      addTo(
        out,
        s,
        dots(y, out, O).map((value, o) => (sy[o] > 0 ? shares[k][o] - value / sy[o] : 0)),
      );
    });
    return out;
  }
}

/** Products of the columns of two matrices `[P, O]`. */
function dots(a: ArrayLike<number>, b: ArrayLike<number>, columns: number): Float64Array {
  const out = new Float64Array(columns);
  for (let from = 0; from < a.length; from += columns)
    for (let o = 0; o < columns; o++) out[o] += a[from + o] * b[from + o];
  return out;
}

/** Adds a multiple of each column, `by [O]`, of a matrix `[P, O]`. */
function addTo(into: Float64Array, of: Float64Array, by: Float64Array): void {
  for (let from = 0; from < into.length; from += by.length)
    for (let o = 0; o < by.length; o++) into[from + o] += by[o] * of[from + o];
}

/**
 * The ridge of a GLM by cross-validation: the data are cut into stretches of time, each is forecast from the others, and
 * windows that overlap the stretch are left out.
 *
 * Legend: N windows, O regressions of P coefficients, `[P, O]`, the first of them constants; G horizons.
 */
import { minimiseColumns } from "./lbfgs.ts";
import type { GlmLikelihood } from "./likelihood.ts";

/** On constants, so that a silent channel has one. */
const CONSTANT_RIDGE = 0.1;
/** Log likelihood (nats) that a regression may be short of its best: one to keep, and one to compare ridges by. */
const TOLERANCE = { kept: 0.02, compared: 0.3 };
/** Weaker ridges in a row that forecast no horizon better. */
const PATIENCE = 2;

export interface RidgeFit {
  /** `[O]` */
  readonly ridge: ArrayLike<number>;
  /** `[N]` 1 for windows to fit on. */
  readonly mask: Float32Array;
  /** `[P, O]` */
  readonly start: Float64Array;
  readonly purpose?: keyof typeof TOLERANCE;
}

/** Coefficients `[P, O]`. */
export async function fitRegressions(
  likelihood: GlmLikelihood,
  { ridge, mask, start, purpose = "kept" }: RidgeFit,
): Promise<Float64Array> {
  const O = ridge.length;
  const evaluate = async (at: Float64Array) => {
    const { values, gradient } = await likelihood.at(at, mask);
    const total = Float64Array.from(values);
    const slope = Float64Array.from(gradient);
    for (let from = 0; from < at.length; from += O)
      for (let o = 0; o < O; o++) {
        const weight = from === 0 ? CONSTANT_RIDGE : ridge[o];
        total[o] += (weight / 2) * at[from + o] ** 2;
        slope[from + o] += weight * at[from + o];
      }
    return { values: total, gradient: slope };
  };
  const { at } = await minimiseColumns({ start, columns: O, evaluate, tolerance: TOLERANCE[purpose] });
  return at;
}

export interface Folds {
  /** `[N]` where each window's future begins. */
  readonly position: Float64Array;
  /** Windows as far apart share no bins. */
  readonly span: number;
  readonly count: number;
}

/** The ridge of each horizon `[G]`. Regression o is of horizon o % G. */
export async function chooseRidges(
  likelihood: GlmLikelihood,
  ridges: readonly number[],
  { position, span, count }: Folds,
  {
    coefficients: P,
    regressions: O,
    horizons: G,
  }: { coefficients: number; regressions: number; horizons: number },
): Promise<number[]> {
  if (ridges.length === 1) return new Array<number>(G).fill(ridges[0]);
  const total = position.at(-1)! + 1;
  const folds = Array.from({ length: count }, (_, fold) => {
    const [from, to] = [(fold * total) / count, ((fold + 1) * total) / count];
    return {
      held: Float32Array.from(position, (at) => +(at >= from && at < to)),
      mask: Float32Array.from(position, (at) => +(at < from - span || at >= to + span)),
      start: new Float64Array(P * O) as Float64Array,
    };
  });
  const best = new Array<number>(G).fill(ridges[0]);
  const lowest = new Float64Array(G).fill(Number.POSITIVE_INFINITY);
  let worse = 0;
  for (const ridge of ridges) {
    const loss = new Float64Array(G);
    for (const fold of folds) {
      fold.start = await fitRegressions(likelihood, {
        ...fold,
        ridge: new Float64Array(O).fill(ridge),
        purpose: "compared",
      });
      const { values } = await likelihood.at(fold.start, fold.held);
      for (let o = 0; o < O; o++) loss[o % G] += values[o];
    }
    worse++;
    loss.forEach((value, g) => {
      if (value >= lowest[g]) return;
      [lowest[g], best[g], worse] = [value, ridge, 0];
    });
    if (worse === PATIENCE) break;
  }
  return best;
}

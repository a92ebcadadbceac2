/**
 * The linear mixed model y = X b + sum_k Z_k u_k + e with a random intercept for each group (dish, day, …), by restricted maximum
 * likelihood (Patterson & Thompson 1971, https://doi.org/10.1093/biomet/58.3.545). Contrasts of b have Student's t intervals with
 * Satterthwaite's degrees of freedom (Satterthwaite 1946, https://doi.org/10.2307/3002019; Giesbrecht & Burns 1985,
 * https://doi.org/10.2307/2530872): what few dishes leave open widens them.
 *
 * Legend: N outcomes, F fixed effects, K groupings.
 */
import { choleskyFactor, dot, substitute } from "../linear.ts";
import { studentCdf, studentQuantile } from "../student.ts";

export interface MixedData {
  /** `[N]` */
  readonly outcomes: readonly number[];
  /** `[N][F]` */
  readonly effects: readonly (readonly number[])[];
  /** `[K][N]`: which group of a grouping an outcome is of. */
  readonly groups: readonly (readonly (number | string)[])[];
}

export interface MixedFit {
  /** `[F]` */
  readonly coefficients: Float64Array;
  readonly residualVariance: number;
  /** `[K]`, zero where outcomes of a group are no more alike than others. */
  readonly groupVariances: readonly number[];
  /** Of the sum of `weights[f] * coefficients[f]`. */
  contrast(weights: readonly number[]): Contrast;
}

export interface Contrast {
  readonly estimate: number;
  readonly standardError: number;
  readonly degrees: number;
  readonly ci95: readonly [number, number];
  /** Of the hypothesis that it is zero, two-sided. */
  readonly p: number;
}

/** A group's share of the variance below which it is zero. */
const LEAST_SHARE = 1e-6;
const MOST_SHARE = 1 - 1e-6;
const FINEST_STEP = 1e-7;

/** Throws `RangeError` where there are not more outcomes than effects, or effects that cannot be separated. */
export function fitMixed(data: MixedData): MixedFit {
  const { outcomes, effects } = data;
  const [N, F] = [outcomes.length, effects[0]?.length ?? 0];
  if (N <= F) throw new RangeError(`fitMixed: expected more outcomes than the ${F} effects, got ${N}`);
  const groups = data.groups.map(numbered);
  const solve = (ratios: readonly number[]) => generalised(data, covariance(N, groups, ratios));
  const shares = compassSearch(groups.length, (at) => solve(at.map(ratioOf)).deviance);
  const ratios = shares.map((share) => (share < LEAST_SHARE ? 0 : ratioOf(share)));
  const { coefficients, weightsOf, projection, variance } = solve(ratios);
  // The residual is a grouping, too: each outcome by itself.
  const parts = [Uint32Array.from(outcomes.keys()), ...groups.filter((_, k) => ratios[k] > 0)];
  const variances = [1, ...ratios.filter((ratio) => ratio > 0)].map((ratio) => ratio * variance);
  const information = informationOf(parts, projection(), variance);
  return {
    coefficients,
    residualVariance: variance,
    groupVariances: ratios.map((ratio) => ratio * variance),
    contrast(weights) {
      const estimate = weights.reduce((sum, weight, f) => sum + weight * coefficients[f], 0);
      // How each variance enters that of the estimate.
      const ofOutcomes = weightsOf(weights);
      const gradient = parts.map((part) => dot(sums(ofOutcomes, part), sums(ofOutcomes, part)));
      const squared = dot(gradient, variances);
      const degrees = Math.max(1, (2 * squared ** 2) / dot(gradient, substitute(information, gradient)));
      const standardError = Math.sqrt(squared);
      const reach = studentQuantile(0.975, degrees) * standardError;
      const p = 2 * studentCdf(-Math.abs(estimate / standardError), degrees);
      return { estimate, standardError, degrees, ci95: [estimate - reach, estimate + reach], p };
    },
  };
}

/** `[N]`: the number of the group that each is of. */
type Grouping = Uint32Array;

function numbered(group: readonly (number | string)[]): Grouping {
  const names = [...new Set(group)];
  return Uint32Array.from(group, (name) => names.indexOf(name));
}

const ratioOf = (share: number): number => share / (1 - share);

/** `[N, N]` in units of the residual variance. */
function covariance(N: number, groups: readonly Grouping[], ratios: readonly number[]): Float64Array {
  const matrix = new Float64Array(N * N);
  for (let i = 0; i < N; i++) {
    matrix[i * N + i] = 1;
    for (let j = 0; j < N; j++)
      for (let k = 0; k < groups.length; k++)
        if (groups[k][i] === groups[k][j]) matrix[i * N + j] += ratios[k];
  }
  return matrix;
}

/** Generalised least squares with the covariance `matrix` times a variance, which is estimated. */
function generalised({ outcomes, effects }: MixedData, matrix: Float64Array) {
  const [N, F] = [outcomes.length, effects[0].length];
  const factor = choleskyFactor(matrix, N);
  const columns = Array.from({ length: F }, (_, f) => effects.map((row) => row[f]));
  const solved = columns.map((column) => substitute(factor, column));
  const normal = choleskyFactor(
    columns.flatMap((column) => solved.map((other) => dot(column, other))),
    F,
  );
  const weighted = substitute(factor, outcomes);
  const coefficients = substitute(
    normal,
    columns.map((column) => dot(column, weighted)),
  );
  const residuals = outcomes.map((y, i) => y - dot(effects[i], coefficients));
  const variance = Math.max(dot(residuals, substitute(factor, residuals)) / (N - F), Number.MIN_VALUE);
  const deviance = (N - F) * Math.log(variance) + logDeterminant(factor, N) + logDeterminant(normal, F);
  /** `[N]`: what each outcome weighs in a sum of the coefficients with `weights`. */
  const weightsOf = (weights: readonly number[]) => {
    const direction = substitute(normal, weights);
    return Float64Array.from({ length: N }, (_, i) =>
      solved.reduce((sum, column, f) => sum + direction[f] * column[i], 0),
    );
  };
  /** `[N][N]`: V^-1 - V^-1 X (X' V^-1 X)^-1 X' V^-1, without the variance. */
  const projection = (): Float64Array[] =>
    Array.from({ length: N }, (_, i) => {
      const unit = new Float64Array(N);
      unit[i] = 1;
      const row = substitute(factor, unit);
      const fixed = weightsOf(columns.map((_, f) => solved[f][i]));
      return row.map((value, j) => value - fixed[j]);
    });
  return { coefficients, variance, deviance, weightsOf, projection };
}

/** The Cholesky factor of the information on the variances of `parts`: tr(P V_i P V_j) / 2. */
function informationOf(
  parts: readonly Grouping[],
  projection: readonly Float64Array[],
  variance: number,
): Float64Array {
  const bySum = parts.map((part) => projection.map((row) => sums(row, part)));
  const trace = (a: number, b: number) => {
    let sum = 0;
    for (let i = 0; i < projection.length; i++)
      for (let j = 0; j < projection.length; j++) sum += bySum[a][i][parts[a][j]] * bySum[b][j][parts[b][i]];
    return sum / variance ** 2 / 2;
  };
  const matrix = parts.flatMap((_, a) => parts.map((_, b) => trace(a, b)));
  // As many variances as degrees of freedom leave it singular but for rounding.
  for (let k = 0; k < parts.length; k++) matrix[k * (parts.length + 1)] *= 1 + 1e-9;
  return choleskyFactor(matrix, parts.length);
}

/** Of each group. */
function sums(values: Float64Array, part: Grouping): Float64Array {
  const of = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) of[part[i]] += values[i];
  return of;
}

function logDeterminant(factor: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += 2 * Math.log(factor[i * n + i]);
  return sum;
}

/** The point of [0, 1)^dimensions with the least value, by steps along the axes that are halved where none helps. */
function compassSearch(dimensions: number, value: (at: readonly number[]) => number): number[] {
  let at = new Array<number>(dimensions).fill(0.5);
  let least = value(at);
  for (let step = 0.25; step > FINEST_STEP; ) {
    const before = least;
    for (let k = 0; k < dimensions; k++)
      for (const sign of [1, -1]) {
        const next = at.map((share, i) =>
          i === k ? Math.min(MOST_SHARE, Math.max(0, share + sign * step)) : share,
        );
        const there = value(next);
        if (there < least) [at, least] = [next, there];
      }
    if (least === before) step /= 2;
  }
  return at;
}

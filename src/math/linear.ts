/** Linear least squares with a ridge penalty, by Cholesky factorisation of the normal equations. */

/** The sum over i of a[i] b[i]. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** Solves A x = b for symmetric positive definite A [n, n] (row-major), b [n]. */
export function choleskySolve(a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  return substitute(choleskyFactor(a, b.length), b);
}

/** The lower triangle L of A = L L' for symmetric positive definite A [n, n] (row-major). */
export function choleskyFactor(a: ArrayLike<number>, n: number): Float64Array {
  if (a.length !== n * n) throw new RangeError(`choleskySolve: expected ${n * n} entries, got ${a.length}`);
  const factor = Float64Array.from(a);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = factor[i * n + j];
      for (let k = 0; k < j; k++) sum -= factor[i * n + k] * factor[j * n + k];
      if (i !== j) factor[i * n + j] = sum / factor[j * n + j];
      else if (sum > 0) factor[i * n + i] = Math.sqrt(sum);
      else throw new RangeError(`choleskySolve: matrix is not positive definite at row ${i}; add a ridge`);
    }
  return factor;
}

/** Solves L L' x = b. */
export function substitute(factor: Float64Array, b: ArrayLike<number>): Float64Array {
  const n = b.length;
  const x = Float64Array.from(b);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i] -= factor[i * n + k] * x[k];
    x[i] /= factor[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i] -= factor[k * n + i] * x[k];
    x[i] /= factor[i * n + i];
  }
  return x;
}

export interface LinearFit {
  readonly weights: Float64Array;
  readonly intercept: number;
}

/**
 * The w, c that minimise sum_t (y_t - c - w . x_t)^2 + ridge * T * sum_j var(x_j) w_j^2: a penalty that does not
 * depend on the inputs' units, and none on the intercept.
 * @param inputs shape `[T, D]`, row-major
 * @param targets shape `[T]`
 */
export function fitRidge(inputs: ArrayLike<number>, targets: ArrayLike<number>, ridge: number): LinearFit {
  const T = targets.length;
  const D = inputs.length / T;
  if (!Number.isInteger(D) || D < 1)
    throw new RangeError(`fitRidge: ${inputs.length} inputs are no whole number of columns for ${T} targets`);
  const centre = new Float64Array(D);
  let targetMean = 0;
  for (let t = 0; t < T; t++) {
    targetMean += targets[t] / T;
    for (let j = 0; j < D; j++) centre[j] += inputs[t * D + j] / T;
  }
  const gram = new Float64Array(D * D);
  const cross = new Float64Array(D);
  for (let t = 0; t < T; t++)
    for (let i = 0; i < D; i++) {
      const x = inputs[t * D + i] - centre[i];
      cross[i] += x * (targets[t] - targetMean);
      for (let j = 0; j < D; j++) gram[i * D + j] += x * (inputs[t * D + j] - centre[j]);
    }
  // A constant input has no weight; give it the unit penalty that keeps the matrix definite.
  for (let j = 0; j < D; j++) gram[j * D + j] = gram[j * D + j] === 0 ? 1 : gram[j * D + j] * (1 + ridge);
  const weights = choleskySolve(gram, cross);
  const intercept = targetMean - weights.reduce((sum, w, j) => sum + w * centre[j], 0);
  return { weights, intercept };
}

/** c + w . x for each row of `inputs` [T, D]. */
export function applyLinear(fit: LinearFit, inputs: ArrayLike<number>): Float64Array {
  const D = fit.weights.length;
  return Float64Array.from({ length: inputs.length / D }, (_, t) =>
    fit.weights.reduce((sum, w, j) => sum + w * inputs[t * D + j], fit.intercept),
  );
}

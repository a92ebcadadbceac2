/**
 * Where displacements of tissue may lie: a mixture of normal distributions of one covariance. The descent is kept where it is dense, for a
 * displacement that nobody has seen may please the decoder and be no state of the tissue.
 *
 *   log p(d) = log sum_j exp(-1/2 (d - m_j)' P (d - m_j)) + const,   P = (residual covariance + 0.05)^-1
 *
 * Legend: N rows, J parts, Z numbers of a patch.
 */
import { type Tensor, tensor } from "../../compute/index.ts";
import { type Array as JaxArray, lax, np } from "../../compute/jax.ts";
import { choleskyFactor, substitute } from "../../math/linear.ts";

/** Parts of every mixture; where there are fewer, they are repeated, which changes the density by a constant. */
export const PARTS = 512;
const FLOOR = 0.05;

export type Density<Leaf> = {
  /** `[J, Z]`, whitened. */
  means: Leaf;
  /** `[Z, Z]`: `root' root` is P. */
  root: Leaf;
};

/** @param means `[n, Z]` with n at most `PARTS`; `residuals [N, Z]` of displacements about theirs */
export function densityOf(means: Float32Array, residuals: Float32Array, Z: number): Density<Tensor> {
  const root = precisionRoot(residuals, Z);
  const J = means.length / Z;
  const whitened = new Float32Array(PARTS * Z);
  for (let j = 0; j < PARTS; j++)
    for (let i = 0; i < Z; i++) {
      let sum = 0;
      for (let k = 0; k < Z; k++) sum += root[i * Z + k] * means[(j % J) * Z + k];
      whitened[j * Z + i] = sum;
    }
  return { means: tensor([PARTS, Z], whitened), root: tensor([Z, Z], root) };
}

/** Log density of displacements `[N, Z]`, but for a constant: `[N]`. */
export function logDensity({ means, root }: Density<JaxArray>, displacements: JaxArray): JaxArray {
  const y = np.matmul(displacements, root.transpose());
  const squares = (x: JaxArray) => np.square(x).sum(1);
  const [N, J] = [y.shape[0], means.shape[0]];
  const exponent = np
    .matmul(y, means.transpose())
    .sub(squares(means).mul(0.5).reshape([1, J]))
    .sub(squares(y).mul(0.5).reshape([N, 1]));
  const highest = lax.stopGradient(np.max(exponent, -1, { keepdims: true }));
  return np.log(np.exp(exponent.sub(highest)).sum(1)).add(highest.reshape([N]));
}

function precisionRoot(residuals: Float32Array, Z: number): Float32Array {
  const N = residuals.length / Z;
  const covariance = new Float64Array(Z * Z);
  for (let n = 0; n < N; n++)
    for (let i = 0; i < Z; i++)
      for (let k = 0; k < Z; k++) covariance[i * Z + k] += (residuals[n * Z + i] * residuals[n * Z + k]) / N;
  for (let i = 0; i < Z; i++) covariance[i * Z + i] += FLOOR;
  const factor = choleskyFactor(covariance, Z);
  const precision = new Float64Array(Z * Z);
  for (let i = 0; i < Z; i++) {
    const unit = new Float64Array(Z);
    unit[i] = 1;
    precision.set(substitute(factor, unit), i * Z);
  }
  const lower = choleskyFactor(precision, Z);
  const root = new Float32Array(Z * Z);
  // The factor's upper triangle is not part of it.
  for (let i = 0; i < Z; i++) for (let k = i; k < Z; k++) root[i * Z + k] = lower[k * Z + i];
  return root;
}

/** The loss of counts under rates. */
import { type Array as JaxArray, np } from "../compute/jax.ts";

/** Poisson negative log likelihood of counts under log rates, dropping the term in the counts alone; same shape. */
export function poissonLoss(logRate: JaxArray, counts: JaxArray): JaxArray {
  return np.exp(logRate).sub(counts.mul(logRate));
}

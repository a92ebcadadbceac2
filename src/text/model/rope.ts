/**
 * Rotary positions (Su et al. 2021, https://arxiv.org/abs/2104.09864), halves of a head rotated against each other as in Llama's
 * published weights.
 */
import { type Array as JaxArray, np } from "../../compute/jax.ts";
import type { TransformerConfig } from "./config.ts";

/** Radians per token of each of the `headWidth / 2` planes. */
export function ropeFrequencies({ headWidth, ropeTheta = 10_000, ropeScaling }: TransformerConfig): number[] {
  return Array.from({ length: headWidth / 2 }, (_, i) => {
    const frequency = ropeTheta ** ((-2 * i) / headWidth);
    if (!ropeScaling) return frequency;
    const { factor, low, high, original } = ropeScaling;
    const turns = (original * frequency) / (2 * Math.PI);
    const keep = Math.min(1, Math.max(0, (turns - low) / (high - low)));
    return frequency * (keep + (1 - keep) / factor);
  });
}

/** Cosines and sines of positions `from` .. `from + T - 1`, rows of `headWidth / 2`. */
export function ropeTable(
  config: TransformerConfig,
  T: number,
  from = 0,
): { cos: number[][]; sin: number[][] } {
  const frequencies = ropeFrequencies(config);
  const angles = Array.from({ length: T }, (_, t) => frequencies.map((f) => f * (from + t)));
  return {
    cos: angles.map((row) => row.map(Math.cos)),
    sin: angles.map((row) => row.map(Math.sin)),
  };
}

/** x `[N, T, H, D]` rotated by cos, sin `[T, D / 2]`. */
export function rotate(x: JaxArray, cos: JaxArray, sin: JaxArray): JaxArray {
  const [T, half] = cos.shape;
  const [a, b] = np.split(x, 2, 3);
  const [c, s] = [cos.reshape([1, T, 1, half]), sin.reshape([1, T, 1, half])];
  return np.concatenate([a.mul(c).sub(b.mul(s)), b.mul(c).add(a.mul(s))], 3);
}

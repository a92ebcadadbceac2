/**
 * Update rules that AdamW is compared with, each on the vectors of one parameter tensor.
 *
 * - Lion (Chen et al. 2023, algorithm 2, https://arxiv.org/abs/2302.06675): the sign of a mean of gradients.
 * - Muon (Jordan 2024, https://kellerjordan.github.io/posts/muon/): the mean gradient of a matrix made orthogonal by five
 *   Newton-Schulz steps, times 0.2 sqrt(max(rows, columns)) so that its size is Adam's (Liu et al. 2025, equation 4,
 *   https://arxiv.org/abs/2502.16982). For hidden matrices; everything else takes AdamW.
 */
import { compile, type Program, type Tensor } from "../../src/compute/index.ts";
import { type Array as JaxArray, np } from "../../src/compute/jax.ts";

export interface Slot {
  readonly params: Float32Array;
  readonly gradient: Float32Array;
  readonly mean: Float32Array;
  readonly meanSquare: Float32Array;
  readonly decay: number;
}

export function adamW(
  { params, gradient, mean, meanSquare, decay }: Slot,
  rate: number,
  count: number,
): void {
  for (let i = 0; i < params.length; i++) {
    const g = gradient[i];
    mean[i] = 0.9 * mean[i] + 0.1 * g;
    meanSquare[i] = 0.999 * meanSquare[i] + 0.001 * g * g;
    const step = mean[i] / (1 - 0.9 ** count) / (Math.sqrt(meanSquare[i] / (1 - 0.999 ** count)) + 1e-8);
    params[i] = params[i] * (1 - rate * decay) - rate * step;
  }
}

export function lion({ params, gradient, mean, decay }: Slot, rate: number): void {
  for (let i = 0; i < params.length; i++) {
    const g = gradient[i];
    const step = Math.sign(0.9 * mean[i] + 0.1 * g);
    mean[i] = 0.99 * mean[i] + 0.01 * g;
    params[i] = params[i] * (1 - rate * decay) - rate * step;
  }
}

type Matrices<Leaf> = Record<string, Leaf>;

/** Makes matrices `[R, C]` orthogonal, all in one program. */
export function orthogonaliser(
  examples: Matrices<Tensor>,
): Promise<Program<[Matrices<JaxArray>], Matrices<JaxArray>>> {
  return compile(
    (matrices: Matrices<JaxArray>) =>
      Object.fromEntries(Object.entries(matrices).map(([name, matrix]) => [name, orthogonal(matrix)])),
    [examples],
  );
}

function orthogonal(matrix: JaxArray): JaxArray {
  const [R, C] = matrix.shape as [number, number];
  let x = R > C ? matrix.transpose([1, 0]) : matrix;
  x = x.div(np.sqrt(np.square(x).sum()).add(1e-7));
  for (let k = 0; k < 5; k++) {
    const a = np.matmul(x, x.transpose([1, 0]));
    const b = a.mul(-4.775).add(np.matmul(a, a).mul(2.0315));
    x = x.mul(3.4445).add(np.matmul(b, x));
  }
  return R > C ? x.transpose([1, 0]) : x;
}

/** Nesterov momentum of 0.95: what Muon makes orthogonal. */
export function momentum({ gradient, mean }: Slot): Float32Array {
  return Float32Array.from(gradient, (g, i) => {
    mean[i] = 0.95 * mean[i] + g;
    return g + 0.95 * mean[i];
  });
}

export function muon({ params, decay }: Slot, direction: Float32Array, size: number, rate: number): void {
  const scale = 0.2 * Math.sqrt(size) * rate;
  for (let i = 0; i < params.length; i++) params[i] = params[i] * (1 - rate * decay) - scale * direction[i];
}

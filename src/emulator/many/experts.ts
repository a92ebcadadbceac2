/** Low-rank experts: what one brain adds to a map that all share. They begin as no change at all. */
import { type Tensor, tensor, zeros } from "../../compute/index.ts";
import { type Array as JaxArray, np } from "../../compute/jax.ts";
import type { Random } from "../../math/random.ts";

/** `down [N, inputs, r]`, `up [N, r, outputs]`. */
export type Experts<Leaf> = { down: Leaf; up: Leaf };

export function initExperts(
  random: Random,
  { brains, rank }: { readonly brains: number; readonly rank: number },
  inputs: number,
  outputs: number,
): Experts<Tensor> {
  // The same for every brain at first: an expert's name carries nothing.
  const one = random.normals(inputs * rank).map((value) => value / Math.sqrt(inputs));
  const down = new Float32Array(brains * one.length);
  for (let brain = 0; brain < brains; brain++) down.set(one, brain * one.length);
  return { down: tensor([brains, inputs, rank], down), up: zeros([brains, rank, outputs]) };
}

/** x `[R, N, inputs]` -> `[R, N, outputs]`, each brain through its own expert. */
export function expert(p: Experts<JaxArray>, x: JaxArray): JaxArray {
  return np.einsum("bnr,nro->bno", np.einsum("bni,nir->bnr", x, p.down), p.up);
}

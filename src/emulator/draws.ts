/**
 * What one gradient step of a descent draws: noise from which the dynamics sample a patch, noise on the patch that the
 * bridge reads, and where on its way to the patch the diffusion prior is asked (src/emulator/one/improve.ts).
 */
import { type Tensor, tensor, zeros } from "../compute/index.ts";
import type { Random } from "../math/random.ts";

/** Each `[N, Z]`, N items of a batch, Z latents; `priorTime` is `[N, 1]`. */
export type DescentDraws<Leaf> = {
  noise: Leaf;
  blur: Leaf;
  priorNoise: Leaf;
  priorTime: Leaf;
};

/** An example of their shapes. */
export const noDraws = (items: number, latents: number): DescentDraws<Tensor> => ({
  noise: zeros([items, latents]),
  blur: zeros([items, latents]),
  priorNoise: zeros([items, latents]),
  priorTime: zeros([items, 1]),
});

/** `blur` is the standard deviation of the noise on the patch that is read. */
export function drawAll(items: number, latents: number, blur: number, random: Random): DescentDraws<Tensor> {
  const normals = (scale: number) =>
    tensor(
      [items, latents],
      random.normals(items * latents).map((value) => scale * value),
    );
  return {
    noise: normals(1),
    blur: normals(blur),
    priorNoise: normals(1),
    priorTime: tensor(
      [items, 1],
      Float32Array.from({ length: items }, () => random.uniform()),
    ),
  };
}

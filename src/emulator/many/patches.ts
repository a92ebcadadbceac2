/**
 * The joint neural encoder and decoder: a variational autoencoder (Kingma & Welling 2013,
 * https://arxiv.org/abs/1312.6114) between the state of each brain and its latent patch. Legend in shape.ts.
 */
import { silu } from "../../compute/functions.ts";
import { type Tensor, tensor } from "../../compute/index.ts";
import { type Array as JaxArray, np } from "../../compute/jax.ts";
import type { Random } from "../../math/random.ts";
import { initLinear, type Linear, linear } from "../../networks/layers.ts";
import { poissonLoss } from "../../networks/poisson-loss.ts";
import { type Experts, expert, initExperts } from "./experts.ts";
import type { JointShape } from "./shape.ts";

export type JointAutoencoder<Leaf> = {
  encoder: { input: Linear<Leaf>; own: Experts<Leaf>; output: Linear<Leaf> };
  /** `offset [N, B C]`: each brain's own mean log counts. */
  decoder: { input: Linear<Leaf>; output: Linear<Leaf>; own: Experts<Leaf>; offset: Leaf };
};

/** `logCounts [N, B C]` is where the decoder starts: each brain's mean log count. */
export function initAutoencoder(
  random: Random,
  shape: JointShape,
  logCounts: Float32Array,
): JointAutoencoder<Tensor> {
  const { brains, bins, channels, latents, hidden, rank } = shape;
  const window = bins * channels;
  return {
    encoder: {
      input: initLinear(random, window, hidden),
      own: initExperts(random, { brains, rank }, window, hidden),
      output: initLinear(random, hidden, 2 * latents),
    },
    decoder: {
      input: initLinear(random, latents, hidden),
      output: initLinear(random, hidden, window, 0.1),
      own: initExperts(random, { brains, rank }, hidden, window),
      offset: tensor([brains, window], logCounts),
    },
  };
}

/** counts `[R, N, B C]` -> posterior mean and log variance `[R, N, Z]` each. */
export function encodePatches(p: JointAutoencoder<JaxArray>["encoder"], counts: JaxArray) {
  const x = np.sqrt(counts);
  const hidden = silu(linear(p.input, x).add(expert(p.own, x)));
  const [mean, logVariance] = np.split(linear(p.output, hidden), 2, 2);
  return { mean: mean!, logVariance: np.clip(logVariance!, -8, 2) };
}

/** Patches `[R, N, Z]` -> log expected counts `[R, N, B C]`. */
export function decodePatches(p: JointAutoencoder<JaxArray>["decoder"], patches: JaxArray): JaxArray {
  const hidden = silu(linear(p.input, patches));
  return np.clip(linear(p.output, hidden).add(expert(p.own, hidden)).add(p.offset), -8, 5);
}

export type AutoencoderBatch<Leaf> = {
  /** `[R, N, B C]` */
  readonly counts: Leaf;
  /** `[R, N, Z]` standard normal. */
  readonly noise: Leaf;
};

/** Negative evidence lower bound per brain and step, with the KL term weighted `beta` (nats). */
export function jointAutoencoderLoss(
  p: JointAutoencoder<JaxArray>,
  { counts, noise }: AutoencoderBatch<JaxArray>,
  beta: number,
): JaxArray {
  const { mean, logVariance } = encodePatches(p.encoder, counts);
  const patch = mean.add(np.exp(logVariance.mul(0.5)).mul(noise));
  const reconstruction = poissonLoss(decodePatches(p.decoder, patch), counts).sum(2).mean();
  const divergence = np.square(mean).add(np.exp(logVariance)).sub(logVariance).sub(1).mul(0.5).sum(2).mean();
  return reconstruction.add(divergence.mul(beta));
}

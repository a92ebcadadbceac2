/**
 * The neural encoder and decoder: a variational autoencoder between the state of one task step and its latent
 * neural patch. The encoder attends over the bins of its window in both directions (no causal mask) and never
 * sees past the window's end; the decoder gives each electrode's expected count in each bin.
 * Kingma & Welling 2013, https://arxiv.org/abs/1312.6114
 *
 * Legend: N windows, B bins, C channels, Z latent dimensions, D width.
 */

import { clip } from "../../compute/functions.ts";
import { type Tensor, tensor } from "../../compute/index.ts";
import { type Array as JaxArray, np } from "../../compute/jax.ts";
import type { Random } from "../../math/random.ts";
import {
  type Block,
  initBlock,
  initLinear,
  type Linear,
  linear,
  transformerBlock,
} from "../../networks/layers.ts";
import { poissonLoss } from "../../networks/poisson-loss.ts";

export interface AutoencoderShape {
  readonly bins: number;
  readonly channels: number;
  readonly latents: number;
  readonly width: number;
  readonly heads: number;
  readonly blocks: number;
}

export type Autoencoder<Leaf> = {
  encoder: { input: Linear<Leaf>; position: Leaf; unseen: Leaf; blocks: Block<Leaf>[]; output: Linear<Leaf> };
  decoder: { input: Linear<Leaf>; position: Leaf; blocks: Block<Leaf>[]; output: Linear<Leaf> };
};

/** Log rates are kept below this, so that one wild latent cannot overflow the loss. */
const LOG_RATE_LIMIT = 5;

/** Fresh parameters; `logRate [C]` is each channel's mean log count per bin, where the decoder starts. */
export function initAutoencoder(
  random: Random,
  shape: AutoencoderShape,
  logRate: Float32Array,
): Autoencoder<Tensor> {
  const { bins, channels, latents, width, blocks } = shape;
  const position = () =>
    tensor(
      [bins, width],
      random.normals(bins * width).map((value) => 0.3 * value),
    );
  const stack = () => Array.from({ length: blocks }, () => initBlock(random, width));
  const output = initLinear(random, width, channels, 0.1);
  (output.bias as { data: Float32Array }).data.set(logRate);
  return {
    encoder: {
      input: initLinear(random, channels, width),
      position: position(),
      unseen: tensor(
        [width],
        random.normals(width).map((value) => 0.3 * value),
      ),
      blocks: stack(),
      output: initLinear(random, bins * width, 2 * latents),
    },
    decoder: {
      input: initLinear(random, latents, bins * width),
      position: position(),
      blocks: stack(),
      output,
    },
  };
}

/**
 * counts `[N, B, C]` (spikes per bin), seen `[N, B]` (1 where the bin has come in, 0 where it is still to come and
 * its counts are zero) -> posterior mean and log variance `[N, Z]` each.
 */
export function encode(
  p: Autoencoder<JaxArray>["encoder"],
  counts: JaxArray,
  seen: JaxArray,
  shape: AutoencoderShape,
) {
  return encodeRoots(p, np.sqrt(counts), seen, shape);
}

/** The same of the square roots of counts, of which it is a smooth function. */
export function encodeRoots(
  p: Autoencoder<JaxArray>["encoder"],
  roots: JaxArray,
  seen: JaxArray,
  shape: AutoencoderShape,
) {
  const N = roots.shape[0];
  const unseen = seen.neg().add(1).reshape([N, shape.bins, 1]).mul(p.unseen);
  let x = linear(p.input, roots).add(p.position).add(unseen);
  for (const block of p.blocks) x = transformerBlock(block, x, shape.heads);
  const output = linear(p.output, x.reshape([N, shape.bins * shape.width]));
  const [mean, logVariance] = np.split(output, 2, 1);
  return { mean: mean!, logVariance: clip(logVariance!, -8, 2) };
}

/** Patches `[N, Z]` -> log expected counts `[N, B, C]`. */
export function decode(
  p: Autoencoder<JaxArray>["decoder"],
  patches: JaxArray,
  shape: AutoencoderShape,
): JaxArray {
  const N = patches.shape[0];
  let x = linear(p.input, patches).reshape([N, shape.bins, shape.width]).add(p.position);
  for (const block of p.blocks) x = transformerBlock(block, x, shape.heads);
  return clip(linear(p.output, x), -8, LOG_RATE_LIMIT);
}

export type AutoencoderBatch<Leaf> = {
  /** `[N, B, C]` what the encoder sees: the window, or only its first bins (the rest zero). */
  readonly input: Leaf;
  /** `[N, B]` 1 for a bin the encoder sees. */
  readonly seen: Leaf;
  /** `[N, B, C]` what the decoder must explain. */
  readonly counts: Leaf;
  /** `[N, Z]` standard normal. */
  readonly noise: Leaf;
};

/** Negative evidence lower bound per window, with the KL term weighted `beta` (nats). */
export function autoencoderLoss(
  p: Autoencoder<JaxArray>,
  batch: AutoencoderBatch<JaxArray>,
  shape: AutoencoderShape,
  beta: number,
): JaxArray {
  const { mean, logVariance } = encode(p.encoder, batch.input, batch.seen, shape);
  const spread = np.exp(logVariance.mul(0.5));
  const patch = mean.add(spread.mul(batch.noise));
  const reconstruction = poissonLoss(decode(p.decoder, patch, shape), batch.counts)
    .sum([1, 2])
    .mean();
  const divergence = np.square(mean).add(np.exp(logVariance)).sub(logVariance).sub(1).mul(0.5).sum(1).mean();
  return reconstruction.add(divergence.mul(beta));
}

/**
 * The bridge: the auxiliary encoder (task datum -> sensory patch) and the auxiliary decoder (patch -> distribution
 * over the next datum). Both are fitted on babbling, where data and prediction-zone patterns come in random order
 * and independent of each other: the bridge knows which state stands for which datum, and nothing of what follows
 * what.
 *
 * Legend: N items, S sensory electrodes, Z latent dimensions, K classes.
 */
import type { Tensor } from "../../compute/contract.ts";
import { type Array as JaxArray, nn, np } from "../../compute/jax.ts";
import type { Random } from "../../math/random.ts";
import { initLinear, type Linear, linear } from "../../networks/layers.ts";

export interface BridgeShape {
  readonly sensory: number;
  readonly latents: number;
  readonly classes: number;
  readonly hidden: number;
}

export type BridgeEncoder<Leaf> = { hidden: Linear<Leaf>; output: Linear<Leaf>; skip: Linear<Leaf> };
export type BridgeDecoder<Leaf> = { hidden: Linear<Leaf>; output: Linear<Leaf> };

export function initBridgeEncoder(random: Random, shape: BridgeShape): BridgeEncoder<Tensor> {
  return {
    hidden: initLinear(random, shape.sensory, shape.hidden),
    output: initLinear(random, shape.hidden, shape.latents, 0.3),
    skip: initLinear(random, shape.sensory, shape.latents, 0.3),
  };
}

export function initBridgeDecoder(random: Random, shape: BridgeShape): BridgeDecoder<Tensor> {
  return {
    hidden: initLinear(random, shape.latents, shape.hidden),
    output: initLinear(random, shape.hidden, shape.classes, 0.3),
  };
}

/** Which sensory electrodes stand for the datum, `[N, S]` of 0 and 1 -> sensory patches `[N, Z]`. */
export function encodeDatum(p: BridgeEncoder<JaxArray>, datum: JaxArray): JaxArray {
  const hidden = nn.gelu(linear(p.hidden, datum));
  return linear(p.output, hidden).add(linear(p.skip, datum));
}

/** Patches `[N, Z]` -> logits `[N, K]` of the next datum's class. */
export function decodePatch(p: BridgeDecoder<JaxArray>, patch: JaxArray): JaxArray {
  return linear(p.output, nn.gelu(linear(p.hidden, patch)));
}

export type EncoderBatch<Leaf> = { datum: Leaf; patch: Leaf };

export function bridgeEncoderLoss(p: BridgeEncoder<JaxArray>, batch: EncoderBatch<JaxArray>): JaxArray {
  return np.square(encodeDatum(p, batch.datum).sub(batch.patch)).mean();
}

/** `noise [N, Z]` blurs the patch; `target [N, K]` is one-hot, or uniform where nothing was written. */
export type DecoderBatch<Leaf> = { patch: Leaf; noise: Leaf; target: Leaf };

export function bridgeDecoderLoss(p: BridgeDecoder<JaxArray>, batch: DecoderBatch<JaxArray>): JaxArray {
  return crossEntropy(decodePatch(p, batch.patch.add(batch.noise)), batch.target).mean();
}

/** Cross entropy (nats) `[N]` of logits `[N, K]` against target distributions `[N, K]`. */
export function crossEntropy(logits: JaxArray, target: JaxArray): JaxArray {
  return nn.logSoftmax(logits, -1).mul(target).sum(-1).neg();
}

/**
 * The parameters that an AdaVAE adds to its base (Tu et al. 2022, https://arxiv.org/abs/2205.05862), and those it has of its own where
 * encoder and decoder train freely from the base.
 */
import type { Tensor } from "../../compute/index.ts";
import type { Random } from "../../math/random.ts";
import type { TransformerConfig } from "../model/config.ts";
import { type Affine, affine, filled, normal, type Stack, type Transformer } from "../model/parameters.ts";
import type { AdaVaeShape } from "./shape.ts";

export type Adapter<Leaf> = { down: Affine<Leaf>; up: Affine<Leaf> };

/** What trains on any base. */
export type Adapters<Leaf> = {
  /** One per layer. */
  encoder: Adapter<Leaf>[];
  decoder: Adapter<Leaf>[];
  /** `[poolQueries, width]` */
  poolQueries: Leaf;
  /** Pooled -> mean and logarithm of the variance of z. */
  mean: Affine<Leaf>;
  logVariance: Affine<Leaf>;
  /** z -> for each layer, pair and of key and value: `[latents, layers * pairs * 2 * keyHeads * headWidth]`. */
  prefix: Affine<Leaf>;
  /** z -> what is added to the input at each position: `[latents, context * width]`. */
  addition: Affine<Leaf>;
};

/** Base and adapters together. `encoder` is the stack that reads without a causal mask; frozen, it is the base's own. */
export type AdaVae<Leaf> = {
  decoder: Transformer<Leaf>;
  encoder: Stack<Leaf>;
  adapters: Adapters<Leaf>;
};

export function initAdapters(
  random: Random,
  config: TransformerConfig,
  shape: AdaVaeShape,
): Adapters<Tensor> {
  const { width: D, layers, keyHeads, headWidth, context } = config;
  const { latents: Z, poolQueries: Q, prefixPairs: K, adapterWidth } = shape;
  const adapters = () =>
    Array.from({ length: layers }, () => ({
      down: affine(random, D, adapterWidth, 1 / Math.sqrt(D)),
      up: affine(random, adapterWidth, D, 0),
    }));
  const narrow = affine(random, Q * D, Z, 0.1 / Math.sqrt(Q * D));
  return {
    encoder: adapters(),
    decoder: adapters(),
    poolQueries: normal(random, [Q, D], 1 / Math.sqrt(D)),
    mean: affine(random, Q * D, Z, 1 / Math.sqrt(Q * D)),
    logVariance: { ...narrow, bias: filled([Z], -2) },
    prefix: affine(random, Z, layers * K * 2 * keyHeads * headWidth, 1 / Math.sqrt(Z)),
    addition: affine(random, Z, context * D, 0.1 / Math.sqrt(Z)),
  };
}

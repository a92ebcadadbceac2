/**
 * The AdaVAE as pure functions: a sentence to the distribution of its latent program z, and z to the logits of a sentence.
 *
 * Legend: N sentences, T tokens, D width, Z numbers of z, Q queries, K prefix pairs.
 */
import { softmax } from "../../compute/functions.ts";
import { type Array as JaxArray, np } from "../../compute/jax.ts";
import type { TransformerConfig } from "../model/config.ts";
import { apply, type BlockExtras, causalBias, embed, logitsOf, runStack } from "../model/transformer.ts";
import type { Adapters, AdaVae } from "./parameters.ts";
import type { AdaVaeShape } from "./shape.ts";

export interface AdaVaeSizes {
  readonly config: TransformerConfig;
  readonly shape: AdaVaeShape;
}

/**
 * The posterior of z: the base without its causal mask, adapters beside its layers, the last layer pooled by learned queries.
 * @param ids int32 `[N, T]`, sentence and its end, then padding
 * @param mask `[N, T]`, 1 where there is a token
 * @returns each `[N, Z]`
 */
export function posterior(
  { decoder, encoder, adapters }: AdaVae<JaxArray>,
  ids: JaxArray,
  mask: JaxArray,
  { config, shape: { poolQueries: Q } }: AdaVaeSizes,
): { mean: JaxArray; logVariance: JaxArray } {
  const [N, T] = ids.shape;
  const D = config.width;
  const unseen = mask.sub(1).mul(1e9);
  const hidden = runStack(encoder, embed(decoder, ids), config, {
    bias: unseen.reshape([N, 1, 1, T]),
    extras: (layer) => ({ adapter: adapters.encoder[layer] }),
  });
  const logits = np.einsum("ntd,qd->nqt", hidden, adapters.poolQueries).add(unseen.reshape([N, 1, T]));
  const pooled = np.einsum("nqt,ntd->nqd", softmax(logits), hidden).reshape([N, Q * D]);
  return { mean: apply(adapters.mean, pooled), logVariance: apply(adapters.logVariance, pooled) };
}

/**
 * What follows each token, given z: the base with adapters, z as pairs before the first token of every layer and as an addition
 * to every input. Where `gate` is 0 there is no z, and what is left is a language model.
 * @param ids int32 `[N, T]`, the end token and then the sentence
 * @param z `[N, Z]`
 * @param gate `[N]`, 1 or 0
 * @returns logits `[N, T, vocabulary]`
 */
export function decoderLogits(
  model: AdaVae<JaxArray>,
  ids: JaxArray,
  { z, gate }: { z: JaxArray; gate: JaxArray },
  sizes: AdaVaeSizes,
): JaxArray {
  const [, T] = ids.shape;
  const { decoder, adapters } = model;
  const { config, shape } = sizes;
  const added = additionOf(adapters, z, gate, config);
  const here = T === config.context ? added : np.split(added, [T], 1)[0];
  const prefixes = prefixesOf(adapters, z, sizes);
  const hidden = runStack(decoder.stack, embed(decoder, ids).add(here), config, {
    bias: causalBias(T, shape.prefixPairs).add(prefixBias(gate, shape.prefixPairs, T)),
    extras: (layer) => ({ adapter: adapters.decoder[layer], prefix: prefixes[layer] }),
  });
  return logitsOf(decoder, hidden);
}

/** What z adds to the input at every position: `[N, context, D]`. */
export function additionOf(
  { addition }: Adapters<JaxArray>,
  z: JaxArray,
  gate: JaxArray,
  { context, width }: TransformerConfig,
): JaxArray {
  const N = z.shape[0];
  return apply(addition, z)
    .reshape([N, context, width])
    .mul(gate.reshape([N, 1, 1]));
}

/** Keys and values of z by layer, each `[N, K, keyHeads, headWidth]`. */
export function prefixesOf(
  { prefix }: Adapters<JaxArray>,
  z: JaxArray,
  { config: { layers, keyHeads, headWidth }, shape: { prefixPairs: K } }: AdaVaeSizes,
): NonNullable<BlockExtras["prefix"]>[] {
  const N = z.shape[0];
  const all = apply(prefix, z).reshape([N, 2 * layers, K, keyHeads * headWidth]);
  const parts = np.split(all, 2 * layers, 1).map((part) => part.reshape([N, K, keyHeads, headWidth]));
  return Array.from({ length: layers }, (_, layer) => ({
    key: parts[2 * layer],
    value: parts[2 * layer + 1],
  }));
}

/** -1e9 on the prefix where there is no z: `[N, 1, 1, K + T]`. */
export function prefixBias(gate: JaxArray, K: number, T: number): JaxArray {
  const N = gate.shape[0];
  const unseen = np.broadcastTo(gate.sub(1).mul(1e9).reshape([N, 1]), [N, K]);
  return np.concatenate([unseen, np.zeros([N, T])], 1).reshape([N, 1, 1, K + T]);
}

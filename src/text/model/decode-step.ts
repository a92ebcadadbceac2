/**
 * One token further with keys and values kept: what a decoder computes when it speaks. The cache lies on the host, a row per slot;
 * the slots of prefix pairs come first.
 *
 * Legend: N sentences, S slots, D width, H heads of keys, d depth, V vocabulary.
 */
import { attention } from "../../compute/functions.ts";
import { type Array as JaxArray, np } from "../../compute/jax.ts";
import type { TransformerConfig } from "./config.ts";
import type { Transformer } from "./parameters.ts";
import { rotate } from "./rope.ts";
import { apply, type BlockExtras, feedForward, logitsOf, normalise, shared } from "./transformer.ts";

export type StepInput<Leaf> = {
  /** int32 `[N, 1]` */
  ids: Leaf;
  /** Position and latent of this place, added to the embedding: `[N, 1, D]`. */
  added: Leaf;
  /** By layer, each `[N, S, H, d]`. */
  keys: Leaf[];
  values: Leaf[];
  /** `[N, 1, 1, S + 1]`: -1e9 where a slot is empty or hidden; the last is the token itself. */
  bias: Leaf;
  /** Rotation of this place, `[1, d / 2]`; of learned positions unused. */
  cos: Leaf;
  sin: Leaf;
};

/** @returns logits `[N, V]` of what comes next, and what to put into the slots of this token, by layer `[N, 1, H, d]`. */
export function decodeStep(
  p: Transformer<JaxArray>,
  { ids, added, keys, values, bias, cos, sin }: StepInput<JaxArray>,
  config: TransformerConfig,
  adapters?: (layer: number) => NonNullable<BlockExtras["adapter"]>,
): { logits: JaxArray; keys: JaxArray[]; values: JaxArray[] } {
  const N = ids.shape[0];
  const { heads: H, keyHeads, headWidth: d } = config;
  const made = { keys: [] as JaxArray[], values: [] as JaxArray[] };
  let x = np.take(p.embedding, ids, 0).add(added);
  p.stack.blocks.forEach((block, layer) => {
    const normed = normalise(block.norm1, x, config);
    let query = apply(block.query, normed).reshape([N, 1, H, d]);
    let key = apply(block.key, normed).reshape([N, 1, keyHeads, d]);
    const value = apply(block.value, normed).reshape([N, 1, keyHeads, d]);
    if (block.queryNorm) query = normalise(block.queryNorm, query, config);
    if (block.keyNorm) key = normalise(block.keyNorm, key, config);
    if (config.ropeTheta !== undefined) {
      query = rotate(query, cos, sin);
      key = rotate(key, cos, sin);
    }
    made.keys.push(key);
    made.values.push(value);
    const seen = attention(
      query,
      shared(np.concatenate([keys[layer], key], 1), config),
      shared(np.concatenate([values[layer], value], 1), config),
      bias,
    );
    const attended = x.add(apply(block.project, seen.reshape([N, 1, H * d])));
    x = feedForward(block, attended, config, adapters?.(layer));
  });
  const hidden = normalise(p.stack.norm, x, config);
  return { logits: logitsOf(p, hidden).reshape([N, config.vocabulary]), ...made };
}

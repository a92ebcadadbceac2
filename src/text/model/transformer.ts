/**
 * A pre-norm transformer in the layouts of GPT-2 (Radford et al. 2019), Llama (Touvron et al. 2023, https://arxiv.org/abs/2302.13971)
 * and Qwen2 and Qwen3 (https://arxiv.org/abs/2407.10671, https://arxiv.org/abs/2505.09388), as pure functions. What an AdaVAE adds
 * comes in from outside: parallel adapters, key and value pairs before the first token.
 *
 * Legend: N sentences, T tokens, D width, H heads, K pairs injected, V vocabulary.
 */
import { attention, gelu, layerNorm, silu } from "../../compute/functions.ts";
import { type Array as JaxArray, np } from "../../compute/jax.ts";
import { hasOffsets, type TransformerConfig } from "./config.ts";
import type { Affine, Scale, Stack, Transformer, TransformerBlock } from "./parameters.ts";
import { ropeTable, rotate } from "./rope.ts";

/** What a block is given beside its tokens. */
export interface BlockExtras {
  /** A small feed-forward layer beside the block's own (He et al. 2022, https://arxiv.org/abs/2110.04366). */
  readonly adapter?: { readonly down: Affine<JaxArray>; readonly up: Affine<JaxArray> };
  /** Pairs before the first token, `[N, K, H of keys, depth]`: pseudo-self-attention (Ziegler et al. 2019, https://arxiv.org/abs/1908.06938). */
  readonly prefix?: { readonly key: JaxArray; readonly value: JaxArray };
}

/** Token ids `[N, T]` (int32) -> `[N, T, D]`, positions counted from 0. */
export function embed(p: Transformer<JaxArray>, ids: JaxArray): JaxArray {
  const x = np.take(p.embedding, ids, 0);
  if (!p.positions) return x;
  const [N, T] = ids.shape;
  const [context, D] = p.positions.shape;
  const positions = T === context ? p.positions : np.split(p.positions, [T], 0)[0];
  return x.add(np.broadcastTo(positions.reshape([1, T, D]), [N, T, D]));
}

/**
 * x `[N, T, D]` -> `[N, T, D]`, normalised.
 * @param bias added to the attention logits, broadcastable to `[N, H, T, K + T]`
 */
export function runStack(
  p: Stack<JaxArray>,
  x: JaxArray,
  config: TransformerConfig,
  { bias, extras }: { bias?: JaxArray; extras?: (layer: number) => BlockExtras } = {},
): JaxArray {
  let hidden = x;
  p.blocks.forEach((block, layer) => {
    const given = extras?.(layer) ?? {};
    hidden = runBlock(block, hidden, config, { ...given, ...(bias ? { bias } : {}) });
  });
  return normalise(p.norm, hidden, config);
}

function runBlock(
  p: TransformerBlock<JaxArray>,
  x: JaxArray,
  config: TransformerConfig,
  { bias, adapter, prefix }: BlockExtras & { bias?: JaxArray },
): JaxArray {
  const [N, T] = x.shape;
  const { query, key, value } = queryKeyValue(p, normalise(p.norm1, x, config), config);
  const keys = prefix ? np.concatenate([prefix.key, key], 1) : key;
  const values = prefix ? np.concatenate([prefix.value, value], 1) : value;
  const seen = attention(query, shared(keys, config), shared(values, config), bias);
  const attended = x.add(apply(p.project, seen.reshape([N, T, config.heads * config.headWidth])));
  return feedForward(p, attended, config, adapter);
}

/** Of x `[N, T, D]`, normalised: `[N, T, H, depth]` each, rotated to their positions. */
export function queryKeyValue(
  p: TransformerBlock<JaxArray>,
  x: JaxArray,
  config: TransformerConfig,
  from = 0,
): { query: JaxArray; key: JaxArray; value: JaxArray } {
  const [N, T] = x.shape;
  const { heads: H, keyHeads, headWidth: d } = config;
  let query = apply(p.query, x).reshape([N, T, H, d]);
  let key = apply(p.key, x).reshape([N, T, keyHeads, d]);
  const value = apply(p.value, x).reshape([N, T, keyHeads, d]);
  if (p.queryNorm) query = normalise(p.queryNorm, query, config);
  if (p.keyNorm) key = normalise(p.keyNorm, key, config);
  if (config.ropeTheta !== undefined) {
    const table = ropeTable(config, T, from);
    const [cos, sin] = [np.array(table.cos), np.array(table.sin)];
    query = rotate(query, cos, sin);
    key = rotate(key, cos, sin);
  }
  return { query, key, value };
}

/** x `[N, T, D]` plus what the feed-forward layer, and an adapter beside it, make of it. */
export function feedForward(
  p: TransformerBlock<JaxArray>,
  x: JaxArray,
  config: TransformerConfig,
  adapter?: BlockExtras["adapter"],
): JaxArray {
  const normed = normalise(p.norm2, x, config);
  const expanded = apply(p.expand, normed);
  const hidden = p.gate ? silu(apply(p.gate, normed)).mul(expanded) : gelu(expanded);
  const out = x.add(apply(p.contract, hidden));
  return adapter ? out.add(apply(adapter.up, gelu(apply(adapter.down, normed)))) : out;
}

/** `[N, T, D]` -> logits `[N, T, V]`. */
export function logitsOf(p: Transformer<JaxArray>, hidden: JaxArray): JaxArray {
  return np.matmul(hidden, p.head ?? np.transpose(p.embedding));
}

/** 0 where token t may look at s <= t, -1e9 beyond: `[1, 1, T, K + T]`, the K pairs before seen by all. */
export function causalBias(T: number, K = 0): JaxArray {
  const rows = Array.from({ length: T }, (_, t) =>
    Array.from({ length: K + T }, (_, s) => (s - K <= t ? 0 : -1e9)),
  );
  return np.array(rows).reshape([1, 1, T, K + T]);
}

export function apply({ weight, bias }: Affine<JaxArray>, x: JaxArray): JaxArray {
  const y = np.matmul(x, weight);
  return bias ? y.add(bias) : y;
}

/** Layer normalisation, or of root mean square alone (Zhang and Sennrich 2019, https://arxiv.org/abs/1910.07467). */
export function normalise(
  { scale, shift }: Scale<JaxArray>,
  x: JaxArray,
  config: TransformerConfig,
): JaxArray {
  if (hasOffsets(config) && shift) return layerNorm(x, scale, shift, config.epsilon);
  const power = np.mean(np.square(x), -1, { keepdims: true });
  return x.mul(np.reciprocal(np.sqrt(power.add(config.epsilon)))).mul(scale);
}

/** Keys or values `[N, S, keyHeads, d]` for every head of queries: `[N, S, H, d]`, neighbouring queries sharing one. */
export function shared(x: JaxArray, { heads: H, keyHeads }: TransformerConfig): JaxArray {
  if (H === keyHeads) return x;
  const [N, S, , d] = x.shape;
  const copies = H / keyHeads;
  return np.broadcastTo(x.reshape([N, S, keyHeads, 1, d]), [N, S, keyHeads, copies, d]).reshape([N, S, H, d]);
}

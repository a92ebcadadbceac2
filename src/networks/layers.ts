/**
 * Transformer layers as pure functions of a parameter tree, written against jax-js.
 *
 * Legend: N batch, T tokens, D width, H heads. A parameter tree is generic in its leaf: `Tensor` outside a
 * traced function, jax array inside.
 */

import { attention as fusedAttention, layerNorm as fusedLayerNorm, silu } from "../compute/functions.ts";
import { type Tensor, tensor } from "../compute/index.ts";
import { type Array as JaxArray, np } from "../compute/jax.ts";
import type { Random } from "../math/random.ts";

export type Linear<Leaf> = { weight: Leaf; bias: Leaf };
export type Norm<Leaf> = { scale: Leaf; shift: Leaf };
export type Block<Leaf> = {
  norm1: Norm<Leaf>;
  queryKeyValue: Linear<Leaf>;
  project: Linear<Leaf>;
  norm2: Norm<Leaf>;
  expand: Linear<Leaf>;
  contract: Linear<Leaf>;
};

/** Weights normal with standard deviation gain/sqrt(inputs), bias zero. */
export function initLinear(random: Random, inputs: number, outputs: number, gain = 1): Linear<Tensor> {
  const scale = gain / Math.sqrt(inputs);
  const weight = random.normals(inputs * outputs).map((value) => value * scale);
  return { weight: tensor([inputs, outputs], weight), bias: tensor([outputs], new Float32Array(outputs)) };
}

export function initNorm(width: number): Norm<Tensor> {
  return {
    scale: tensor([width], new Float32Array(width).fill(1)),
    shift: tensor([width], new Float32Array(width)),
  };
}

/** A pre-norm block; the residual branches start small so that a fresh stack is near the identity. */
export function initBlock(random: Random, width: number, expansion = 2): Block<Tensor> {
  return {
    norm1: initNorm(width),
    queryKeyValue: initLinear(random, width, 3 * width),
    project: initLinear(random, width, width, 0.5),
    norm2: initNorm(width),
    expand: initLinear(random, width, expansion * width),
    contract: initLinear(random, expansion * width, width, 0.5),
  };
}

/** x `[..., inputs]` -> `[..., outputs]`. */
export function linear(p: Linear<JaxArray>, x: JaxArray): JaxArray {
  return np.matmul(x, p.weight).add(p.bias);
}

/** Layer normalisation over the last axis. Ba et al. 2016, https://arxiv.org/abs/1607.06450 */
export function layerNorm(p: Norm<JaxArray>, x: JaxArray): JaxArray {
  return fusedLayerNorm(x, p.scale, p.shift);
}

/** Full (unmasked) multi-head self-attention, x `[N, T, D]` -> `[N, T, D]`. */
export function attention(p: Block<JaxArray>, x: JaxArray, heads: number): JaxArray {
  const [N, T, D] = x.shape as [number, number, number];
  const perHead = D / heads;
  const qkv = linear(p.queryKeyValue, x).reshape([N, T, 3, heads, perHead]);
  const [q, k, v] = np.split(qkv, 3, 2).map((part) => part.reshape([N, T, heads, perHead]));
  return linear(p.project, fusedAttention(q, k, v).reshape([N, T, D]));
}

/** One pre-norm transformer block, x `[N, T, D]`. Xiong et al. 2020, https://arxiv.org/abs/2002.04745 */
export function transformerBlock(p: Block<JaxArray>, x: JaxArray, heads: number): JaxArray {
  const attended = x.add(attention(p, layerNorm(p.norm1, x), heads));
  const hidden = silu(linear(p.expand, layerNorm(p.norm2, attended)));
  return attended.add(linear(p.contract, hidden));
}

/**
 * The parameters of a causal transformer, as a tree that is generic in its leaf: `Tensor` outside a traced function, jax array
 * inside. Weights are `[inputs, outputs]`. What a layout does not have is absent.
 */
import { type Tensor, tensor } from "../../compute/index.ts";
import type { Random } from "../../math/random.ts";
import { hasOffsets, type TransformerConfig } from "./config.ts";

export type Affine<Leaf> = { weight: Leaf; bias?: Leaf };
export type Scale<Leaf> = { scale: Leaf; shift?: Leaf };

export type TransformerBlock<Leaf> = {
  norm1: Scale<Leaf>;
  query: Affine<Leaf>;
  key: Affine<Leaf>;
  value: Affine<Leaf>;
  /** Qwen3: per head. */
  queryNorm?: Scale<Leaf>;
  keyNorm?: Scale<Leaf>;
  project: Affine<Leaf>;
  norm2: Scale<Leaf>;
  /** Of SwiGLU only. */
  gate?: Affine<Leaf>;
  expand: Affine<Leaf>;
  contract: Affine<Leaf>;
};

/** The blocks and the normalisation after them. */
export type Stack<Leaf> = { blocks: TransformerBlock<Leaf>[]; norm: Scale<Leaf> };

export type Transformer<Leaf> = {
  /** `[vocabulary, width]` */
  embedding: Leaf;
  /** `[context, width]`, where positions are learned. */
  positions?: Leaf;
  /** `[width, vocabulary]`, where the output layer is not the embedding. */
  head?: Leaf;
  stack: Stack<Leaf>;
};

const SPREAD = 0.02;

/** A new GPT-2, as Radford et al. 2019 begin: normal of deviation .02, residual outputs less by the root of their number. */
export function initTransformer(random: Random, config: TransformerConfig): Transformer<Tensor> {
  const { vocabulary, width: D, context, layers } = config;
  if (!hasOffsets(config)) throw new TypeError(`initTransformer: expected layout gpt2, got ${config.layout}`);
  return {
    embedding: normal(random, [vocabulary, D]),
    positions: normal(random, [context, D]),
    stack: {
      blocks: Array.from({ length: layers }, () => initBlock(random, config)),
      norm: unitNorm(D),
    },
  };
}

function initBlock(
  random: Random,
  { width: D, hidden, layers }: TransformerConfig,
): TransformerBlock<Tensor> {
  const residual = SPREAD / Math.sqrt(2 * layers);
  return {
    norm1: unitNorm(D),
    query: affine(random, D, D, 0.05),
    key: affine(random, D, D, 0.05),
    value: affine(random, D, D, 0.05),
    project: affine(random, D, D, residual),
    norm2: unitNorm(D),
    expand: affine(random, D, hidden, 0.05),
    contract: affine(random, hidden, D, residual),
  };
}

/** Normal weights of deviation `spread`, offsets zero. */
export function affine(random: Random, inputs: number, outputs: number, spread: number): Affine<Tensor> {
  return { weight: normal(random, [inputs, outputs], spread), bias: filled([outputs], 0) };
}

export function unitNorm(width: number): Scale<Tensor> {
  return { scale: filled([width], 1), shift: filled([width], 0) };
}

export function normal(random: Random, shape: readonly number[], spread = SPREAD): Tensor {
  const size = shape.reduce((product, side) => product * side, 1);
  return tensor(
    shape,
    random.normals(size).map((value) => value * spread),
  );
}

export function filled(shape: readonly number[], value: number): Tensor {
  const size = shape.reduce((product, side) => product * side, 1);
  return tensor(shape, new Float32Array(size).fill(value));
}

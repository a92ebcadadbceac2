/**
 * A causal transformer over patches that can be run over a whole window at once or, with its keys and values kept, one
 * patch at a time at constant cost. Where a patch stands enters by its distance only, as a bias on the attention that
 * falls off linearly (Press et al. 2021, https://arxiv.org/abs/2108.12409), so that a kept key never has to move.
 *
 * Legend: N items, T patches, L kept patches, D width, H heads.
 */
import { attention as fusedAttention, silu } from "../../compute/functions.ts";
import type { Tensor } from "../../compute/index.ts";
import { type Array as JaxArray, np } from "../../compute/jax.ts";
import type { Random } from "../../math/random.ts";
import { type Block, initBlock, initNorm, layerNorm, linear, type Norm } from "../../networks/layers.ts";

export type Trunk<Leaf> = { blocks: Block<Leaf>[]; norm: Norm<Leaf> };

/** Keys and values of one block, `[N, H, L, D / H]` each. */
export type Kept<Leaf> = { keys: Leaf; values: Leaf };

/** What is kept of the past of new patches. */
export interface KeptPast {
  /** Of every block. */
  readonly kept: readonly Kept<JaxArray>[];
  /** `[T, L + T]` how many patches before each new one every kept and every new one was, or `UNSEEN`. */
  readonly distances: JaxArray;
}

/** The distance of a patch that is not to be seen: nothing attends that far. */
export const UNSEEN = 1e9;

export function initTrunk(random: Random, width: number, blocks: number): Trunk<Tensor> {
  return { blocks: Array.from({ length: blocks }, () => initBlock(random, width)), norm: initNorm(width) };
}

export interface TrunkResult {
  /** `[N, T, D]` of each patch and what it sees. */
  readonly features: JaxArray;
  /** Of every block, of all patches, the kept ones first. */
  readonly kept: Kept<JaxArray>[];
  /** The same of the new patches alone. */
  readonly newest: Kept<JaxArray>[];
}

/** x `[N, T, D]`: each patch sees itself and those before it. */
export function runTrunk(p: Trunk<JaxArray>, x: JaxArray, heads: number): TrunkResult {
  const T = x.shape[1];
  const distances = Array.from({ length: T }, (_, t) =>
    Array.from({ length: T }, (_, s) => (s > t ? UNSEEN : t - s)),
  );
  return through(p, x, heads, { kept: [], distances: np.array(distances) });
}

/** The same for T new patches x `[N, T, D]` after L kept ones, each of them the next patch of its own course. */
export function stepTrunk(p: Trunk<JaxArray>, x: JaxArray, heads: number, past: KeptPast): TrunkResult {
  return through(p, x, heads, past);
}

function through(
  p: Trunk<JaxArray>,
  x: JaxArray,
  heads: number,
  { kept: past, distances }: KeptPast,
): TrunkResult {
  const [N, T, D] = x.shape as [number, number, number];
  const [queries, keys] = distances.shape as [number, number];
  const bias = distances
    .reshape([1, 1, queries, keys])
    .mul(np.array(slopes(heads)).reshape([1, heads, 1, 1]));
  const headsFirst = (part: JaxArray) => part.reshape([N, T, heads, D / heads]).transpose([0, 2, 1, 3]);
  const headsLast = (part: JaxArray) => part.transpose([0, 2, 1, 3]);
  const kept: Kept<JaxArray>[] = [];
  const newest: Kept<JaxArray>[] = [];
  p.blocks.forEach((block, b) => {
    const qkv = linear(block.queryKeyValue, layerNorm(block.norm1, x));
    const [query, newKeys, newValues] = np.split(qkv, 3, 2).map(headsFirst) as [JaxArray, JaxArray, JaxArray];
    const before = past.length > 0 ? past[b] : undefined;
    const keys = before ? np.concatenate([before.keys, newKeys], 2) : newKeys;
    const values = before ? np.concatenate([before.values, newValues], 2) : newValues;
    kept.push({ keys, values });
    newest.push({ keys: newKeys, values: newValues });
    const mixed = fusedAttention(headsLast(query), headsLast(keys), headsLast(values), bias);
    const attended = x.add(linear(block.project, mixed.reshape([N, T, D])));
    const hidden = silu(linear(block.expand, layerNorm(block.norm2, attended)));
    x = attended.add(linear(block.contract, hidden));
  });
  return { features: layerNorm(p.norm, x), kept, newest };
}

/** Geometric, from a head that looks at the last patch or two to one that averages over seconds. */
function slopes(heads: number): number[] {
  return Array.from({ length: heads }, (_, h) => -(2 ** (-h * (6 / heads))));
}

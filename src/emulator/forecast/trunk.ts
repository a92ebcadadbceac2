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
import { type Block, initBlock, initNorm, layerNorm, linear, type Norm } from "../layers.ts";

export type Trunk<Leaf> = { blocks: Block<Leaf>[]; norm: Norm<Leaf> };

/** Keys and values of one block, `[N, L, H, D / H]` each. */
export type Kept<Leaf> = { keys: Leaf; values: Leaf };

const UNSEEN = -1e9;

export function initTrunk(random: Random, width: number, blocks: number): Trunk<Tensor> {
  return { blocks: Array.from({ length: blocks }, () => initBlock(random, width)), norm: initNorm(width) };
}

/** x `[N, T, D]` -> features `[N, T, D]` of each patch and what came before it, and what to keep of every block. */
export function runTrunk(
  p: Trunk<JaxArray>,
  x: JaxArray,
  heads: number,
): { features: JaxArray; kept: Kept<JaxArray>[] } {
  const T = x.shape[1]!;
  return through(p, x, heads, distanceBias(T, T, heads));
}

/** The same for one new patch x `[N, 1, D]` after L kept ones (`ages [1, L]`: how many patches ago each was, or 1e9). */
export function stepTrunk(
  p: Trunk<JaxArray>,
  x: JaxArray,
  heads: number,
  past: readonly Kept<JaxArray>[],
  ages: JaxArray,
): { features: JaxArray; kept: Kept<JaxArray>[] } {
  const L = ages.shape[1]!;
  const distance = np.concatenate([ages, np.zeros([1, 1])], 1).reshape([1, 1, 1, L + 1]);
  const bias = distance.mul(np.array(slopes(heads)).reshape([1, heads, 1, 1]));
  return through(p, x, heads, bias, past);
}

function through(
  p: Trunk<JaxArray>,
  x: JaxArray,
  heads: number,
  bias: JaxArray,
  past?: readonly Kept<JaxArray>[],
) {
  const [N, T, D] = x.shape as [number, number, number];
  const kept: Kept<JaxArray>[] = [];
  p.blocks.forEach((block, b) => {
    const qkv = linear(block.queryKeyValue, layerNorm(block.norm1, x)).reshape([N, T, 3, heads, D / heads]);
    const [query, newKeys, newValues] = np
      .split(qkv, 3, 2)
      .map((part) => part.reshape([N, T, heads, D / heads])) as [JaxArray, JaxArray, JaxArray];
    const before = past?.[b];
    const keys = before ? np.concatenate([before.keys, newKeys], 1) : newKeys;
    const values = before ? np.concatenate([before.values, newValues], 1) : newValues;
    kept.push({ keys, values });
    const mixed = fusedAttention(query, keys, values, bias).reshape([N, T, D]);
    const attended = x.add(linear(block.project, mixed));
    const hidden = silu(linear(block.expand, layerNorm(block.norm2, attended)));
    x = attended.add(linear(block.contract, hidden));
  });
  return { features: layerNorm(p.norm, x), kept };
}

/** `[1, H, T, S]`: minus slope times distance, the last query standing at the last key; later keys are unseen. */
function distanceBias(queries: number, keys: number, heads: number): JaxArray {
  const rows = slopes(heads).map((slope) =>
    Array.from({ length: queries }, (_, t) =>
      Array.from({ length: keys }, (_, s) => {
        const distance = t + keys - queries - s;
        return distance < 0 ? UNSEEN : slope * distance;
      }),
    ),
  );
  return np.array([rows]);
}

/** Geometric, from a head that looks at the last patch or two to one that averages over seconds. */
function slopes(heads: number): number[] {
  return Array.from({ length: heads }, (_, h) => -(2 ** (-h * (6 / heads))));
}

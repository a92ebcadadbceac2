/** Rows of symbols: a cycle through all of them in a random order, and one that is now and then left by a jump. */
import type { Random } from "../../../math/random.ts";

/**
 * Each symbol is followed by its successor in a random cyclic order, or, with `jumpProbability`, by any symbol.
 * The best possible accuracy is 1 - jump + jump / K.
 */
export function symbolCycle(
  random: Random,
  count: number,
  classCount: number,
  jumpProbability: number,
): Uint8Array {
  const order = random.permutation(classCount);
  const successor = new Uint8Array(classCount);
  order.forEach((symbol, i) => {
    successor[symbol] = order[(i + 1) % classCount];
  });
  const out = new Uint8Array(count);
  let symbol = random.integer(classCount);
  for (let i = 0; i < count; i++) {
    out[i] = symbol;
    const jump = random.uniform() < jumpProbability;
    symbol = jump ? random.integer(classCount) : successor[symbol];
  }
  return out;
}

import { describe, it } from "vitest";
import { attention, clip, gelu, layerNorm, sigmoid, silu, softmax } from "./functions.ts";
import { nn, np } from "./jax.ts";
import { type Arrays, expectGradient, expectSame, values } from "./lowering/testing.ts";

/** The difference from what jax-js computes by the chain rule: must be zero, and its gradient too. */
const pairs: Record<string, [Arrays, number[][]]> = {
  sigmoid: [(x) => [sigmoid(x), nn.sigmoid(x)], [[3, 5]]],
  silu: [(x) => [silu(x), nn.silu(x)], [[3, 5]]],
  gelu: [(x) => [gelu(x), nn.gelu(x)], [[3, 5]]],
  clip: [(x) => [clip(x, -0.5, 0.8), np.clip(x, -0.5, 0.8)], [[3, 5]]],
  softmax: [(x) => [softmax(x), nn.softmax(x)], [[2, 3, 5]]],
  layerNorm: [(x, g, b) => [layerNorm(x, g, b), nn.standardize(x).mul(g).add(b)], [[2, 3, 5], [5], [5]]],
  attention: [
    (q, k, v, bias) => [attention(q, k, v, bias), nn.dotProductAttention(q, k, v, { bias })],
    [
      [2, 3, 2, 4],
      [2, 5, 2, 4],
      [2, 5, 2, 4],
      [3, 5],
    ],
  ],
};

describe("functions", () => {
  it.each(Object.entries(pairs))(
    "%s: value as jax-js says, gradient as differences say",
    async (_, [fn, shapes]) => {
      const inputs = shapes.map((shape) => values(shape));
      const difference: Arrays = (...xs) => {
        const [ours, theirs] = fn(...xs) as [np.Array, np.Array];
        return np.max(np.abs(ours.sub(theirs)));
      };
      const within: Arrays = (...xs) => (difference(...xs) as np.Array).less(1e-5);
      await expectSame(within, inputs);
      await expectSame(fn, inputs);
      await expectGradient((...xs) => (fn(...xs) as np.Array[])[0], inputs);
    },
  );
});

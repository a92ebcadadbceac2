import { describe, expect, it } from "vitest";
import { compile, tensor } from "../compute/index.ts";
import { grad, type Array as JaxArray } from "../compute/jax.ts";
import { Random } from "../math/random.ts";
import {
  attention,
  type Block,
  initBlock,
  initLinear,
  layerNorm,
  linear,
  type Norm,
  transformerBlock,
} from "./layers.ts";

const [N, T, D, H] = [2, 3, 4, 2] as const;
const random = Random.of(5, "layers");
const block = initBlock(random, D);
const x = tensor([N, T, D], random.normals(N * T * D));

type Weights = {
  weight: { data: ArrayLike<number>; shape: readonly number[] };
  bias: { data: ArrayLike<number> };
};

/** x `[rows, inputs]` through a linear layer, in doubles. */
function linearByHand({ weight, bias }: Weights, rows: readonly (readonly number[])[]): number[][] {
  const [inputs, outputs] = weight.shape as [number, number];
  return rows.map((row) =>
    Array.from({ length: outputs }, (_, j) => {
      let sum = bias.data[j];
      for (let i = 0; i < inputs; i++) sum += row[i] * weight.data[i * outputs + j];
      return sum;
    }),
  );
}

function normaliseByHand(row: readonly number[]): number[] {
  const mean = row.reduce((a, b) => a + b, 0) / row.length;
  const variance = row.reduce((a, b) => a + (b - mean) ** 2, 0) / row.length;
  return row.map((value) => (value - mean) / Math.sqrt(variance + 1e-5));
}

/** Self-attention of the tokens of one item, loop by loop. */
function attentionByHand(tokens: readonly (readonly number[])[]): number[][] {
  const qkv = linearByHand(block.queryKeyValue, tokens);
  const perHead = D / H;
  const mixed = tokens.map(() => new Array<number>(D).fill(0));
  for (let h = 0; h < H; h++)
    for (let t = 0; t < T; t++) {
      const at = (token: number, part: number, d: number) => qkv[token][part * D + h * perHead + d];
      const scores = tokens.map((_, s) => {
        let dot = 0;
        for (let d = 0; d < perHead; d++) dot += at(t, 0, d) * at(s, 1, d);
        return Math.exp(dot / Math.sqrt(perHead));
      });
      const total = scores.reduce((a, b) => a + b, 0);
      for (let s = 0; s < T; s++)
        for (let d = 0; d < perHead; d++) mixed[t][h * perHead + d] += (scores[s] / total) * at(s, 2, d);
    }
  return linearByHand(block.project, mixed);
}

const siluByHand = (v: number) => v / (1 + Math.exp(-v));

const tokensOf = (item: number) =>
  Array.from({ length: T }, (_, t) => [...x.data.subarray((item * T + t) * D, (item * T + t + 1) * D)]);

describe("layers", () => {
  it("attends as loops over items, heads, queries and keys do", async () => {
    const program = await compile((p: Block<JaxArray>, a: JaxArray) => attention(p, a, H), [block, x]);
    const out = await program.run(block, x);
    const expected = [0, 1].flatMap((item) => attentionByHand(tokensOf(item)).flat());
    expected.forEach((value, i) => {
      expect(out.data[i]).toBeCloseTo(value, 4);
    });
    await program.dispose();
  });

  it("normalises to zero mean and unit variance, then scales and shifts", async () => {
    const norm = { scale: tensor([D], random.normals(D)), shift: tensor([D], random.normals(D)) };
    const program = await compile((p: Norm<JaxArray>, a: JaxArray) => layerNorm(p, a), [norm, x]);
    const out = await program.run(norm, x);
    for (const item of [0, 1])
      for (const [t, row] of tokensOf(item).entries())
        normaliseByHand(row).forEach((value, d) => {
          const expected = value * norm.scale.data[d] + norm.shift.data[d];
          expect(out.data[(item * T + t) * D + d]).toBeCloseTo(expected, 4);
        });
    await program.dispose();
  });

  it("a block is attention, then a silu network, each on normalised input and added to it", async () => {
    const program = await compile((p: Block<JaxArray>, a: JaxArray) => transformerBlock(p, a, H), [block, x]);
    const out = await program.run(block, x);
    for (const item of [0, 1]) {
      const tokens = tokensOf(item);
      const attended = attentionByHand(tokens.map(normaliseByHand)).map((row, t) =>
        row.map((value, d) => value + tokens[t][d]),
      );
      const expanded = linearByHand(block.expand, attended.map(normaliseByHand));
      const expected = linearByHand(
        block.contract,
        expanded.map((row) => row.map(siluByHand)),
      ).map((row, t) => row.map((value, d) => value + attended[t][d]));
      expected.flat().forEach((value, i) => {
        expect(out.data[item * T * D + i]).toBeCloseTo(value, 4);
      });
    }
    await program.dispose();
  });

  it("starts with unit gain and no bias", () => {
    const { weight, bias } = initLinear(Random.of(1), 400, 50);
    const square = [...weight.data].reduce((sum, w) => sum + w * w, 0) / weight.data.length;
    expect(Math.sqrt(square * 400)).toBeCloseTo(1, 1);
    expect([...bias.data].every((value) => value === 0)).toBe(true);
  });

  it("has the gradients of finite differences, in every leaf of a block", async () => {
    // A smooth scalar of the block's output; the directions are random, so that no cancellation hides.
    const weights = tensor([N, T, D], random.normals(N * T * D));
    const loss = (p: Block<JaxArray>, a: JaxArray, w: JaxArray) => transformerBlock(p, a, H).mul(w).sum();
    const value = await compile(loss, [block, x, weights]);
    const slope = await compile(
      grad(loss as never) as unknown as (...args: Parameters<typeof loss>) => Block<JaxArray>,
      [block, x, weights],
    );
    const gradient = await slope.run(block, x, weights);
    for (const layer of Object.keys(block) as (keyof typeof block)[])
      for (const leaf of Object.keys(block[layer])) {
        const of = (tree: typeof block) =>
          (tree[layer] as unknown as Record<string, { shape: readonly number[]; data: Float32Array }>)[leaf];
        const { shape, data } = of(block);
        const direction = random.normals(data.length);
        const moved = async (by: number) => {
          const there = tensor(
            shape,
            data.map((v, i) => v + by * direction[i]),
          );
          const tree = { ...block, [layer]: { ...block[layer], [leaf]: there } };
          return (await value.run(tree, x, weights)).data[0];
        };
        const h = 1e-2;
        const measured = ((await moved(h)) - (await moved(-h))) / (2 * h);
        const claimed = of(gradient as typeof block).data.reduce((sum, g, i) => sum + g * direction[i], 0);
        expect(Math.abs(measured - claimed), `${layer}.${leaf}`).toBeLessThan(
          0.01 + 0.01 * Math.abs(claimed),
        );
      }
    await value.dispose();
    await slope.dispose();
  });

  it("keeps leading axes", async () => {
    const p = initLinear(random, D, 5);
    const program = await compile(
      (q: { weight: JaxArray; bias: JaxArray }, a: JaxArray) => linear(q, a),
      [p, x],
    );
    const out = await program.run(p, x);
    expect(out.shape).toEqual([N, T, 5]);
    const expected = [0, 1].flatMap((item) => linearByHand(p, tokensOf(item)).flat());
    expected.forEach((value, i) => {
      expect(out.data[i]).toBeCloseTo(value, 4);
    });
    await program.dispose();
  });
});

import { beforeAll, expect, it } from "vitest";
import {
  compile,
  flattenTensors,
  leafPaths,
  Noise,
  scalar,
  type Tensor,
  tensor,
  trainStep,
} from "../../compute/index.ts";
import type { Array as JaxArray } from "../../compute/jax.ts";
import { Random } from "../../math/random.ts";
import { sentenceTensors } from "../corpus/rows.ts";
import { ownConfig } from "../model/config.ts";
import { initTransformer } from "../model/parameters.ts";
import { type AdaVaeBatch, adaVaeLoss } from "./loss.ts";
import { decoderLogits } from "./model.ts";
import { type AdaVae, initAdapters } from "./parameters.ts";

const sizes = {
  config: ownConfig({
    vocabulary: 11,
    width: 8,
    layers: 2,
    heads: 2,
    headWidth: 4,
    keyHeads: 2,
    hidden: 16,
    context: 6,
  }),
  shape: { latents: 3, poolQueries: 2, prefixPairs: 2, adapterWidth: 4 },
};
const random = Random.of(5);
const base = initTransformer(random.split("base"), sizes.config);
const model: AdaVae<Tensor> = {
  decoder: base,
  // Of its own memory: each is moved by itself below.
  encoder: initTransformer(random.split("encoder"), sizes.config).stack,
  adapters: initAdapters(random.split("adapters"), sizes.config, sizes.shape),
};
// Nothing zero, so that every parameter has a gradient.
for (const [i, leaf] of flattenTensors(model).leaves.entries())
  leaf.data.set(leaf.data.map((value, j) => value + 0.15 * Math.sin(3 * i + 7 * j)));
const rows = [
  [3, 4, 5],
  [6, 7],
  [8, 9, 10, 2, 3],
];
const batch: AdaVaeBatch<Tensor> = {
  ...sentenceTensors(rows, 6, { pad: 0, end: 1 }),
  noise: Noise.of(2).normals([3, 3]),
  gate: tensor([3], [1, 1, 0]),
  beta: scalar(0.7),
  freeBits: scalar(0),
};
let lossOf: (given: AdaVae<Tensor>) => Promise<number>;

beforeAll(async () => {
  const program = await compile(
    (p: AdaVae<JaxArray>, b: AdaVaeBatch<JaxArray>) => adaVaeLoss(p, b, sizes).loss,
    [model, batch],
  );
  lossOf = async (given) => (await program.run(given, batch)).data[0];
});

it("has the gradient that finite differences give, of every tensor", async () => {
  const step = await trainStep({
    loss: (p: AdaVae<JaxArray>, b: AdaVaeBatch<JaxArray>) => adaVaeLoss(p, b, sizes),
    params: model,
    batch,
    optimiser: { beta1: 0, beta2: 0 },
  });
  await step.run(batch, { learningRate: 0 });
  const { mean } = step.state();
  const gradients = flattenTensors(mean).leaves;
  const { leaves, shape } = flattenTensors(model);
  const paths = leafPaths(shape);
  const h = 1.5e-3;
  for (const [i, leaf] of leaves.entries()) {
    const direction = Float32Array.from(leaf.data, (_, j) => Math.cos(1 + i + 2.3 * j));
    const along = async (at: number) => {
      const kept = leaf.data.slice();
      leaf.data.set(kept.map((value, j) => value + at * direction[j]));
      const loss = await lossOf(model);
      leaf.data.set(kept);
      return loss;
    };
    // Five points, so that the error is of fourth order.
    const slope =
      (8 * ((await along(h)) - (await along(-h))) - ((await along(2 * h)) - (await along(-2 * h)))) /
      (12 * h);
    const exact = direction.reduce((sum, d, j) => sum + d * gradients[i].data[j], 0);
    expect(Math.abs(slope - exact), `${paths[i]}: ${slope} and ${exact}`).toBeLessThan(
      2e-3 + 1e-2 * Math.abs(exact),
    );
  }
});

it("is a language model without z: z changes nothing where the gate is 0", async () => {
  const program = await compile(
    (p: AdaVae<JaxArray>, ids: JaxArray, z: JaxArray, gate: JaxArray) =>
      decoderLogits(p, ids, { z, gate }, sizes),
    [model, batch.input, batch.noise, batch.gate],
  );
  const other = Noise.of(3).normals([3, 3]);
  const run = async (z: Tensor, gate: number) =>
    (await program.run(model, batch.input, z, tensor([3], [gate, gate, gate]))).data as Float32Array;
  expect(await run(batch.noise, 0)).toEqual(await run(other, 0));
  expect(await run(batch.noise, 1)).not.toEqual(await run(other, 1));
});

it("sees nothing that comes later, and nothing of padding", async () => {
  const program = await compile(
    (p: AdaVae<JaxArray>, ids: JaxArray, z: JaxArray, gate: JaxArray) =>
      decoderLogits(p, ids, { z, gate }, sizes),
    [model, batch.input, batch.noise, batch.gate],
  );
  const run = async (ids: Tensor) =>
    (await program.run(model, ids, batch.noise, batch.gate)).data as Float32Array;
  const changed = { shape: [3, 6], data: batch.input.data.map((id, i) => (i % 6 === 5 ? 7 : id)) } as Tensor;
  const [before, after] = [await run(batch.input), await run(changed)];
  for (let n = 0; n < 3; n++)
    expect(after.slice(n * 66, n * 66 + 55)).toEqual(before.slice(n * 66, n * 66 + 55));
});

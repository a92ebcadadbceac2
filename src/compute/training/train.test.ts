import { describe, expect, it } from "vitest";
import { gelu, layerNorm } from "../functions.ts";
import { np } from "../jax.ts";
import { Noise } from "../noise.ts";
import { decodeSafetensors, encodeSafetensors } from "../tensors/safetensors.ts";
import { tensor, zeros } from "../tensors/tensor.ts";
import { mapTensors } from "../tensors/tree.ts";
import { type TrainState, trainStep } from "./train.ts";

type Net = { first: np.Array; gain: np.Array; offset: np.Array; second: np.Array };
type Batch = { x: np.Array; y: np.Array };

const noise = Noise.of(3);
const init = {
  first: noise.normals([5, 8]),
  gain: tensor([8], new Array(8).fill(1)),
  offset: zeros([8]),
  second: noise.normals([8, 2]),
};
const batches = Array.from({ length: 12 }, () => ({ x: noise.normals([16, 5]), y: noise.normals([16, 2]) }));
const frozen = { scale: tensor([], [0.5]) };

const make = (device: "cpu" | "wasm" | "jaxjs" = "cpu", threads = 1) =>
  trainStep({
    loss: (params: Net, batch: Batch, fixed: { scale: np.Array }) => {
      const hidden = gelu(layerNorm(np.matmul(batch.x, params.first), params.gain, params.offset));
      const error = np.matmul(hidden, params.second).mul(fixed.scale).sub(batch.y);
      return { loss: np.mean(np.square(error)), error };
    },
    params: init,
    batch: batches[0],
    frozen,
    optimiser: { weightDecay: 0.1, clipNorm: 0.5, emaDecay: 0.9 },
    device,
    threads,
  });

async function train(step: Awaited<ReturnType<typeof make>>, from: number, to: number) {
  const losses: number[] = [];
  for (const batch of batches.slice(from, to))
    losses.push((await step.run(batch, { learningRate: 0.02 })).loss);
  return losses;
}

describe("trainStep", () => {
  it("takes the steps that AdamW, written out tensor by tensor, takes", async () => {
    type Vector = { w: np.Array; b: np.Array };
    const target = noise.normals([3, 4]);
    const step = await trainStep({
      loss: (p: Vector, batch: { t: np.Array }) => np.sum(np.square(p.w.add(p.b).sub(batch.t))).mul(0.5),
      params: { w: zeros([3, 4]), b: zeros([4]) },
      batch: { t: target },
      optimiser: { weightDecay: 0.1, clipNorm: 1 },
    });
    const [w, b] = [new Float64Array(12), new Float64Array(4)];
    const moments = new Float64Array(32);
    for (let t = 1; t <= 5; t++) {
      const gw = w.map((x, i) => x + b[i % 4] - target.data[i]);
      const gb = b.map((_, j) => gw[j] + gw[j + 4] + gw[j + 8]);
      const norm = Math.hypot(...gw, ...gb);
      const { gradientNorm } = await step.run({ t: target }, { learningRate: 0.1 });
      expect(gradientNorm).toBeCloseTo(norm, 4);
      [...gw, ...gb].forEach((raw, i) => {
        const g = raw / Math.max(1, norm);
        moments[i] = 0.9 * moments[i] + 0.1 * g;
        moments[i + 16] = 0.999 * moments[i + 16] + 0.001 * g * g;
        const move = moments[i] / (1 - 0.9 ** t) / (Math.sqrt(moments[i + 16] / (1 - 0.999 ** t)) + 1e-8);
        if (i < 12) w[i] = w[i] * (1 - 0.1 * 0.1) - 0.1 * move;
        else b[i - 12] = b[i - 12] - 0.1 * move;
      });
    }
    step.params().w.data.forEach((x, i) => {
      expect(x).toBeCloseTo(w[i], 5);
    });
    step.params().b.data.forEach((x, i) => {
      expect(x).toBeCloseTo(b[i], 5);
    });
    await step.dispose();
  });

  it("gives the same bits again, and in WebAssembly and with jax-js the same numbers", async () => {
    const [a, b, c, d] = [await make(), await make(), await make("jaxjs"), await make("wasm")];
    const [first, second] = [await train(a, 0, 12), await train(b, 0, 12)];
    expect(second).toEqual(first);
    expect(b.state()).toEqual(a.state());
    const [reference, inWasm] = [await train(c, 0, 12), await train(d, 0, 12)];
    first.forEach((loss, i) => {
      expect(loss).toBeCloseTo(reference[i], 4);
      expect(inWasm[i]).toBeCloseTo(reference[i], 4);
    });
    expect(first.at(-1)).toBeLessThan(first[0]);
  });

  it("resumes from a file to the bit", async () => {
    const [whole, before, after] = [await make(), await make(), await make()];
    await train(whole, 0, 12);
    await train(before, 0, 5);
    const file = decodeSafetensors(encodeSafetensors(before.state()));
    after.load(file.tensors as unknown as TrainState<Net>);
    await train(after, 5, 12);
    expect(after.state()).toEqual(whole.state());
    expect(after.ema()).not.toEqual(after.params());
  });

  it("keeps its parameters in place, and apart from what it handed out", async () => {
    const step = await make();
    const [live, copy] = [step.live(), step.params()];
    await train(step, 0, 1);
    expect(live).toEqual(step.params());
    expect(copy).toEqual(init);
    step.restart(copy);
    expect(step.state().count.data[0]).toBe(0);
    expect(step.ema()).toEqual(init);
  });

  it("exchanges the frozen constants without compiling again", async () => {
    const step = await make();
    const { aux, loss } = await step.run(batches[0], { learningRate: 0 });
    expect(aux.error.shape).toEqual([16, 2]);
    expect((await step.run(batches[0], { learningRate: 0 })).loss).toBe(loss);
    step.setFrozen({ scale: tensor([], [0]) });
    const still = await step.run(batches[0], { learningRate: 0 });
    const { y } = batches[0];
    expect(still.loss).toBeCloseTo(Array.from(y.data).reduce((sum, v) => sum + v * v, 0) / y.data.length, 5);
  });

  it("says what is wrong with a batch or a state", async () => {
    const step = await make();
    await expect(step.run({ ...batches[0], x: zeros([4, 5]) }, { learningRate: 0.1 })).rejects.toThrow(
      "train step: batch x: expected float32 [16,5], got float32 [4,5]",
    );
    const wrong = { ...step.state(), params: { first: init.first } } as unknown as TrainState<Net>;
    expect(() => step.load(wrong)).toThrow(/expected tensors first, gain, offset, second, got first/);
  });

  it("keeps memory flat", async () => {
    const step = await make();
    const rss = async (steps: number) => {
      for (let i = 0; i < steps; i++) await step.run(batches[i % 12], { learningRate: 0.001 });
      return process.memoryUsage().rss / 2 ** 20;
    };
    const warm = await rss(600);
    expect((await rss(600)) - warm).toBeLessThan(25);
  });

  it("leaves the initial tree alone", async () => {
    const before = mapTensors(init, ({ shape, data }) => ({ shape, data: data.slice() }));
    await train(await make(), 0, 2);
    expect(init).toEqual(before);
  });
});

import { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { encodeSafetensors, Noise, type PlainModel, type Tensor } from "../../compute/index.ts";
import { expectClose } from "../../compute/lowering/testing.ts";
import { Random } from "../../math/random.ts";
import { initBridge } from "./bridge.ts";
import { createCoder } from "./coding.ts";
import { CYCLE_SHAPE, initEmulator } from "./emulator.ts";
import { decodeRunModels, RUN_MODELS } from "./exported.ts";

const shape = { ...CYCLE_SHAPE, bins: 5, channels: 64 };
const { bins, channels, latents } = shape;
const noise = Noise.of(1, "exported");
const counts = Float32Array.from(noise.integers([2 * bins * channels], 3).data);
const states = { bins, channels, counts, written: new Float32Array(2) };
const models = {
  emulator: initEmulator(Random.of(1), shape, states),
  bridge: initBridge(Random.of(2), { sensory: 10, latents, classes: 4, hidden: 6 }),
};

async function run({ onnx }: PlainModel, inputs: Record<string, Tensor>) {
  const session = await InferenceSession.create(onnx);
  const feeds = Object.entries(inputs).map(([name, { shape, data }]) => [
    name,
    new OrtTensor("float32", data as Float32Array, shape),
  ]);
  const results = await session.run(Object.fromEntries(feeds));
  await session.release();
  return Object.fromEntries(
    Object.entries(results).map(([name, { dims, data }]) => [
      name,
      { shape: [...dims], data: data as Float32Array },
    ]),
  );
}

describe("a run's models", () => {
  it("are found again in their file, and not in another", () => {
    expect(decodeRunModels(encodeSafetensors(models))).toEqual(models);
    expect(decodeRunModels(encodeSafetensors({ emulator: models.emulator }))).toBe(null);
    expect(decodeRunModels(encodeSafetensors({ counts: noise.normals([2]) }))).toBe(null);
  });

  it("encode and decode outside as they do here", async () => {
    const coder = await createCoder(shape, models.emulator, "cpu");
    const { state } = await coder.encode(models.emulator, states);
    const seen = { shape: [2, bins], data: new Float32Array(2 * bins).fill(1) };
    const { patches } = await run(RUN_MODELS["encode"](models, 2), {
      counts: { shape: [2, bins, channels], data: counts },
      seen,
    });
    expectClose(patches!, { shape: [2, latents], data: state }, 1e-4);
    const decoded = await run(RUN_MODELS["decode"](models, 2), { patches: patches! });
    const data = await coder.decode(models.emulator, state);
    expectClose(decoded["counts"], { shape: [2, bins, channels], data }, 1e-4);
    await coder.dispose();
  });

  it("give the bridge's readings, and a next patch that the noise decides", async () => {
    const patches = noise.normals([3, latents]);
    const { probabilities } = await run(RUN_MODELS["bridge-decode"](models, 3), { patches });
    for (let n = 0; n < 3; n++) {
      const row = probabilities!.data.subarray(4 * n, 4 * n + 4);
      expect(row.reduce((sum: number, p: number) => sum + p, 0)).toBeCloseTo(1, 5);
    }
    const sensory = await run(RUN_MODELS["bridge-encode"](models, 1), { datum: noise.uniforms([1, 10]) });
    expect(sensory["patches"].shape).toEqual([1, latents]);
    const next = RUN_MODELS["next"](models, 1);
    const context = noise.normals(next.inputs[0].shape);
    const written = { shape: [1, 1], data: Float32Array.of(1) };
    const draw = async (seed: number) =>
      (await run(next, { context, written, noise: Noise.of(seed).normals([1, latents]) }))["patches"];
    expect(await draw(1)).toEqual(await draw(1));
    expect(await draw(1)).not.toEqual(await draw(2));
  });
});

import { spawnSync } from "node:child_process";
import { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { attention, gelu, layerNorm } from "../functions.ts";
import { type Array as JaxArray, np } from "../jax.ts";
import { expectClose } from "../lowering/testing.ts";
import { Noise } from "../noise.ts";
import { tensor } from "../tensors/tensor.ts";
import { compile } from "./compile.ts";
import { type PlainModel, plainModel } from "./export.ts";

type Weights = { mix: JaxArray; gain: JaxArray; offset: JaxArray };
type Inputs = { query: JaxArray; memory: JaxArray };

const noise = Noise.of(1, "export");
const weights = { mix: noise.normals([6, 4]), gain: noise.normals([6]), offset: noise.normals([6]) };
const inputs = { query: noise.normals([2, 3, 2, 3]), memory: noise.normals([2, 5, 2, 3]) };

const model = (p: Weights, { query, memory }: Inputs) => {
  const mixed = attention(query, memory, memory).reshape([2, 3, 6]);
  const hidden = gelu(layerNorm(mixed, p.gain, p.offset));
  const product = np.einsum("nto,io->tni", np.matmul(hidden, p.mix), p.mix.mul(-0.5));
  return { out: product, parts: [np.max(hidden, 2), np.clip(mixed, -0.2, 0.2)] };
};

async function run({ onnx, outputs }: PlainModel, feeds: typeof inputs) {
  const session = await InferenceSession.create(onnx);
  const given = Object.entries(feeds).map(([name, { shape, data }]) => [
    name,
    new OrtTensor("float32", data as Float32Array, shape),
  ]);
  const results = await session.run(Object.fromEntries(given));
  await session.release();
  return outputs.map(({ name, shape }) => tensor(shape, results[name].data as Float32Array));
}

describe("a plain model", () => {
  const plain = plainModel(model, weights, inputs);

  it("has its weights inside and names what goes in and comes out", () => {
    expect(plain.inputs).toEqual([
      { name: "query", shape: [2, 3, 2, 3] },
      { name: "memory", shape: [2, 5, 2, 3] },
    ]);
    expect(plain.outputs.map(({ name }) => name)).toEqual(["out", "parts.0", "parts.1"]);
  });

  it("computes what the compiled function does", async () => {
    const program = await compile(model, [weights, inputs]);
    const { out, parts } = await program.run(weights, inputs);
    await program.dispose();
    const got = await run(plain, inputs);
    [out, ...parts].forEach((want, i) => {
      expectClose(got[i], want, 1e-5);
    });
  });

  it("is ONNX of operator set 17 and nothing else", () => {
    expect(new TextDecoder("latin1").decode(plain.onnx)).not.toContain("com.microsoft");
  });

  const python = spawnSync("/usr/bin/python3", ["-c", "import onnx"]).status === 0;
  it.skipIf(!python)("passes ONNX's own checker, with its shapes inferred (needs python3-onnx)", () => {
    const check =
      "import onnx, sys; m = onnx.load_from_string(sys.stdin.buffer.read()); onnx.checker.check_model(m, full_check=True); print(m.opset_import[0].version)";
    const { stdout, stderr } = spawnSync("/usr/bin/python3", ["-c", check], { input: plain.onnx });
    expect(stderr.toString()).toBe("");
    expect(stdout.toString().trim()).toBe("17");
  });
});

import { describe, expect, it } from "vitest";
import { np } from "../jax.ts";
import { tensor, zeros } from "../tensors/tensor.ts";
import { compile } from "./compile.ts";

type Params = { layers: { w: np.Array }[] };
const example: [{ layers: { w: ReturnType<typeof zeros> }[] }, ReturnType<typeof zeros>] = [
  { layers: [{ w: zeros([2, 3]) }, { w: zeros([3]) }] },
  zeros([4, 2]),
];
const chain = (params: Params, x: np.Array) => {
  const hidden = np.matmul(x, params.layers[0].w);
  return { hidden, out: [np.matmul(hidden, params.layers[1].w)] };
};

describe("compile", () => {
  it("keeps the trees of arguments and results", async () => {
    const program = await compile(chain, example);
    const layers = [{ w: tensor([2, 3], [1, 2, 3, 4, 5, 6]) }, { w: tensor([3], [1, 0, -1]) }];
    const { hidden, out } = await program.run({ layers }, tensor([4, 2], [1, 0, 0, 1, 1, 1, 2, 0]));
    expect(hidden).toEqual(tensor([4, 3], [1, 2, 3, 4, 5, 6, 5, 7, 9, 2, 4, 6]));
    expect(out).toEqual([tensor([4], [-2, -2, -4, -4])]);
    await program.dispose();
  });

  it("uses closed-over constants, and an array many times without `.ref`", async () => {
    const table = np.array([
      [1, 2],
      [3, 4],
    ]);
    const fn = (x: np.Array) => x.add(table).add(x).add(table).mul(x);
    for (const device of ["cpu", "wasm", "jaxjs"] as const) {
      const program = await compile(fn, [zeros([2, 2])], { device });
      const first = await program.run(tensor([2, 2], [1, 1, 1, 2]));
      expect(first).toEqual(tensor([2, 2], [4, 6, 8, 24]));
      expect(await program.run(tensor([2, 2], [1, 1, 1, 2]))).toEqual(first);
    }
  });

  it("says which argument does not fit", async () => {
    const program = await compile(chain, example);
    await expect(program.run(example[0], zeros([4, 3]))).rejects.toThrow(
      "program: argument 1: expected float32 [4,2], got float32 [4,3]",
    );
  });

  it.each(["cuda", "webgpu"] as const)("runs on %s, or says what it needs", async (device) => {
    const outcome = await compile(chain, example, { device }).then(
      async (program) => (await program.run(...example)).hidden,
      (error: Error) => error.message,
    );
    if (typeof outcome === "string")
      expect(outcome).toContain(`the device "${device}" is not there: it needs`);
    else expect(outcome).toEqual(zeros([4, 3]));
  });
});

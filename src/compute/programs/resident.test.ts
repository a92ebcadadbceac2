import { expect, it } from "vitest";
import { layerNorm } from "../functions.ts";
import { type Array as JaxArray, np } from "../jax.ts";
import { expectClose } from "../lowering/testing.ts";
import { Noise } from "../noise.ts";
import { tensor, zeros } from "../tensors/tensor.ts";
import { residentProgram } from "./resident.ts";

type Weights = { mix: JaxArray; gain: JaxArray };
const noise = Noise.of(1, "resident");
const weights = { mix: noise.normals([3, 4]), gain: noise.normals([4]) };
const model = (p: Weights, { x }: { x: JaxArray }) => {
  const hidden = np.matmul(x, p.mix);
  return { hidden, normal: [layerNorm(hidden, p.gain, p.gain)] };
};

it("writes every answer to the same place, on every executor the same", async () => {
  const programs = [];
  for (const device of ["cpu", "wasm", "jaxjs"] as const)
    programs.push(await residentProgram(model, weights, { x: zeros([2, 3]) }, { device }));
  const [native, , reference] = programs;
  const { hidden, normal } = native.outputs;
  for (const x of [tensor([2, 3], [1, 0, 0, 0, 1, 0]), noise.normals([2, 3])]) {
    for (const program of programs) {
      program.inputs.x.data.set(x.data);
      await program.run();
    }
    expectClose(hidden, reference.outputs.hidden, 1e-6);
    expectClose(normal[0], reference.outputs.normal[0], 1e-5);
  }
  expect(native.outputs.hidden.data).toBe(hidden.data);
  native.inputs.x.data.set([1, 0, 0, 0, 1, 0]);
  await native.run();
  expect([...hidden.data]).toEqual([...weights.mix.data.slice(0, 8)]);
  for (const program of programs) await program.dispose();
});

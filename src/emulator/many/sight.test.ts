import { expect, it } from "vitest";
import { compile, tensor } from "../../compute/index.ts";
import type { Array as JaxArray } from "../../compute/jax.ts";
import { Random } from "../../math/random.ts";
import type { Sight } from "../contract.ts";
import { initDynamics, type JointDynamics, jointFlow } from "./dynamics.ts";
import { JOINT_DEFAULTS, type JointShape } from "./shape.ts";

const N = 3;
const P = 5;
const shapeOf = (sight: Sight): JointShape => ({
  ...JOINT_DEFAULTS,
  latents: 4,
  width: 8,
  heads: 2,
  hidden: 8,
  rank: 2,
  brains: N,
  bins: 5,
  channels: 64,
  places: P,
  classes: 3,
  sight,
});

/** `[i][j]`: whether what brain i is predicted to do changes with what brain j was given. */
async function influence(sight: Sight): Promise<boolean[][]> {
  const shape = shapeOf(sight);
  const random = Random.of(3, "sight");
  const width = shape.latents + P;
  const ones = (value: number) => tensor([N, 1], new Float32Array(N).fill(value));
  const parameters = initDynamics(random.split("init"), shape);
  const noise = tensor([N, shape.latents], random.normals(N * shape.latents));
  const program = await compile(
    (p: JointDynamics<JaxArray>, context: JaxArray, noisy: JaxArray, [zero, one]: JaxArray[]) =>
      jointFlow(p, shape)(noisy, context, { time: zero, step: one, written: one }),
    [parameters, tensor([N, width], new Float32Array(N * width)), noise, [ones(0), ones(1)]],
  );
  const base = random.normals(N * width);
  const run = async (context: Float32Array) =>
    (await program.run(parameters, tensor([N, width], context), noise, [ones(0), ones(1)])).data;
  const before = await run(base);
  const out = Array.from({ length: N }, () => new Array<boolean>(N).fill(false));
  for (let j = 0; j < N; j++) {
    const after = await run(base.map((value, i) => (Math.floor(i / width) === j ? value + 1 : value)));
    for (let i = 0; i < N; i++)
      for (let z = 0; z < shape.latents; z++)
        if (Math.abs(after[i * shape.latents + z] - before[i * shape.latents + z]) > 1e-5) out[i][j] = true;
  }
  await program.dispose();
  return out;
}

it.each([
  ["all", () => true],
  ["others", (i: number, j: number) => i !== j],
  ["self", (i: number, j: number) => i === j],
] as const)("with sight of %s a brain is predicted from just those", async (sight, sees) => {
  const expected = Array.from({ length: N }, (_, i) => Array.from({ length: N }, (_, j) => sees(i, j)));
  expect(await influence(sight)).toEqual(expected);
});

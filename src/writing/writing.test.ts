import { expect, it } from "vitest";
import { compile, tensor, zeros } from "../compute/index.ts";
import type { Array as JaxArray } from "../compute/jax.ts";
import { choleskySolve } from "../math/linear.ts";
import { Random } from "../math/random.ts";
import { writingConfig } from "./config.ts";
import { type Density, densityOf, logDensity, PARTS } from "./models/density.ts";
import { Tally } from "./tally.ts";
import { orderOf } from "./teaching.ts";
import { yoked } from "./unit.ts";

it("is as dense as a mixture summed part by part, but for a constant", async () => {
  const random = Random.of(1);
  const [Z, J, N] = [3, 4, 5];
  const means = random.normals(J * Z);
  const residuals = random.normals(60 * Z).map((value, i) => value * (1 + (i % Z)));
  const points = random.normals(N * Z).map((value) => 2 * value);
  const density = densityOf(means, residuals, Z);
  const program = await compile(
    (d: Density<JaxArray>, x: JaxArray) => logDensity(d, x),
    [density, zeros([N, Z])],
  );
  const { data } = await program.run(density, tensor([N, Z], points));
  await program.dispose();
  const covariance = Array.from({ length: Z * Z }, (_, at) => {
    let sum = at % (Z + 1) === 0 ? 0.05 : 0;
    for (let n = 0; n < 60; n++)
      sum += (residuals[n * Z + Math.floor(at / Z)] * residuals[n * Z + (at % Z)]) / 60;
    return sum;
  });
  for (let n = 0; n < N; n++) {
    let mixture = 0;
    for (let j = 0; j < J; j++) {
      const apart = Array.from({ length: Z }, (_, i) => points[n * Z + i] - means[j * Z + i]);
      const solved = choleskySolve(covariance, apart);
      mixture += Math.exp(-0.5 * apart.reduce((sum, value, i) => sum + value * solved[i], 0));
    }
    expect(data[n]).toBeCloseTo(Math.log((mixture * PARTS) / J), 3);
  }
});

it("gives every context what was written for another, and all of it", async () => {
  const config = writingConfig.parse({ pairs: 3, presentations: 12 });
  const order = orderOf(config, 7);
  const writes = order.map((pair, i) => [pair, i]);
  const given: (readonly number[] | null)[] = [];
  const writer = yoked(writes, order, 3);
  for (const [i, pair] of order.entries()) {
    const write = await writer(i, pair);
    expect(write?.[0]).toBe((pair + 1) % 3);
    given.push(write);
  }
  const sorted = (rows: readonly (readonly number[] | null)[]) => rows.map(String).sort();
  expect(sorted(given)).toEqual(sorted(writes));
});

it("ranks a target among the others as counting those that are nearer does", () => {
  const random = Random.of(4);
  const string = () => ({ text: "", latent: new Float32Array(1), program: random.normals(4) });
  const [target, others] = [string(), Array.from({ length: 49 }, string)];
  const said = random.normals(4);
  const tally = new Tally([target], others);
  tally.add(0, said);
  tally.add(0, target.program);
  const angle = (a: ArrayLike<number>) => {
    let dot = 0;
    for (let i = 0; i < 4; i++) dot += a[i] * said[i];
    return Math.acos(dot / Math.hypot(...Array.from(a)) / Math.hypot(...said));
  };
  const rank = 1 + others.filter(({ program }) => angle(program) < angle(target.program)).length;
  const measured = tally.measured();
  expect(measured.rank).toBeCloseTo((rank + 1) / 2, 9);
  expect(measured.cosine).toBeCloseTo((Math.cos(angle(target.program)) + 1) / 2, 5);
  expect(measured.top1).toBe(rank === 1 ? 1 : 0.5);
});

it("names the arms that go with descent", () => {
  expect(writingConfig.safeParse({ arms: ["hand", "sham"] }).success).toBe(true);
  expect(writingConfig.safeParse({ arms: ["yoked"] }).error?.issues[0].message).toContain("go with descent");
});

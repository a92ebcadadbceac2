import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compile, type Tensor, tensor, trainStep, zeros } from "../../compute/index.ts";
import type { Array as JaxArray } from "../../compute/jax.ts";
import { Random } from "../../math/random.ts";
import { train } from "../../networks/train.ts";
import {
  type Dynamics,
  type DynamicsBatch,
  type FlowCondition,
  flowError,
  flowLoss,
  flowOf,
  initDynamics,
  sample,
} from "./dynamics.ts";

const shape = { latents: 2, context: 2, width: 16, heads: 2, blocks: 1 };
const { latents: Z, context: K } = shape;
const uniforms = (random: Random, n: number) => Float32Array.from({ length: n }, () => random.uniform());

describe("flowLoss", () => {
  it("is the sum of its three terms, worked out item by item", async () => {
    const random = Random.of(3, "loss");
    const N = 6;
    const parameters = initDynamics(random, shape);
    const batch = {
      patch: tensor([N, Z], random.normals(N * Z)),
      context: tensor([N, K, Z], random.normals(N * K * Z)),
      written: tensor([N, 1], [0, 1, 1, 0, 1, 0]),
      noise: tensor([N, Z], random.normals(N * Z)),
      time: tensor([N, 1], [0.2, 0.9, 0.6, 0.4, 0.1, 0.7]),
    };
    const whole = await compile(
      (p: Dynamics<JaxArray>, b: DynamicsBatch<JaxArray>) => flowLoss(flowOf(p, shape), b),
      [parameters, batch],
    );
    const one = await compile(
      (p: Dynamics<JaxArray>, z: JaxArray, c: JaxArray, condition: Record<keyof FlowCondition, JaxArray>) =>
        flowOf(p, shape)(z, c, condition),
      [
        parameters,
        zeros([1, Z]),
        zeros([1, K, Z]),
        { time: zeros([1, 1]), step: zeros([1, 1]), written: zeros([1, 1]) },
      ],
    );

    const row = ({ data }: Tensor, n: number, width: number) => [...data.slice(n * width, (n + 1) * width)];
    const scalar = (value: number) => tensor([1, 1], [value]);
    const v = async (n: number, z: number[], time: number, step: number) => {
      const context = tensor([1, K, Z], row(batch.context, n, K * Z));
      const written = scalar(batch.written.data[n]);
      const condition = { time: scalar(time), step: scalar(step), written };
      return [...(await one.run(parameters, tensor([1, Z], z), context, condition)).data];
    };
    const plus = (a: number[], b: number[], by = 1) => a.map((value, i) => value + by * b[i]);
    const mean = (a: number[], b: number[]) => a.map((value, i) => (value + b[i]) / 2);
    const error = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0) / Z;
    const path = (n: number, time: number) =>
      plus(
        row(batch.noise, n, Z).map((value) => value * (1 - time)),
        row(batch.patch, n, Z),
        time,
      );

    let [flow, half, full] = [0, 0, 0];
    for (let n = 0; n < N; n++) {
      const time = batch.time.data[n];
      const straight = plus(row(batch.patch, n, Z), row(batch.noise, n, Z), -1);
      flow += error(await v(n, path(n, time), time, 0), straight) / N;
      if (n >= N / 2) continue;
      // Half a step equals two quarters of the instantaneous flow ...
      const start = time < 0.5 ? 0 : 0.5;
      const begin = path(n, start);
      const first = await v(n, begin, start, 0);
      const second = await v(n, plus(begin, first, 0.25), start + 0.25, 0);
      half += error(await v(n, begin, start, 0.5), mean(first, second)) / (N / 2);
      // ... and a whole one two halves.
      const noise = row(batch.noise, n, Z);
      const early = await v(n, noise, 0, 0.5);
      const late = await v(n, plus(noise, early, 0.5), 0.5, 0.5);
      full += error(await v(n, noise, 0, 1), mean(early, late)) / (N / 2);
    }
    const { data } = await whole.run(parameters, batch);
    expect(data[0]).toBeCloseTo(flow + half + full, 4);
    await whole.dispose();
    await one.dispose();
  });
});

/**
 * A planted world. The context's last patch says right (+1) or left (-1). Left alone the next patch is on that side,
 * above or below with equal chance; written to, it is on the other side, above.
 */
describe("dynamics fitted on a planted distribution", () => {
  const SPREAD = 0.1;
  const draw = (random: Random, n: number) => {
    const context = new Float32Array(n * K * Z);
    const written = new Float32Array(n);
    const patch = new Float32Array(n * Z);
    for (let i = 0; i < n; i++) {
      const side = random.uniform() < 0.5 ? 1 : -1;
      context.set([random.normal(), random.normal(), side, 0], i * K * Z);
      written[i] = random.integer(2);
      const height = written[i] === 1 || random.uniform() < 0.5 ? 1 : -1;
      const x = written[i] === 1 ? -side : side;
      patch.set([1.5 * x + SPREAD * random.normal(), height + SPREAD * random.normal()], i * Z);
    }
    return {
      patch: tensor([n, Z], patch),
      context: tensor([n, K, Z], context),
      written: tensor([n, 1], written),
      noise: tensor([n, Z], random.normals(n * Z)),
      time: tensor([n, 1], uniforms(random, n)),
    };
  };

  const N = 256;
  const disposals: (() => Promise<void>)[] = [];
  let fitted: Dynamics<Tensor>;
  beforeAll(async () => {
    const random = Random.of(8, "planted");
    const step = await trainStep({
      loss: (p: Dynamics<JaxArray>, b: DynamicsBatch<JaxArray>) => flowLoss(flowOf(p, shape), b),
      params: initDynamics(random.split("init"), shape),
      batch: draw(random, 64),
      optimiser: { clipNorm: 5 },
    });
    await train(700, 1e-2, (learningRate) => step.run(draw(random, 64), { learningRate }));
    fitted = step.params();
    await step.dispose();
  });
  afterAll(async () => {
    for (const dispose of disposals) await dispose();
  });

  for (const steps of [1, 2] as const)
    it(`draws from it in ${steps} step${steps > 1 ? "s" : ""}, by what the context and the write say`, async () => {
      const program = await compile(
        (p: Dynamics<JaxArray>, noise: JaxArray, context: JaxArray, written: JaxArray) =>
          sample(flowOf(p, shape), { noise, context, written }, steps),
        [fitted, zeros([N, Z]), zeros([N, K, Z]), zeros([N, 1])],
      );
      disposals.push(() => program.dispose());
      for (const written of [0, 1])
        for (const side of [1, -1]) {
          const random = Random.of(9, "draw", written, side);
          const context = new Float32Array(N * K * Z);
          for (let i = 0; i < N; i++) context.set([random.normal(), random.normal(), side, 0], i * K * Z);
          const { data } = await program.run(
            fitted,
            tensor([N, Z], random.normals(N * Z)),
            tensor([N, K, Z], context),
            tensor([N, 1], new Float32Array(N).fill(written)),
          );
          const x = Array.from({ length: N }, (_, i) => data[i * Z]);
          const y = Array.from({ length: N }, (_, i) => data[i * Z + 1]);
          const about = `written ${written}, side ${side}`;
          const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
          const spread = (values: number[]) => Math.sqrt(mean(values.map((v) => (v - mean(values)) ** 2)));
          expect(Math.abs(mean(x) - (written === 1 ? -1.5 : 1.5) * side), about).toBeLessThan(0.2);
          expect(spread(x), about).toBeLessThan(0.4);
          const above = y.filter((value) => value > 0).length / N;
          if (written === 1) {
            expect(Math.abs(mean(y) - 1), about).toBeLessThan(0.2);
            expect(spread(y), about).toBeLessThan(0.4);
          } else {
            expect(Math.abs(above - 0.5), about).toBeLessThan(0.15);
            const near = y.filter((value) => Math.abs(Math.abs(value) - 1) < 0.5).length / N;
            expect(near, about).toBeGreaterThan(0.75);
          }
        }
    });

  it("has a flow matching error that is lowest where data are", async () => {
    const program = await compile(
      (p: Dynamics<JaxArray>, batch: DynamicsBatch<JaxArray>) => flowError(flowOf(p, shape), batch),
      [fitted, draw(Random.of(1), N)],
    );
    disposals.push(() => program.dispose());
    const random = Random.of(10, "density");
    const batch = draw(random, N);
    const mean = async (change: (value: number, i: number) => number) => {
      const patch = tensor([N, Z], (batch.patch.data as Float32Array).map(change));
      const error = [...(await program.run(fitted, { ...batch, patch })).data];
      return error.reduce((sum, value) => sum + value, 0) / error.length;
    };
    const on = await mean((value) => value);
    expect(await mean(() => 0), "between the modes").toBeGreaterThan(1.3 * on);
    expect(await mean((value, i) => (i % Z === 0 ? -value : value)), "on the wrong side").toBeGreaterThan(
      1.5 * on,
    );
    expect(await mean((value) => 2.5 * value), "far out").toBeGreaterThan(1.5 * on);
  });
});

/** Programs in worker threads, through the built package: a worker has no loader of TypeScript. */
import { existsSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { expect, it } from "vitest";

const built = new URL("../../dist/src/compute/index.js", import.meta.url);

const WORKER = `
const { parentPort, workerData } = require("node:worker_threads");
(async () => {
  const { Noise, trainStep, zeros } = await import(workerData.built);
  const { np } = await import(workerData.built.replace("index.js", "jax.js"));
  const noise = Noise.of(workerData.seed);
  const batch = { x: noise.normals([8, 5]), y: noise.normals([8, 3]) };
  const step = await trainStep({
    loss: (p, { x, y }) => np.mean(np.square(np.matmul(x, p.w).sub(y))),
    params: { w: zeros([5, 3]) },
    batch,
    optimiser: { emaDecay: 0.9 },
  });
  const losses = [];
  for (let i = 0; i < 20; i++) losses.push((await step.run(batch, { learningRate: 0.05 })).loss);
  parentPort.postMessage({ losses, params: step.params() });
  await step.dispose();
})();
`;

function train(seed: number): Promise<{ losses: number[]; params: unknown }> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(WORKER, { eval: true, workerData: { built: built.href, seed } });
    worker.once("message", resolve).once("error", reject);
  });
}

it.skipIf(!existsSync(built))(
  "train in threads side by side, with the bits of a thread alone",
  async () => {
    const [first, other, same] = await Promise.all([train(1), train(2), train(1)]);
    expect(first.losses.at(-1)).toBeLessThan(first.losses[0]);
    expect(same).toEqual(first);
    expect(other.losses).not.toEqual(first.losses);
    expect(await train(1)).toEqual(first);
  },
  120_000,
);

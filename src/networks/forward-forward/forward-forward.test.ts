import { describe, expect, it } from "vitest";
import { Random } from "../../math/random.ts";
import { createBackpropagation } from "./backpropagation.ts";
import { createForwardForward } from "./forward-forward.ts";
import { denseLayers, emulatorLayers } from "./local.ts";
import type { LayeredTrainer, Rows } from "./trainer.ts";

const [D, K] = [10, 3];
const [FORWARD_RATE, BACKWARD_RATE] = [1e-2, 3e-3];

/** Three classes of two clusters each, opposite each other: no linear readout of the inputs tells them apart. */
function puzzle(count: number, random: Random): Rows {
  const centres = Random.of(4, "centres").normals(K * D);
  const inputs = new Float32Array(count * D);
  const labels = new Int32Array(count);
  for (let n = 0; n < count; n++) {
    labels[n] = random.integer(K);
    const side = random.uniform() < 0.5 ? -1 : 1;
    for (let d = 0; d < D; d++) inputs[n * D + d] = side * centres[labels[n] * D + d] + 0.3 * random.normal();
  }
  return { inputs, labels };
}

async function accuracyAfter(trainer: LayeredTrainer, steps: number, learningRate: number): Promise<number> {
  const random = Random.of(1, "puzzle");
  const rows = puzzle(600, random);
  for (let step = 0; step < steps; step++) await trainer.step(rows, random, learningRate);
  const test = puzzle(300, random);
  const scores = await trainer.scores(test.inputs);
  let right = 0;
  for (let n = 0; n < 300; n++) {
    const row = [...scores.subarray(n * K, (n + 1) * K)];
    if (row.indexOf(Math.max(...row)) === test.labels[n]) right++;
  }
  return right / 300;
}

describe("layers trained without a backward pass", () => {
  const dense = (...widths: number[]) => ({
    inputs: D,
    classes: K,
    batch: 32,
    layers: (labels: number) => denseLayers(D + labels, widths),
  });
  const shape = dense(64, 64);

  for (const negatives of ["random", "dreamt"] as const)
    it(`learn what no linear readout can, with ${negatives} negatives`, async () => {
      const trainer = await createForwardForward(shape, Random.of(2), negatives);
      expect(await accuracyAfter(trainer, 600, FORWARD_RATE)).toBeGreaterThan(0.75);
      await trainer.dispose();
    });

  it("learn each by itself: what a first layer learns does not depend on a second", async () => {
    const weights: Float32Array[] = [];
    for (const widths of [[64], [64, 64]]) {
      const trainer = await createForwardForward(dense(...widths), Random.of(2), "random");
      const random = Random.of(3);
      const rows = puzzle(100, random);
      for (let step = 0; step < 5; step++) await trainer.step(rows, random, FORWARD_RATE);
      weights.push((trainer.parameters()[0].dense!.weight.data as Float32Array).slice());
      await trainer.dispose();
    }
    expect(weights[1]).toEqual(weights[0]);
  });

  it("stand beside backpropagation through the same layers", async () => {
    const trainer = await createBackpropagation(shape, Random.of(2));
    expect(await accuracyAfter(trainer, 300, BACKWARD_RATE)).toBeGreaterThan(0.9);
    await trainer.dispose();
  });

  it("may be the emulator's blocks and the bridge's hidden layer", async () => {
    const blocks = {
      inputs: D,
      classes: K,
      batch: 32,
      layers: (labels: number) =>
        emulatorLayers({ bins: 2, channels: D / 2, width: 16, heads: 2, blocks: 2, hidden: 32 }, labels),
    };
    for (const [trainer, learningRate] of [
      [await createForwardForward(blocks, Random.of(2), "random"), FORWARD_RATE],
      [await createBackpropagation(blocks, Random.of(2)), BACKWARD_RATE],
    ] as const) {
      expect(await accuracyAfter(trainer, 400, learningRate)).toBeGreaterThan(0.7);
      await trainer.dispose();
    }
  });
});

import { describe, expect, it } from "vitest";
import { np } from "./jax.ts";
import { tensor } from "./tensor.ts";
import { trainStep } from "./train.ts";

type Line = { slope: np.Array; offset: np.Array };

describe("trainStep", () => {
  it("fits a line", async () => {
    const step = await trainStep({
      loss: (params: Line, batch: { x: np.Array; y: np.Array }) => {
        const error = batch.x.mul(params.slope).add(params.offset).sub(batch.y);
        return { loss: np.mean(error.mul(error)), error };
      },
      params: { slope: tensor([], [0]), offset: tensor([], [0]) },
      batch: { x: tensor([4], [0, 1, 2, 3]), y: tensor([4], [1, 3, 5, 7]) },
      device: "jaxjs",
    });
    let loss = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 300; i++) {
      const batch = { x: tensor([4], [0, 1, 2, 3]), y: tensor([4], [1, 3, 5, 7]) };
      ({ loss } = await step.run(batch, { learningRate: 0.1 }));
    }
    expect(loss).toBeLessThan(1e-3);
    expect(step.params().slope.data[0]).toBeCloseTo(2, 1);
  });
});

import { expect, test } from "vitest";
import { drawPoisson } from "../../math/poisson.ts";
import { Random } from "../../math/random.ts";
import { dampedPoissonRegression } from "./poisson-regression.ts";

test("Poisson regression finds the coefficients that made the counts", () => {
  const random = Random.of(5, "regression");
  const features = Array.from({ length: 20_000 }, () => [1, random.integer(3), random.integer(2)]);
  const truth = [0.3, -0.4, 0.5];
  const counts = features.map((x) =>
    drawPoisson(random, Math.exp(-1 + x.reduce((sum, value, i) => sum + value * truth[i], 0))),
  );
  const [rows, all] = [Float64Array.from(features.flat()), Float64Array.from(counts)];
  for (const offset of [-1, new Float64Array(counts.length).fill(-1)]) {
    const found = dampedPoissonRegression({ features: rows, counts: all, offset }, 1);
    truth.forEach((value, i) => {
      expect(Math.abs(found[i] - value)).toBeLessThan(0.05);
    });
  }
});

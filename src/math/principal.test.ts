import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { principalAxes, project, symmetricEigen } from "./principal.ts";
import { Random } from "./random.ts";

describe("symmetricEigen", () => {
  it("solves A v = lambda v with orthonormal v", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.integer(), (n, seed) => {
        const random = Random.of(seed);
        const half = Array.from({ length: n * n }, () => random.normal());
        const a = half.map((x, i) => x + half[(i % n) * n + Math.floor(i / n)]);
        const { values, vectors } = symmetricEigen(a, n);
        vectors.forEach((v, k) => {
          for (let i = 0; i < n; i++) {
            let sum = 0;
            for (let j = 0; j < n; j++) sum += a[i * n + j] * v[j];
            expect(sum).toBeCloseTo(values[k] * v[i], 8);
          }
          vectors.forEach((w, l) => {
            expect(v.reduce((s, x, i) => s + x * w[i], 0)).toBeCloseTo(k === l ? 1 : 0, 9);
          });
        });
      }),
    );
  });
});

describe("principalAxes", () => {
  it("finds the long axis of an ellipse and its share of the variance", () => {
    const points = new Float32Array([3, 3, -3, -3, 1, -1, -1, 1]);
    const { mean, axes, explained } = principalAxes(points, 2, 2);
    expect(explained[0]).toBeCloseTo(0.9, 6);
    expect(Math.abs(project([1, 1], mean, axes)[0])).toBeCloseTo(Math.SQRT2, 6);
    expect(project([1, 1], mean, axes)[1]).toBeCloseTo(0, 6);
  });
});

import { expect, test } from "vitest";
import { applyLinear, choleskySolve, fitRidge } from "./linear.ts";
import { Random } from "./random.ts";

test("choleskySolve solves what it is given", () => {
  const random = Random.of(1);
  const n = 6;
  const root = random.normals(n * n);
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      for (let k = 0; k < n; k++) a[i * n + j] += root[i * n + k] * root[j * n + k] + (i === j ? 0.1 : 0);
  const b = random.normals(n);
  const x = choleskySolve(a, b);
  for (let i = 0; i < n; i++) {
    const product = x.reduce((sum, value, j) => sum + a[i * n + j] * value, 0);
    expect(product).toBeCloseTo(b[i], 9);
  }
  expect(() => choleskySolve([1, 2, 2, 1], [1, 1])).toThrow("not positive definite at row 1");
});

test("fitRidge finds an exact line without a ridge", () => {
  const inputs = [...Random.of(2).normals(60)];
  const targets = Array.from({ length: 20 }, (_, t) => 3 - 2 * inputs[3 * t] + 0.5 * inputs[3 * t + 2]);
  const fit = fitRidge(inputs, targets, 0);
  expect(fit.intercept).toBeCloseTo(3, 10);
  [-2, 0, 0.5].forEach((weight, j) => {
    expect(fit.weights[j]).toBeCloseTo(weight, 10);
  });
  applyLinear(fit, inputs).forEach((value, t) => {
    expect(value).toBeCloseTo(targets[t], 10);
  });
});

test("fitRidge minimises its own loss: every small step away is worse", () => {
  const random = Random.of(3);
  const [T, D, ridge] = [40, 3, 0.2];
  const inputs = random.normals(T * D);
  const targets = random.normals(T);
  const fit = fitRidge(inputs, targets, ridge);
  const loss = (weights: Float64Array, intercept: number) => {
    let sum = 0;
    for (let t = 0; t < T; t++) sum += (targets[t] - applyLinear({ weights, intercept }, inputs)[t]) ** 2;
    for (let j = 0; j < D; j++) {
      const column = Array.from({ length: T }, (_, t) => inputs[t * D + j]);
      const centre = column.reduce((a, b) => a + b) / T;
      sum += ridge * weights[j] ** 2 * column.reduce((a, x) => a + (x - centre) ** 2, 0);
    }
    return sum;
  };
  const best = loss(fit.weights, fit.intercept);
  for (const step of [-0.01, 0.01]) {
    expect(loss(fit.weights, fit.intercept + step)).toBeGreaterThan(best);
    for (let j = 0; j < D; j++) {
      const moved = fit.weights.slice();
      moved[j] += step;
      expect(loss(moved, fit.intercept)).toBeGreaterThan(best);
    }
  }
});

test("a constant input is given no weight; a table with ragged rows is refused", () => {
  const fit = fitRidge([1, 7, 2, 7, 3, 7], [2, 4, 6], 0);
  expect(fit.weights[0]).toBeCloseTo(2, 12);
  expect(fit.weights[1]).toBe(0);
  expect(() => fitRidge([1, 2, 3], [1, 2], 0)).toThrow("no whole number of columns");
});

import { expect, test } from "vitest";
import { choleskySolve } from "../../../math/linear.ts";
import { Random } from "../../../math/random.ts";
import { minimiseColumns } from "./lbfgs.ts";

const [P, O] = [6, 5];

test("finds the minimum of every column's quadratic, which linear equations give", async () => {
  const random = Random.of(1, "quadratic");
  // Column o minimises x' A x / 2 - b . x, A of a condition that grows with o.
  const problems = Array.from({ length: O }, (_, o) => {
    const factors = random.normals(P * P);
    const a = Array.from({ length: P * P }, (_, i) => {
      const [r, c] = [Math.floor(i / P), i % P];
      let sum = r === c ? 0.1 * 10 ** -o : 0;
      for (let k = 0; k < P; k++) sum += factors[r * P + k] * factors[c * P + k];
      return sum;
    });
    return { a, b: random.normals(P) };
  });
  const evaluate = async (at: Float64Array) => {
    const values = new Float64Array(O);
    const gradient = new Float64Array(P * O);
    problems.forEach(({ a, b }, o) => {
      for (let r = 0; r < P; r++) {
        let product = 0;
        for (let c = 0; c < P; c++) product += a[r * P + c] * at[c * O + o];
        gradient[r * O + o] = product - b[r];
        values[o] += at[r * O + o] * (product / 2 - b[r]);
      }
    });
    return { values, gradient };
  };
  const start = new Float64Array(P * O);
  const { at, unfinished } = await minimiseColumns({ start, columns: O, evaluate, tolerance: 1e-12 });
  expect(unfinished).toBe(0);
  problems.forEach(({ a, b }, o) => {
    choleskySolve(a, b).forEach((value, p) => {
      expect(at[p * O + o]).toBeCloseTo(value, 3);
    });
  });
});

test("goes down a steep exponential from far away, and stops where evaluations end", async () => {
  // exp(x) - y x has its minimum at log y.
  const y = [1e-3, 1, 50];
  const evaluate = async (at: Float64Array) => ({
    values: Array.from(at, (x, o) => Math.exp(x) - y[o] * x),
    gradient: Array.from(at, (x, o) => Math.exp(x) - y[o]),
  });
  const problem = { start: [5, -20, 20], columns: 3, evaluate, tolerance: 1e-10 };
  const { at } = await minimiseColumns(problem);
  y.forEach((value, o) => {
    expect(at[o]).toBeCloseTo(Math.log(value), 2);
  });
  expect((await minimiseColumns({ ...problem, evaluations: 2 })).unfinished).toBeGreaterThan(0);
});

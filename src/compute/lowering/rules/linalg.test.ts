import fc from "fast-check";
import { describe, it } from "vitest";
import type { Tensor } from "../../contract.ts";
import { type Array as A, lax, np } from "../../jax.ts";
import { Noise } from "../../noise.ts";
import { compile } from "../../programs/compile.ts";
import { type Arrays, expectClose, expectGradient, expectSame, values } from "../testing.ts";

const options = { numRuns: 5, seed: 20260806 };
const batches = fc.array(fc.constantFrom(1, 2), { maxLength: 2 });
const sizes = fc.constantFrom(1, 2, 3, 5);

const noise = Noise.of(5, "linear algebra");

/** Matrices that are far from singular, as all their leading blocks are. */
function matrices(batch: readonly number[], n: number): Tensor {
  const { shape, data } = noise.normals([...batch, n, n]);
  const square = n * n;
  return { shape, data: data.map((x, i) => 0.3 * x + ((i % square) % (n + 1) === 0 ? 2 : 0)) };
}

const symmetric = (x: A) => np.matmul(x, np.swapaxes(x, -1, -2));

/** One result of `fn` from ONNX Runtime. jax-js's own `jit` refuses a triangular solve of what it has not stored. */
async function run(fn: Arrays, inputs: readonly Tensor[]): Promise<Tensor> {
  const untyped = compile as (
    fn: unknown,
    examples: unknown,
  ) => Promise<{ run(...inputs: Tensor[]): unknown }>;
  return (await (await untyped(fn, inputs)).run(...inputs)) as Tensor;
}

/** a x = b, entry by entry; a `[B, n, n]`, b `[B, n, m]`. */
function substitution([a, b]: readonly Tensor[], lower: boolean, unit: boolean): Tensor {
  const [n, m] = b!.shape.slice(-2) as [number, number];
  const x = b!.data.slice() as Float32Array;
  for (let matrix = 0; matrix < a!.data.length / (n * n); matrix++)
    for (let c = 0; c < m; c++)
      for (let step = 0; step < n; step++) {
        const i = lower ? step : n - 1 - step;
        const at = (row: number) => matrix * n * m + row * m + c;
        const entry = (row: number, column: number) => a!.data[(matrix * n + row) * n + column];
        for (let j = lower ? 0 : i + 1; j < (lower ? i : n); j++) x[at(i)] -= entry(i, j) * x[at(j)];
        if (!unit) x[at(i)] /= entry(i, i);
      }
  return { shape: b!.shape, data: x };
}

describe("triangular solves", () => {
  const solve =
    (lower: boolean, unitDiagonal: boolean): Arrays =>
    (a, b) =>
      lax.linalg.triangularSolve(a, b, { leftSide: true, lower, unitDiagonal });
  it("of random shapes, and their gradients", async () => {
    await fc.assert(
      fc.asyncProperty(
        batches,
        fc.tuple(sizes, sizes),
        fc.boolean(),
        fc.boolean(),
        async (batch, [n, m], lower, unit) => {
          const inputs = [matrices(batch, n), values([...batch, n, m])];
          await expectClose(await run(solve(lower, unit), inputs), substitution(inputs, lower, unit), 1e-4);
          await expectGradient(solve(lower, unit), inputs);
        },
      ),
      options,
    );
    for (const inputs of [
      [matrices([0], 2), values([0, 2, 1])],
      [matrices([2], 3), values([2, 3, 0])],
    ])
      expectClose(await run(solve(false, false), inputs), { ...inputs[1], data: new Float32Array(0) }, 0);
  });
});

describe("factorisations", () => {
  it("Cholesky of random shapes, and its gradient", async () => {
    const factor: Arrays = (x) => lax.linalg.cholesky(symmetric(x!));
    await fc.assert(
      fc.asyncProperty(batches, sizes, async (batch, n) => {
        await expectSame(factor, [matrices(batch, n)], 1e-4);
        await expectGradient(factor, [matrices(batch, n)]);
      }),
      options,
    );
    await expectSame((x) => lax.linalg.cholesky(x), [matrices([0], 2)]);
  });

  it("LU with pivots of random shapes, and its gradient", async () => {
    const factors: Arrays = (x) => [...lax.linalg.lu(x)];
    await fc.assert(
      fc.asyncProperty(batches, sizes, sizes, async (batch, m, n) => {
        await expectSame(factors, [values([...batch, m, n])], 1e-4);
      }),
      options,
    );
    await expectGradient((x) => lax.linalg.lu(x)[0], [matrices([2], 3)]);
    await expectSame(factors, [values([0, 2, 3])]);
    await expectSame(factors, [{ shape: [2, 2], data: new Float32Array(4) }]);
  });

  it("what is made of them: solutions, inverses, determinants", async () => {
    const [a, b] = [matrices([2], 4), values([2, 4, 3])];
    expectClose(await run((x, y) => np.matmul(x!, np.linalg.solve(x!, y!)), [a, b]), b, 1e-4);
    const identity = {
      shape: [2, 4, 4],
      data: Float32Array.from({ length: 32 }, (_, i) => +((i % 16) % 5 === 0)),
    };
    expectClose(await run((x) => np.matmul(x!, np.linalg.inv(x!)), [a]), identity, 1e-4);
    const determinants = (x: A) => np.linalg.det(x).mul(np.linalg.det(np.linalg.inv(x)));
    expectClose(await run((x) => determinants(x!), [a]), { shape: [2], data: Float32Array.of(1, 1) }, 1e-4);
  });
});

describe("Fourier transforms", () => {
  const there: Arrays = (real, imag) => {
    const out = np.fft.fft({ real: real!, imag: imag! });
    return [out.real, out.imag];
  };
  const back: Arrays = (real, imag) => {
    const out = np.fft.ifft({ real: real!, imag: imag! }, 0);
    return [out.real, out.imag];
  };
  it.each(Object.entries({ there, back }))("%s, of random shapes, and the gradient", async (_, fn) => {
    await fc.assert(
      fc.asyncProperty(batches, fc.constantFrom(1, 2, 3, 8, 12, 13), async (batch, n) => {
        const shape = fn === back ? [n, ...batch] : [...batch, n];
        await expectSame(fn, [values(shape), values(shape)], 1e-4);
        await expectGradient(fn, [values(shape), values(shape)]);
      }),
      options,
    );
  });
});

import { random } from "@jax-js/jax";
import { describe, it } from "vitest";
import { type Array as A, DType, lax, np } from "../../jax.ts";
import { tensor } from "../../tensors/tensor.ts";
import { type Arrays, expectGradient, expectSame, integers, values } from "../testing.ts";

describe("indexing", () => {
  const rows: Arrays = (x, i) => x.slice(i);
  const columns: Arrays = (x, i) => x.slice([], i);
  const pairs: Arrays = (x, i) => x.slice(i, [], i.mul(0).add(1));
  const table: Arrays = (x, i) => x.slice([], i.reshape([2, 2]), []);
  const broadcast: Arrays = (x, i) =>
    np.broadcastTo(x.sum(1, { keepdims: true }), [4, 3, 2]).slice([], [], i.mul(0));

  it.each(Object.entries({ rows, columns, pairs, table, broadcast }))(
    "gathers %s, and back",
    async (_, fn) => {
      const index = integers([4], 3);
      await expectSame(fn, [values([4, 3, 2]), index]);
      await expectGradient(fn, [values([4, 3, 2]), index]);
    },
  );

  it("gathers nothing", () => expectSame(rows, [values([3, 2]), tensor([0], new Int32Array(0))]));

  it("sorts, stably, and passes gradients on", async () => {
    await expectSame((x) => [np.sort(x), np.argsort(x)], [values([3, 5])]);
    await expectSame((x) => [np.sort(x), np.argsort(x)], [integers([4, 6], 3)]);
    await expectGradient((x) => np.sort(x), [values([3, 5])]);
  });
});

describe("bits", () => {
  const words = (shape: number[]) =>
    tensor(
      shape,
      Uint32Array.from({ length: 6 }, (_, i) => (i * 0x9e3779b9) >>> 0),
    );

  it("of uint32 and int32", async () => {
    await expectSame(
      (x, y) => [x.add(y), x.mul(y), x.less(y), np.minimum(x, y), x.div(y.add(1)), x.sub(y)],
      [words([6]), words([6])],
    );
    const mixed: Arrays = (x, y) => [
      np.bitwiseAnd(x, y),
      np.bitwiseOr(x, y),
      np.bitwiseXor(x, y),
      np.leftShift(x, y.mod(31)),
    ];
    await expectSame(mixed, [words([2, 3]), tensor([3], Uint32Array.of(5, 31, 40))]);
    await expectSame(mixed, [integers([2, 3], 1000), integers([3], 1000)]);
    await expectSame((x, y) => [np.bitwiseAnd(x.less(3), y.less(3))], [integers([4], 9), integers([4], 9)]);
    await expectSame((x) => [np.bitwiseCount(x), np.rightShift(x, x.mod(7))], [words([6])]);
  });
});

describe("random bits", () => {
  it("gives jax-js's own", () =>
    expectSame(
      (key) => [random.bits(key, [3, 5]), random.split(key, 2)],
      [tensor([2], Uint32Array.of(7, 0x9e3779b9))],
    ));
});

describe("bits read as another type", () => {
  it("between numbers and integers, signs and zeros of both kinds", async () => {
    const numbers = tensor([6], [0, -0, 1, -2.5, 1e-40, Number.POSITIVE_INFINITY]);
    const types = [DType.Int32, DType.Uint32, DType.Float32];
    const all: Arrays = (x) => types.map((type) => lax.bitcastConvertType(x!, type));
    await expectSame(all, [numbers]);
    await expectSame(all, [tensor([3], Int32Array.of(0, -7, 0x3f800000))]);
    await expectSame(all, [tensor([2, 2], Uint32Array.of(0, 0x80000000, 0x3f800000, 5))]);
  });

  it("of one number, and of what was transposed and multiplied before", async () => {
    const fn: Arrays = (x) => [
      lax.bitcastConvertType(np.ones([2, 3]), DType.Int32),
      lax.bitcastConvertType(np.transpose(x!).mul(-2), DType.Uint32),
    ];
    await expectSame(fn, [values([2, 3])]);
  });

  it("makes uniform numbers of random bits", () =>
    expectSame((key) => random.uniform(key!, [4, 5]), [tensor([2], Uint32Array.of(7, 3))]));
});

describe("windows", () => {
  const conv =
    (strides: number[], padding: [number, number][], lhsDilation: number[], rhsDilation: number[]): Arrays =>
    (x, k) =>
      lax.convGeneralDilated(x, k, strides, padding, { lhsDilation, rhsDilation });
  const cases: [string, Arrays, number[], number[]][] = [
    ["1-D", conv([1], [[1, 1]], [1], [1]), [2, 3, 8], [4, 3, 3]],
    ["strided", conv([2], [[2, 0]], [1], [1]), [2, 3, 9], [4, 3, 3]],
    ["dilated", conv([1], [[0, 0]], [2], [2]), [2, 2, 6], [3, 2, 3]],
    ["cropped", conv([1], [[-1, -2]], [1], [1]), [2, 2, 9], [3, 2, 3]],
    [
      "2-D",
      conv(
        [2, 1],
        [
          [1, 0],
          [0, 2],
        ],
        [1, 2],
        [2, 1],
      ),
      [2, 2, 6, 5],
      [3, 2, 2, 3],
    ],
  ];
  it.each(cases)("convolution, %s", async (_, fn, x, k) => {
    await expectSame(fn, [values(x), values(k)]);
    await expectGradient(fn, [values(x), values(k)]);
  });

  it("pools, overlapping and not", async () => {
    const pool =
      (window: number[], strides: number[]): Arrays =>
      (x) =>
        lax.reduceWindow(x, ((w: A) => w.mul(w).mean([-2, -1])) as never, window, strides);
    for (const [window, strides] of [
      [
        [2, 3],
        [2, 3],
      ],
      [
        [3, 2],
        [1, 1],
      ],
    ]) {
      await expectSame(pool(window!, strides!), [values([2, 6, 6])]);
      await expectGradient(pool(window!, strides!), [values([2, 6, 6])]);
    }
  });
});

describe("casts", () => {
  it("between all types", async () => {
    const types = [DType.Float32, DType.Int32, DType.Uint32, DType.Bool];
    await expectSame((x) => types.map((type) => x.astype(type)), [tensor([4], [0, 1.7, 2, 300])]);
    await expectSame((x) => types.map((type) => x.astype(type)), [tensor([3], Int32Array.of(0, 5, 7))]);
  });
});

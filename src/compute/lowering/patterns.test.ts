import { describe, expect, it } from "vitest";
import { standardise } from "../functions.ts";
import { type Array as A, np } from "../jax.ts";
import { trace } from "../programs/trace.ts";
import { lower } from "./lower.ts";
import { type Arrays, expectSame, values } from "./testing.ts";

const operators = (fn: Arrays, shape: number[]): string => {
  const { jaxpr, constants } = trace(fn, [values(shape)]);
  return new TextDecoder("latin1").decode(lower(jaxpr, constants));
};

const softmaxOver =
  (axis: number, spread: (x: A) => A): Arrays =>
  (x) => {
    const e = np.exp(x.sub(spread(np.max(x, axis))));
    return e.mul(np.reciprocal(spread(np.sum(e, axis))));
  };
const normaliseOver =
  (axis: number, spread: (x: A) => A): Arrays =>
  (x) => {
    const centred = x.sub(spread(np.mean(x, axis)));
    return centred.mul(np.reciprocal(np.sqrt(spread(np.mean(centred.mul(centred), axis)).add(1e-3))));
  };
const column = (x: A) => x.reshape([-1, 1]);
const row = (x: A) => x.reshape([1, -1]);

describe("patterns", () => {
  it("reach the fused kernels", () => {
    expect(operators(softmaxOver(1, column), [3, 3])).toContain("Softmax");
    expect(operators(softmaxOver(0, row), [3, 3])).toContain("Softmax");
    expect(operators(normaliseOver(1, column), [3, 3])).toContain("LayerNormalization");
    expect(operators((x) => np.reciprocal(np.exp(x.neg()).add(1)), [3])).toContain("Sigmoid");
  });

  it("are not seen where a statistic of rows is taken from columns", async () => {
    for (const make of [softmaxOver, normaliseOver])
      for (const [axis, spread] of [
        [1, row],
        [0, column],
        [1, column],
        [0, row],
      ] as const)
        await expectSame(make(axis, spread), [values([3, 3])]);
    expect(operators(softmaxOver(1, row), [3, 3])).not.toContain("Softmax");
    expect(operators(normaliseOver(1, row), [3, 3])).not.toContain("LayerNormalization");
  });

  it("fold a gain and an offset into the normalisation, where nothing uses what lies between", async () => {
    const inputs = [values([3, 4]), values([4]), values([4])];
    const count = (fn: Arrays, op: string) => {
      const { jaxpr, constants } = trace(fn, inputs);
      const text = new TextDecoder("latin1").decode(lower(jaxpr, constants));
      return text.split(`"${String.fromCharCode(op.length)}${op}`).length - 1;
    };
    const affine: Arrays = (x, gain, offset) => standardise(x!).mul(gain!).add(offset!);
    const shared: Arrays = (x, gain, offset) => [affine(x!, gain!, offset!), standardise(x!)];
    const scaledOnly: Arrays = (x, gain) => standardise(x!).mul(gain!);
    const rows: Arrays = (x, gain) =>
      standardise(x!)
        .mul(gain!.reshape([4, 1]).sum(0))
        .add(x!);
    expect([count(affine, "Mul"), count(affine, "Add")]).toEqual([0, 0]);
    expect([count(scaledOnly, "Mul"), count(shared, "Mul")]).toEqual([0, 1]);
    for (const fn of [affine, shared, scaledOnly, rows]) await expectSame(fn, inputs);
  });

  it("reshapes once what is reshaped twice, and not at all what comes back", async () => {
    const there: Arrays = (x) => x!.reshape([2, 6]).reshape([3, 4]).mul(2);
    const back: Arrays = (x) => x!.reshape([6, 2]).reshape([4, 3]).mul(2);
    for (const fn of [there, back]) await expectSame(fn, [values([4, 3])]);
    expect(operators(back, [4, 3])).not.toContain("Reshape");
  });

  it("hold on transposed values, and where the deviation itself is a result", async () => {
    const deviation: Arrays = (x) => {
      const y = np.transpose(x, [1, 0]);
      const centred = y.sub(np.mean(y, 0, { keepdims: true }));
      const inverse = np.reciprocal(np.sqrt(np.mean(centred.mul(centred), 0).add(1e-3)));
      return [inverse, centred.mul(inverse), np.transpose(standardise(x), [1, 0])];
    };
    await expectSame(deviation, [values([4, 3])]);
    await expectSame(deviation, [values([3, 3])]);
  });
});

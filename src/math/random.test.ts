import { describe, expect, test } from "vitest";
import { Random, threefry2x32 } from "./random.ts";

const draw = (random: Random, n: number) => Float64Array.from({ length: n }, () => random.uniform());
const mean = (x: ArrayLike<number>) => Array.from(x).reduce((sum, value) => sum + value, 0) / x.length;

/** Correlation of two equally long samples. */
function correlation(a: Float64Array, b: Float64Array): number {
  const [ma, mb] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += (a[i] - ma) * (b[i] - mb);
    aa += (a[i] - ma) ** 2;
    bb += (b[i] - mb) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}

describe("threefry2x32", () => {
  // Known answers of Random123, tests/kat_vectors, lines "threefry2x32 20 <counter> <key> <answer>".
  test.each([
    { counter: [0, 0], key: [0, 0], answer: [0x6b200159, 0x99ba4efe] },
    {
      counter: [0xffffffff, 0xffffffff],
      key: [0xffffffff, 0xffffffff],
      answer: [0x1cb996fc, 0xbb002be7],
    },
    {
      counter: [0x243f6a88, 0x85a308d3],
      key: [0x13198a2e, 0x03707344],
      answer: [0xc4923a9c, 0x483df7a0],
    },
  ] as const)("known answer for counter $counter", ({ counter: [c0, c1], key, answer }) => {
    const out = new Uint32Array(2);
    threefry2x32(key, c0, c1, out);
    expect([...out]).toEqual(answer);
  });
});

describe("Random", () => {
  test("a stream is the generator's blocks in order", () => {
    const random = Random.of(5);
    const out = new Uint32Array(2);
    for (let block = 0; block < 4; block++) {
      threefry2x32([5, 0], block, 0, out);
      expect([random.bits(), random.bits()]).toEqual([...out]);
    }
  });

  test("uniform numbers have the moments of U(0, 1)", () => {
    const n = 100_000;
    const x = draw(Random.of(1), n);
    // Four standard errors: sd of U is sqrt(1/12), of U^2 about its mean sqrt(4/45).
    expect(Math.abs(mean(x) - 1 / 2)).toBeLessThan(4 * Math.sqrt(1 / 12 / n));
    expect(Math.abs(mean(x.map((v) => v * v)) - 1 / 3)).toBeLessThan(4 * Math.sqrt(4 / 45 / n));
    const bins = new Float64Array(64);
    for (const value of x) bins[Math.floor(value * 64)]++;
    const chiSquared = bins.reduce((sum, count) => sum + (count - n / 64) ** 2 / (n / 64), 0);
    expect(chiSquared).toBeLessThan(63 + 4 * Math.sqrt(2 * 63));
    expect(chiSquared).toBeGreaterThan(63 - 4 * Math.sqrt(2 * 63));
  });

  test("normal numbers have the moments of N(0, 1)", () => {
    const n = 100_000;
    const x = Float64Array.from(Random.of(2).normals(n));
    const moment = (power: number) => mean(x.map((v) => v ** power));
    expect(Math.abs(moment(1))).toBeLessThan(4 / Math.sqrt(n));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
    expect(Math.abs(moment(3))).toBeLessThan(4 * Math.sqrt(15 / n));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(4 * Math.sqrt(96 / n));
  });

  test("normals yields the same numbers however it is cut into calls", () => {
    const whole = Random.of(3).normals(23);
    const cut = Random.of(3);
    const parts = [...cut.normals(3), ...cut.normals(0), ...cut.normals(1), cut.normal(), ...cut.normals(18)];
    expect(parts.map(Math.fround)).toEqual([...whole]);
  });

  test("streams of different seeds and labels are uncorrelated", () => {
    const n = 20_000;
    const parent = Random.of(11);
    const streams = [
      parent,
      Random.of(12),
      Random.of(11 + 2 ** 32),
      Random.of(-11),
      parent.split("a"),
      parent.split("b"),
      parent.split("ab"),
      parent.split("a").split("b"),
      parent.split(1),
      parent.split("aa"),
    ].map((stream) => draw(stream, n));
    for (let i = 0; i < streams.length; i++)
      for (let j = 0; j < i; j++)
        for (const lag of [0, 1])
          expect(
            Math.abs(correlation(streams[i].subarray(lag), streams[j].subarray(0, n - lag))),
          ).toBeLessThan(5 / Math.sqrt(n));
  });

  test("splitting depends on the label alone and does not advance the parent", () => {
    const plain = Random.of(4);
    const split = Random.of(4);
    const early = split.split("x").bits();
    for (let i = 0; i < 5; i++) {
      expect(split.bits()).toBe(plain.bits());
      expect(split.split("x").bits()).toBe(early);
    }
    expect(Random.of(4, "x", 7).bits()).toBe(Random.of(4).split("x").split(7).bits());
  });

  test("resumes to the bit from any point, through JSON", () => {
    const random = Random.of(2 ** 40 + 3, "resume");
    for (let drawn = 0; drawn < 7; drawn++) {
      const copy = Random.resume(JSON.parse(JSON.stringify(random.state())));
      expect([copy.bits(), copy.normal(), copy.bits()]).toEqual(
        ((twin) => [twin.bits(), twin.normal(), twin.bits()])(Random.resume(random.state())),
      );
      const next = Random.resume(random.state()).bits();
      expect(random.bits()).toBe(next);
    }
  });

  test("a permutation is one, and every order is equally likely", () => {
    const random = Random.of(8);
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = random.permutation(3).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual(["012", "021", "102", "120", "201", "210"]);
    for (const count of counts.values())
      expect(Math.abs(count - 1000)).toBeLessThan(4 * Math.sqrt(6000 * (1 / 6) * (5 / 6)));
  });

  test("integers fill their range", () => {
    const random = Random.of(9);
    const seen = new Set(Array.from({ length: 500 }, () => random.integer(7)));
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(random.integer(1)).toBe(0);
  });

  test("refuses what it cannot do", () => {
    expect(() => Random.of(1.5)).toThrow("seed must be an integer, got 1.5");
    expect(() => Random.of(1).integer(0)).toThrow("expected a bound in [1, 2^32], got 0");
    expect(() => Random.of(1).integer(2 ** 33)).toThrow("bound");
    expect(() => Random.of(1).split("")).toThrow("empty");
  });
});

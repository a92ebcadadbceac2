import { expect, test } from "vitest";
import { Random } from "../../math/random.ts";
import { SparseCoder } from "./coder.ts";

/** The equations, in float64 and without lists. */
function byTheBook(
  y: number[],
  W: number[][],
  b: number[],
  { rounds, threshold }: { rounds: number; threshold: number },
) {
  const total = y.reduce((sum, v) => sum + v, 0);
  let a = W.map(() => total / W.length);
  for (let t = 0; t < rounds; t++) {
    const rate = b.map((v, d) => v + W.reduce((sum, row, k) => sum + a[k] * row[d], 0));
    const [from, to] = [Math.floor(0.4 * rounds), Math.floor(0.9 * rounds)];
    const c = threshold * Math.max(0, Math.min(1, (t + 1 - from) / Math.max(1, to - from)));
    a = a.map((v, k) => {
      const next = v * W[k].reduce((sum, w, d) => sum + (w * y[d]) / rate[d], 0);
      const shrunk = c > 0 && next < 40 * c ? next - c * Math.exp(-next / (4 * threshold)) : next;
      return shrunk > 1e-3 ? shrunk : 0;
    });
  }
  return a;
}

test("the kernel infers what the equations say, sparsely and without sparsity", () => {
  const random = Random.of(3, "inference test");
  const [D, K, N] = [21, 9, 12];
  const W = Array.from({ length: K }, () => {
    const row = Array.from({ length: D }, () => (random.uniform() < 0.3 ? random.uniform() : 1e-4));
    const sum = row.reduce((s, v) => s + v, 0);
    return row.map((v) => v / sum);
  });
  const b = Array.from({ length: D }, () => 0.1 + 0.2 * random.uniform());
  const coder = new SparseCoder(D, K, N);
  for (const [k, row] of W.entries()) coder.dictionary.set(row, k * coder.length);
  coder.background.set(b);
  const counts = Array.from({ length: N }, () => Array.from({ length: D }, () => random.integer(6)));
  counts[3].fill(0);
  for (const [n, row] of counts.entries()) coder.counts.set(row, n * coder.length);
  for (const options of [
    { rounds: 30, threshold: 2 },
    { rounds: 15, threshold: 0 },
  ]) {
    coder.infer(N, options);
    for (const [n, row] of counts.entries()) {
      const expected = byTheBook(row, W, b, options);
      for (let k = 0; k < K; k++) expect(coder.codes[n * K + k]).toBeCloseTo(expected[k], 2);
    }
  }
});

test("without sparsity a round never explains counts worse", () => {
  const random = Random.of(4, "likelihood test");
  const [D, K] = [16, 5];
  const coder = new SparseCoder(D, K, 1);
  for (let k = 0; k < K; k++) {
    const row = Array.from({ length: D }, () => random.uniform());
    const sum = row.reduce((s, v) => s + v, 0);
    coder.dictionary.set(
      row.map((v) => v / sum),
      k * coder.length,
    );
  }
  coder.background.fill(0.2);
  const y = Array.from({ length: D }, () => random.integer(9));
  coder.counts.set(y);
  let before = Number.NEGATIVE_INFINITY;
  for (let rounds = 1; rounds < 40; rounds += 3) {
    coder.infer(1, { rounds, threshold: 0 });
    const rate = y.map(
      (_, d) =>
        0.2 +
        Array.from({ length: K }, (_, k) => coder.codes[k] * coder.dictionary[k * coder.length + d]).reduce(
          (s, v) => s + v,
        ),
    );
    const likelihood = y.reduce((sum, v, d) => sum + v * Math.log(rate[d]) - rate[d], 0);
    expect(likelihood).toBeGreaterThan(before - 1e-4);
    before = likelihood;
  }
});

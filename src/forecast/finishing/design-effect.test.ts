import { expect, test } from "vitest";
import { drawPoisson } from "../../math/poisson.ts";
import { Random } from "../../math/random.ts";
import { designEffect } from "./design-effect.ts";

function draw(rows: number) {
  const random = Random.of(3, "design effect");
  const [features, counts, offset] = [[] as number[], [] as number[], [] as number[]];
  for (let n = 0; n < rows; n++) {
    const x = random.normal();
    features.push(1, x);
    offset.push(-1);
    counts.push(drawPoisson(random, Math.exp(-1 + 0.5 * x)));
  }
  return { features, counts, offset };
}
const repeated = (values: number[], width: number, times: number) =>
  Array.from({ length: values.length / width }, (_, n) => values.slice(n * width, (n + 1) * width)).flatMap(
    (row) => Array.from({ length: times }, () => row).flat(),
  );

test("counts that are independent say about what they seem to", () => {
  expect(designEffect([draw(12_000)], [0, 0.5])).toBeLessThan(4);
});

test("counts of which each comes ten times say a tenth of what they seem to", () => {
  const { features, counts, offset } = draw(12_000);
  const tenfold = {
    features: repeated(features, 2, 10),
    counts: repeated(counts, 1, 10),
    offset: repeated(offset, 1, 10),
  };
  const once = designEffect([{ features, counts, offset }], [0.1, 0.3]);
  expect(designEffect([tenfold], [0.1, 0.3])).toBeCloseTo(10 * once, 4);
});

test("nothing at all says what it seems to", () => {
  expect(designEffect([], [0, 0])).toBe(1);
});

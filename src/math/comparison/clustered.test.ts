import { expect, test } from "vitest";
import { Random } from "../random.ts";
import { clusteredInterval } from "./clustered.ts";

test("covers the mean of few clusters that differ, where an interval over single values does not", () => {
  const random = Random.of(1);
  let covered = 0;
  let narrow = 0;
  const worlds = 60;
  for (let w = 0; w < worlds; w++) {
    const clusters = Array.from({ length: 8 }, () => {
      const own = random.normal();
      return Array.from({ length: 8 }, () => own + 0.5 * random.normal());
    });
    const { ci95 } = clusteredInterval(clusters, w);
    if (ci95[0] <= 0 && ci95[1] >= 0) covered++;
    const single = clusteredInterval(
      clusters.flat().map((value) => [value]),
      w,
    ).ci95;
    if (single[0] <= 0 && single[1] >= 0) narrow++;
  }
  expect(covered / worlds).toBeGreaterThan(0.88);
  expect(narrow / worlds).toBeLessThan(0.8);
  expect(() => clusteredInterval([[1], []])).toThrow(RangeError);
});

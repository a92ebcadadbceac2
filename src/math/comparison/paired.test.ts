import fc from "fast-check";
import { expect, test } from "vitest";
import { Random } from "../random.ts";
import { holm } from "./holm.ts";
import { pairedDifference } from "./paired.ts";

test("a paired t test on paper: the data of Student 1908, extra sleep by two drugs", () => {
  const first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
  const second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
  const found = pairedDifference(second, first);
  // R: t.test(extra ~ group, data = sleep, paired = TRUE)
  expect(found.mean).toBeCloseTo(1.58, 12);
  expect(found.ci95[0]).toBeCloseTo(0.7001142, 6);
  expect(found.ci95[1]).toBeCloseTo(2.4598858, 6);
  expect(found.p).toBeCloseTo(0.002832890197, 10);
  expect(found.effectSize).toBeCloseTo(1.284558, 5);
});

test("one pair has no interval; equal differences are certain, but for rounding; bad values are refused", () => {
  expect(pairedDifference([0.5], [0.2])).toMatchObject({ ci95: [0.3, 0.3], p: null, effectSize: null });
  expect(pairedDifference([0.5, 0.6], [0.2, 0.3])).toMatchObject({ p: 0, effectSize: null });
  expect(pairedDifference([0.1 + 0.2, 0.3], [0.3, 0.3])).toMatchObject({ p: 1, effectSize: null });
  expect(() => pairedDifference([1], [1, 2])).toThrow("got 1 and 2");
  expect(() => pairedDifference([], [])).toThrow("at least one");
  expect(() => pairedDifference([Number.NaN, 1], [1, 1])).toThrow("got NaN");
});

/** Differences of mean 0 as experiments make them: cultures that differ, each scored over 200 answers, some lopsided. */
const KINDS = {
  normal: (random: Random) => 0.05 * random.normal(),
  "shares of 200 answers": (random: Random) => {
    const ability = Math.min(0.9, Math.max(0.05, 0.4 + 0.06 * random.normal()));
    const share = (p: number) => {
      let right = 0;
      for (let i = 0; i < 200; i++) if (random.uniform() < p) right++;
      return right / 200;
    };
    return share(ability) - share(ability);
  },
  "lopsided: half as long a tail below as above": (random: Random) => {
    const z = random.normal();
    return z > 0 ? z - 0.2659615 : 0.66666667 * z; // mean 0: .3989423 (1 - 2 / 3) = .132981 = half of .2659615
  },
} as const;

test.each(Object.entries(KINDS))(
  "t intervals cover zero 95 times in 100, and their tails hold: %s",
  (_, draw) => {
    for (const n of [3, 8]) {
      const random = Random.of(n, "coverage");
      const repeats = 1000;
      let [covered, rare] = [0, 0];
      for (let i = 0; i < repeats; i++) {
        const differences = Array.from({ length: n }, () => draw(random));
        const { ci95, p } = pairedDifference(differences, new Array<number>(n).fill(0));
        if (ci95[0] <= 0 && 0 <= ci95[1]) covered++;
        if ((p ?? 1) < 0.05 / 60) rare++;
      }
      // Four standard errors of the simulation, and a point for what is not normal.
      expect(covered / repeats).toBeGreaterThan(0.92);
      expect(covered / repeats).toBeLessThan(0.98);
      expect(rare / repeats).toBeLessThan(0.007);
    }
  },
);

test("after Holm, dozens of true nulls beside one tissue are wrongly called significant in no more than 5 runs of 100", () => {
  const random = Random.of(1, "family");
  const [seeds, rivals, repeats] = [8, 20, 400];
  let [wrong, uncorrected] = [0, 0];
  for (let i = 0; i < repeats; i++) {
    const ours = Array.from({ length: seeds }, () => random.normal());
    const p = Array.from({ length: rivals }, () => {
      const theirs = ours.map((own) => 0.5 * own + random.normal());
      return pairedDifference(ours, theirs).p ?? 1;
    });
    // Half of the rivals are truly beaten: they must not loosen what holds for the others.
    const corrected = holm([...p, ...new Array<number>(rivals).fill(1e-9)]);
    if (corrected.slice(0, rivals).some((value) => value < 0.05)) wrong++;
    if (p.some((value) => value < 0.05)) uncorrected++;
  }
  expect(wrong / repeats).toBeLessThan(0.085);
  expect(uncorrected / repeats).toBeGreaterThan(0.3);
});

test("Holm: as on paper, in any order, never below Bonferroni's last nor above it", () => {
  expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
  expect(holm([])).toEqual([]);
  const values = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 });
  fc.assert(
    fc.property(values, (p) => {
      const corrected = holm(p);
      p.forEach((value, i) => {
        expect(corrected[i]).toBeGreaterThanOrEqual(value);
        expect(corrected[i]).toBeLessThanOrEqual(Math.min(1, p.length * value));
        // Of two p values, the smaller is not corrected to more.
        p.forEach((other, j) => {
          if (value < other) expect(corrected[i]).toBeLessThanOrEqual(corrected[j]);
        });
      });
      expect(holm([...p].reverse())).toEqual([...corrected].reverse());
    }),
  );
});

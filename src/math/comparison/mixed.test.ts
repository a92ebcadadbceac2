import fc from "fast-check";
import { expect, test } from "vitest";
import { Random } from "../random.ts";
import { fitMixed } from "./mixed.ts";
import { pairedDifference } from "./paired.ts";

/** Yield of dyestuff from six batches, five samples each (Davies & Goldsmith 1972, table 6.1). */
const DYESTUFF = [
  [1545, 1440, 1440, 1520, 1580],
  [1540, 1555, 1490, 1560, 1495],
  [1595, 1550, 1605, 1510, 1560],
  [1445, 1440, 1595, 1465, 1545],
  [1595, 1630, 1515, 1635, 1625],
  [1520, 1455, 1450, 1480, 1445],
];

test("has the published estimates of the dyestuff data", () => {
  const fit = fitMixed({
    outcomes: DYESTUFF.flat(),
    effects: DYESTUFF.flat().map(() => [1]),
    groups: [DYESTUFF.flatMap((batch, b) => batch.map(() => b))],
  });
  expect(fit.coefficients[0]).toBeCloseTo(1527.5, 6);
  expect(fit.residualVariance).toBeCloseTo(2451.25, 1);
  expect(fit.groupVariances[0]).toBeCloseTo(1764.05, 1);
  const mean = fit.contrast([1]);
  expect(mean.standardError).toBeCloseTo(19.383, 3);
  expect(mean.degrees).toBeCloseTo(5, 3);
});

test("of two arms on the same dishes it is the paired difference, where dishes differ enough", () => {
  fc.assert(
    fc.property(fc.integer({ min: 3, max: 10 }), fc.nat(), (dishes, seed) => {
      const random = Random.of(seed, "mixed");
      const levels = Array.from({ length: dishes }, () => 30 * random.normal());
      const [a, b] = [3, 0].map((effect) => levels.map((level) => level + effect + random.normal()));
      const { estimate, ci95, p, degrees } = fitMixed({
        outcomes: [...a, ...b],
        effects: [...a.map(() => [1, 1]), ...b.map(() => [1, 0])],
        groups: [[...levels.keys(), ...levels.keys()]],
      }).contrast([0, 1]);
      const paired = pairedDifference(a, b);
      expect(estimate).toBeCloseTo(paired.mean, 6);
      expect(degrees).toBeCloseTo(dishes - 1, 1);
      expect(ci95[0]).toBeCloseTo(paired.ci95[0], 2);
      expect(ci95[1]).toBeCloseTo(paired.ci95[1], 2);
      expect(p).toBeCloseTo(paired.p ?? Number.NaN, 4);
    }),
    { numRuns: 40 },
  );
});

test("crossed and balanced, variances are those of the analysis of variance", () => {
  const [dishes, days] = [7, 5];
  const random = Random.of(3, "crossed");
  const ofDish = Array.from({ length: dishes }, () => 4 * random.normal());
  const ofDay = Array.from({ length: days }, () => 3 * random.normal());
  const table = ofDish.map((d) => ofDay.map((e) => 10 + d + e + random.normal()));
  const fit = fitMixed({
    outcomes: table.flat(),
    effects: table.flat().map(() => [1]),
    groups: [table.flatMap((row, i) => row.map(() => i)), table.flatMap((row) => row.map((_, j) => j))],
  });
  const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
  const all = mean(table.flat());
  const [rows, columns] = [table.map(mean), ofDay.map((_, j) => mean(table.map((row) => row[j])))];
  const square = (values: readonly number[]) => values.reduce((sum, v) => sum + v ** 2, 0);
  const ofRows = (days * square(rows.map((m) => m - all))) / (dishes - 1);
  const ofColumns = (dishes * square(columns.map((m) => m - all))) / (days - 1);
  const residual =
    square(table.flatMap((row, i) => row.map((v, j) => v - rows[i] - columns[j] + all))) /
    ((dishes - 1) * (days - 1));
  expect(fit.residualVariance).toBeCloseTo(residual, 4);
  expect(fit.groupVariances[0]).toBeCloseTo((ofRows - residual) / days, 3);
  expect(fit.groupVariances[1]).toBeCloseTo((ofColumns - residual) / dishes, 3);
});

test("unbalanced, its interval holds the effect in 95 of 100 experiments", () => {
  const random = Random.of(5, "coverage");
  const trials = 400;
  let held = 0;
  for (let trial = 0; trial < trials; trial++) {
    const sessions = Array.from({ length: 18 }, (_, s) => ({
      dish: s % 5,
      day: Math.floor(s / 5),
      arm: random.integer(2),
    }));
    const dishes = Array.from({ length: 5 }, () => 2 * random.normal());
    const days = Array.from({ length: 4 }, () => random.normal());
    if (new Set(sessions.map(({ arm }) => arm)).size < 2) continue;
    const { ci95 } = fitMixed({
      outcomes: sessions.map(({ dish, day, arm }) => dishes[dish] + days[day] + 1.5 * arm + random.normal()),
      effects: sessions.map(({ arm }) => [1, arm]),
      groups: [sessions.map(({ dish }) => dish), sessions.map(({ day }) => day)],
    }).contrast([0, 1]);
    held += Number(ci95[0] <= 1.5 && 1.5 <= ci95[1]);
  }
  expect(held / trials).toBeGreaterThan(0.925);
  expect(held / trials).toBeLessThan(0.985);
});

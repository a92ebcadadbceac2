/** The emulator of lessons: its gradients against differences, its fit against constants that made the data, its descent against a grid. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../../math/random.ts";
import { crossEntropy } from "../symbols/objective.ts";
import { descend, gradientOf } from "./descend.ts";
import { type Constants, LessonEmulator, type Seen } from "./emulator.ts";
import { type Babbled, fitEmulator, lossOf } from "./fit.ts";

const [S, K] = [3, 3];
const RIGHT = [1, 2, 0];
const OBJECTIVE = crossEntropy(RIGHT, K);

function made(seed: number, lessons: number, noise = 0): { babbled: Babbled; constants: Constants } {
  const random = Random.of(seed, "made");
  const uniform = (low: number, high: number) => low + (high - low) * random.uniform();
  const reach = Float64Array.from({ length: K * K }, (_, i) =>
    i % (K + 1) === 0 ? uniform(0.8, 1.2) : uniform(0, 0.2),
  );
  const constants = { lowering: uniform(0.08, 0.15), raising: uniform(0.02, 0.05), reach };
  const first = Float64Array.from({ length: S * K }, () => uniform(3, 5));
  const likeness = Float64Array.from({ length: S * S }, (_, i) => (i % (S + 1) === 0 ? 1 : 0.3));
  const tissue = new LessonEmulator({ symbols: S, answers: K, classes: K }, first, likeness, constants);
  const seen: Seen[] = Array.from({ length: lessons }, (_, n) => {
    const symbol = n % S;
    const doses = Float64Array.from({ length: K }, () => random.uniform());
    const read = tissue.state
      .slice(symbol * K, (symbol + 1) * K)
      .map((value) => value + noise * random.normal());
    tissue.learn(symbol, doses);
    return { symbol, read, doses };
  });
  return { babbled: { first, likeness, symbols: S, answers: K, classes: K, lessons: seen }, constants };
}

describe("the emulator of lessons", () => {
  it("has the gradient of its loss that differences give", () => {
    fc.assert(
      fc.property(fc.nat(1000), (seed) => {
        const { babbled } = made(seed, 9, 0.3);
        const constants = LessonEmulator.untaught(babbled);
        const { gradient } = lossOf(babbled, constants);
        const at = (i: number, by: number) => {
          const { lowering, raising, reach } = constants;
          const values = Float64Array.of(lowering, raising, ...reach);
          values[i] += by;
          return lossOf(babbled, { lowering: values[0], raising: values[1], reach: values.slice(2) }).loss;
        };
        for (let i = 0; i < gradient.length; i++)
          expect(gradient[i]).toBeCloseTo((at(i, 1e-5) - at(i, -1e-5)) / 2e-5, 5);
      }),
      { numRuns: 20 },
    );
  });

  it("is fitted to what made the data: readings are predicted better than where lessons change nothing", () => {
    const { babbled, constants } = made(3, 240);
    const fit = fitEmulator(babbled);
    expect(fit.error).toBeLessThan(0.2 * fit.errorWithoutChange);
    expect(fit.constants.lowering / constants.lowering).toBeGreaterThan(0.5);
    expect(fit.constants.reach[0]).toBeGreaterThan(3 * fit.constants.reach[1]);
  });

  it("descends by the gradient that differences give, to doses no worse than those of a grid", () => {
    for (const seed of [1, 2, 3, 4]) {
      const { babbled, constants } = made(seed, 1);
      const emulator = new LessonEmulator(babbled, babbled.first, babbled.likeness, constants);
      const lossAt = (doses: Float64Array) => OBJECTIVE(emulator.after(0, doses)).loss;
      const doses = Float64Array.of(0.3, 0.5, 0.2);
      const gradient = gradientOf(emulator, { symbol: 0, objective: OBJECTIVE, doses });
      for (let j = 0; j < K; j++) {
        const moved = (by: number) => lossAt(doses.map((dose, i) => (i === j ? dose + by : dose)));
        expect(gradient[j]).toBeCloseTo((moved(1e-5) - moved(-1e-5)) / 2e-5, 6);
      }
      const found = descend(emulator, 0, OBJECTIVE);
      const grid = [0, 0.25, 0.5, 0.75, 1];
      const best = Math.min(
        ...grid.flatMap((a) => grid.flatMap((b) => grid.map((c) => lossAt(Float64Array.of(a, b, c))))),
      );
      expect(found.after).toBeLessThan(best + 0.01);
      expect(found.after).toBeLessThanOrEqual(found.before + 1e-9);
    }
  });
});

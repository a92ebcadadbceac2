import { expect, test } from "vitest";
import { Random } from "../../math/random.ts";
import { designFile } from "./file.ts";
import { dishesFor, powerOf, scatterOf } from "./power.ts";

const design = (fields: object = {}) =>
  designFile.parse({
    name: "power",
    arms: ["descent", "sham"],
    dishes: [
      { name: "a", seed: 1 },
      { name: "b", seed: 2 },
    ],
    ...fields,
  });

test("on dishes of their own it is the power of a t test: 8 each for 1.51 deviations, 80 %", () => {
  // Cohen 1988, "Statistical Power Analysis", table 2.3.5: n = 8, d = 1.50 gives .80 (two-sided, .05).
  const power = powerOf(design(), 16, 1.5, { dish: 0, session: 1 });
  expect(Math.abs(power - 0.8)).toBeLessThan(4 * Math.sqrt((0.8 * 0.2) / 200));
});

test("without an effect it finds one in 5 of 100", () => {
  expect(powerOf(design({ sessionsPerDish: 2 }), 8, 0, { dish: 3, session: 1 })).toBeLessThan(0.1);
});

test("both arms on the same dishes need fewer of them where dishes differ", () => {
  const scatter = { dish: 2, session: 1 };
  const once = dishesFor(design(), 2, scatter, 0.8).dishes ?? 99;
  const twice = dishesFor(design({ sessionsPerDish: 2 }), 2, scatter, 0.8).dishes ?? 99;
  expect(twice).toBeLessThan(once / 2);
});

test("the scatter is that which the pilot was drawn with", () => {
  const random = Random.of(1, "pilot");
  const levels = random.normals(60);
  const pilot = [5, 0, 1].map((arm) => [...levels].map((level) => arm + 3 * level + 2 * random.normal()));
  const { dish, session } = scatterOf(pilot);
  expect(Math.abs(dish - 3)).toBeLessThan(1);
  expect(Math.abs(session - 2)).toBeLessThan(0.5);
});

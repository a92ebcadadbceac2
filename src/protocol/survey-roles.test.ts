import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Survey } from "../device/protocols/survey.ts";
import { Random } from "../math/random.ts";
import type { Roles } from "./roles.ts";
import { evennessOf, rolesBySurvey } from "./survey-roles.ts";

/** What electrodes named 10, 20, ... evoke, made up: most pairs are not joined at all. */
function madeUp(count: number, seed: number): Survey {
  const random = Random.of(seed, "made-up survey");
  const counts = Uint32Array.from({ length: count ** 2 }, (_, i) =>
    i % (count + 1) === 0 || random.uniform() < 0.6 ? 0 : random.integer(30),
  );
  return { channels: Array.from({ length: count }, (_, i) => 10 * (i + 1)), repeats: 5, counts, refused: 0 };
}

/** In order: places, then classes of `size`, then a channel that has no class. */
function inOrder({ channels }: Survey, places: number, classes: number, size: number): Roles {
  const assigned = Array.from({ length: classes }, (_, k) =>
    channels.slice(places + k * size, places + (k + 1) * size),
  );
  return { sensory: channels.slice(0, places), prediction: channels.slice(places), assigned };
}

/** The sum by its definition, from the matrix itself. */
function worthOf({ sensory, assigned }: Roles, { channels, repeats, counts }: Survey): number {
  let sum = 0;
  for (const place of sensory)
    for (const group of assigned) {
      let response = 0;
      for (const channel of group)
        response += counts[channels.indexOf(place) * channels.length + channels.indexOf(channel)] / repeats;
      sum += Math.log(1 + 10 * response);
    }
  return sum;
}

const shapes = fc.record({
  places: fc.integer({ min: 1, max: 6 }),
  classes: fc.integer({ min: 2, max: 4 }),
  size: fc.integer({ min: 1, max: 3 }),
  seed: fc.nat(1000),
});

describe("rolesBySurvey", () => {
  it("exchanges roles between the electrodes that have one, and never for the worse", () => {
    let better = 0;
    fc.assert(
      fc.property(shapes, ({ places, classes, size, seed }) => {
        const survey = madeUp(places + classes * size + 1, seed);
        const given = inOrder(survey, places, classes, size);
        const { roles, before, after } = rolesBySurvey(given, survey, seed);
        expect(before).toBeCloseTo(worthOf(given, survey), 9);
        expect(after).toBeCloseTo(worthOf(roles, survey), 9);
        expect(after).toBeGreaterThanOrEqual(before - 1e-9);
        if (after > before + 1e-9) better++;
        expect(roles.sensory).toHaveLength(places);
        expect(roles.assigned.map((group) => group.length)).toEqual(Array(classes).fill(size));
        expect([...roles.sensory, ...roles.prediction].sort((a, b) => a - b)).toEqual([...survey.channels]);
        expect(roles.prediction.at(-1)).toBe(survey.channels.at(-1));
        expect(roles.assigned.flat().every((channel) => roles.prediction.includes(channel))).toBe(true);
        expect(rolesBySurvey(given, survey, seed).roles).toEqual(roles);
      }),
      { seed: 5, numRuns: 40 },
    );
    expect(better).toBeGreaterThan(20);
  });

  it("ends where no exchange of two roles would be better", () => {
    for (let seed = 0; seed < 20; seed++) {
      const survey = madeUp(8, seed);
      const { roles, after } = rolesBySurvey(inOrder(survey, 3, 2, 2), survey, seed);
      const order = [...roles.sensory, ...roles.assigned.flat(), 80];
      for (let a = 0; a < 7; a++)
        for (let b = 0; b < a; b++) {
          const exchanged = order.with(a, order[b]).with(b, order[a]);
          const other = inOrder({ ...survey, channels: exchanged }, 3, 2, 2);
          expect(worthOf(other, survey)).toBeLessThanOrEqual(after + 1e-9);
        }
    }
  });

  it("says which channel was not surveyed", () => {
    const survey = madeUp(5, 1);
    const roles = { sensory: [10, 77], prediction: [20, 30], assigned: [[20], [30]] };
    expect(() => evennessOf(roles, survey)).toThrow("expected channel 77 among the 5 surveyed");
  });
});

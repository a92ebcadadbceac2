import fc from "fast-check";
import { expect, test } from "vitest";
import { allocate } from "./allocate.ts";

const many = fc.record({
  arms: fc.integer({ min: 2, max: 6 }),
  dishes: fc.integer({ min: 2, max: 20 }),
  sessionsPerDish: fc.integer({ min: 1, max: 9 }),
  seed: fc.nat(),
});

test("every dish has every session once, and no arm twice before it has had all", () => {
  fc.assert(
    fc.property(many, ({ arms, dishes, sessionsPerDish, seed }) => {
      const sessions = allocate(arms, dishes, sessionsPerDish, seed);
      expect(sessions).toHaveLength(dishes * sessionsPerDish);
      expect(sessions.map(({ day }) => day)).toEqual(sessions.map(({ day }) => day).sort((a, b) => a - b));
      for (let dish = 0; dish < dishes; dish++) {
        const had = sessions.filter((session) => session.dish === dish).map(({ arm }) => arm);
        expect(had).toHaveLength(sessionsPerDish);
        for (let from = 0; from < sessionsPerDish; from += arms) {
          const round = had.slice(from, from + arms);
          expect(new Set(round).size).toBe(round.length);
        }
      }
      expect(allocate(arms, dishes, sessionsPerDish, seed)).toEqual(sessions);
    }),
  );
});

test("on each day all arms are run as often, but for one", () => {
  fc.assert(
    fc.property(many, ({ arms, dishes, sessionsPerDish, seed }) => {
      const sessions = allocate(arms, dishes, sessionsPerDish, seed);
      for (let day = 0; day < sessionsPerDish; day++) {
        const counts = Array.from(
          { length: arms },
          (_, arm) => sessions.filter((session) => session.day === day && session.arm === arm).length,
        );
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      }
    }),
  );
});

test("each arm is as likely on each dish", () => {
  const counts = [0, 0, 0];
  for (let seed = 0; seed < 3000; seed++)
    counts[allocate(3, 4, 1, seed).find(({ dish }) => dish === 3)?.arm ?? 0]++;
  for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(4 * Math.sqrt(3000 * (2 / 9)));
});

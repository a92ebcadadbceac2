/** Pong for two: whoever misses gives a point, and a person who is always there never does. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { Random } from "../math/random.ts";
import { HALF_PADDLE, MOVES, rightMove } from "../tasks/pong/pong-game.ts";
import { beginDuel, type DuelEvent, playDuel } from "./duel.ts";

function playOut(seed: number, personAt: (ballY: number) => number, isRight: boolean) {
  const random = Random.of(seed, "test");
  let duel = beginDuel(random);
  const events: DuelEvent[] = [];
  for (let step = 0; step < 300; step++) {
    const move = isRight ? rightMove(duel.game) : random.integer(MOVES);
    // The ball as it will be at the right line: where it bounces, its height is read after the step.
    const ahead = duel.game.ballY + duel.game.velocityY;
    const bounced = ahead < 0 ? -ahead : ahead > 1 ? 2 - ahead : ahead;
    const next = playDuel(duel, { move, personY: personAt(bounced) }, random);
    duel = next.duel;
    if (next.event) events.push(next.event);
  }
  return { points: duel.points, events };
}

test("points are the other's misses, and hits alternate between the two sides", () => {
  fc.assert(
    fc.property(fc.nat(), fc.double({ min: HALF_PADDLE, max: 1 - HALF_PADDLE, noNaN: true }), (seed, y) => {
      const { points, events } = playOut(seed, () => y, false);
      const count = (name: DuelEvent) => events.filter((event) => event === name).length;
      expect(points).toEqual({ vat: count("person missed"), person: count("vat missed") });
      // A ball is served towards the vat; what the vat returns comes to the person next.
      for (let i = 1; i < events.length; i++) {
        const afterVatHit = events[i - 1] === "vat hit";
        expect(events[i]!.startsWith("person")).toBe(afterVatHit);
      }
    }),
    { numRuns: 50 },
  );
});

test("two that are always there never miss", () => {
  const { points, events } = playOut(7, (ballY) => ballY, true);
  expect(points).toEqual({ vat: 0, person: 0 });
  expect(events.length).toBeGreaterThan(20);
});

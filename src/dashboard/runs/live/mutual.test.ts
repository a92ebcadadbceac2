import { expect, it } from "vitest";
import { Random } from "../../../math/random.ts";
import { MutualPrediction } from "./mutual.ts";

it("finds the brain that leads another, as strong as it was made, and nothing between strangers", () => {
  const random = Random.of(3, "mutual");
  const mutual = new MutualPrediction(4);
  let led = 0;
  for (let step = 0; step < 2000; step++) {
    const leader = random.normal();
    // Brain 1 in this step is what brain 0 was in the last, with as much noise: a correlation of sqrt(1/2).
    mutual.add([leader, led + random.normal(), random.normal(), 5]);
    led = leader;
  }
  const links = mutual.links(10);
  expect(links.map(({ from, to }) => [from, to])).toEqual([[0, 1]]);
  expect(links[0].strength).toBeGreaterThan(0.55);
  expect(links[0].strength).toBeLessThan(0.85);
});

it("does not take for a leader one that only moves with a brain that predicts itself", () => {
  const random = Random.of(4, "mutual");
  const mutual = new MutualPrediction(2);
  let slow = 0;
  for (let step = 0; step < 2000; step++) {
    slow = 0.9 * slow + random.normal();
    mutual.add([slow + 0.3 * random.normal(), slow]);
  }
  expect(mutual.links(10).filter(({ from, to }) => from === 0 && to === 1)).toEqual([]);
});

it("of a hundred brains joins those that are, and few strangers", () => {
  const random = Random.of(5, "mutual");
  const brains = 100;
  const mutual = new MutualPrediction(brains);
  let before = Array.from({ length: brains }, () => random.normal());
  for (let step = 0; step < 1000; step++) {
    // Each of the first half hears a little of one of the others.
    const now = Array.from(before, (_, i) => random.normal() + (i < 50 ? 0.2 * before[i + 50] : 0));
    mutual.add(now);
    before = now;
  }
  const links = mutual.links(400);
  const right = links.filter(({ from, to }) => from === to + 50).length;
  expect(right).toBeGreaterThan(40);
  expect(links.length - right).toBeLessThan(0.15 * links.length);
});

import { expect, it } from "vitest";
import { Random } from "../../math/random.ts";
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
  expect(links[0]!.strength).toBeGreaterThan(0.55);
  expect(links[0]!.strength).toBeLessThan(0.85);
});

it("does not take for a leader one that only moves with a brain that foretells itself", () => {
  const random = Random.of(4, "mutual");
  const mutual = new MutualPrediction(2);
  let slow = 0;
  for (let step = 0; step < 2000; step++) {
    slow = 0.9 * slow + random.normal();
    mutual.add([slow + 0.3 * random.normal(), slow]);
  }
  expect(mutual.links(10).filter(({ from, to }) => from === 0 && to === 1)).toEqual([]);
});

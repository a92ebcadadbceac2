/** Plans of all kinds without pause: many calls at once, long and short, good and bad, in rising and falling order. */
import { Random } from "../../src/math/random.ts";
import type { Flood } from "./flood.ts";
import { phases } from "./plan.ts";

const random = Random.of(1, "flood of plans");
const CALLS = 200;

export const plans: Flood = {
  name: "plans",
  async stimulate(device) {
    const calls = Array.from({ length: CALLS }, () => {
      const count = random.integer(10) === 0 ? random.integer(2000) : random.integer(20);
      return device.stimulate(
        Array.from({ length: count }, () => ({
          frame: device.now() + random.integer(100_000) - 100,
          channel: random.integer(66) - 1,
          phases,
        })),
      );
    });
    await Promise.allSettled(calls);
  },
};

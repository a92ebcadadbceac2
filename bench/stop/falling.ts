/** The longest plans that the gate takes, and longer ones, in falling order, several at once. */
import type { Flood } from "./flood.ts";
import { falling as fallingPlan } from "./plan.ts";

export const falling: Flood = {
  name: "falling",
  async stimulate(device) {
    await Promise.allSettled(
      [10_000, 24_000, 10_000, 10_000].map((count) => device.stimulate(fallingPlan(device, count))),
    );
  },
};

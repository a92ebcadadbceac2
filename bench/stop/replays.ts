/** The same plan, accepted once, again and again. */
import type { Pulse } from "../../src/device/contract.ts";
import type { Flood } from "./flood.ts";
import { falling } from "./plan.ts";

const TIMES = 500;
let plan: readonly Pulse[] = [];

export const replays: Flood = {
  name: "replays",
  async stimulate(device, call) {
    if (call === 0) plan = falling(device, 64);
    await Promise.allSettled(Array.from({ length: TIMES }, () => device.stimulate(plan)));
  },
};

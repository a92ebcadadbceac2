/** For tests: the standard protocol on the simulated array. */
import { simulatedProfile } from "../device/simulated/array.ts";
import { type Layout, layoutFor } from "./layout.ts";

export function standardLayout(seed = 5, classCount = 8): Layout {
  return layoutFor(simulatedProfile, seed, classCount);
}

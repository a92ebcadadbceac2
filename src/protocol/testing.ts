/** For tests: the standard protocol on the simulated array. */
import { simulatedProfile } from "../device/simulated/array.ts";
import { type Layout, layoutOf } from "./layout.ts";
import { STANDARD_PROTOCOL } from "./protocol.ts";
import { divideScaffold } from "./roles.ts";

export function standardLayout(seed = 5, classCount = 8): Layout {
  const roles = divideScaffold(simulatedProfile.electrodes, seed, {
    classCount,
    electrodesPerClass: STANDARD_PROTOCOL.patternSize,
    reservedChannels: simulatedProfile.reservedChannels,
  });
  return layoutOf(STANDARD_PROTOCOL, simulatedProfile, roles);
}

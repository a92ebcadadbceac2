/** `--limits FILE`: the laboratory's own limits of stimulation, over the gate's defaults. */
import { readFileSync } from "node:fs";
import {
  DEFAULT_LIMITS,
  defaultLimits,
  parseLimits,
  type StimulationLimits,
} from "../../device/gate/limits.ts";
import type { DeviceProfile } from "../../device/profile.ts";
import { UsageError } from "../manners/errors.ts";

/** Reads a JSON object with some or all of the fields of `StimulationLimits`; the others are the defaults of the array. */
export function readLimits(path: string, array?: Pick<DeviceProfile, "electrodes">): StimulationLimits {
  const text = readFileSync(path, "utf8");
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    throw new UsageError(`--limits ${path}: expected JSON, got something else`);
  }
  if (typeof given !== "object" || given === null || Array.isArray(given))
    throw new UsageError(`--limits ${path}: expected a JSON object of limits, such as {"maxCurrentUa": 2}`);
  try {
    return parseLimits({ ...(array ? defaultLimits(array) : DEFAULT_LIMITS), ...given });
  } catch (error) {
    throw new UsageError(`--limits ${path}: ${(error as Error).message}`);
  }
}

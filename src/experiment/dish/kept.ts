/** What a run on a dish keeps of it: its address and device, and when it began. The same command must find the same. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { StimulableProfile } from "../../device/profile.ts";
import { writeWhole } from "../../files/whole.ts";
import type { DishPlace } from "../../tissue/dish/place.ts";
import { RunError } from "../error.ts";

export interface KeptDish {
  readonly address: string;
  readonly profile: StimulableProfile;
  /** ISO 8601. */
  readonly began: string;
}

const FILE = "dish.json";

/** Throws `RunError` where the run began with another device. */
export function keepDish(folder: string, { address, profile }: DishPlace): KeptDish {
  if (!profile) throw new Error(`dish ${address}: expected what its device is`);
  const path = join(folder, FILE);
  const found: KeptDish = { address, profile, began: new Date().toISOString() };
  const kept = keptDish(folder);
  if (!kept) {
    writeWhole(path, `${JSON.stringify(found, null, 2)}\n`);
    return found;
  }
  if (!isDeepStrictEqual(kept.profile, JSON.parse(JSON.stringify(profile))))
    throw new RunError(
      `${folder}: expected ${kept.profile.name} with ${kept.profile.electrodes.length} electrodes as ${FILE} has them, with which the run began, got ${profile.name} with ${profile.electrodes.length}, or others; connect that device, or choose another --out`,
    );
  return kept;
}

/** Of a run on a dish; undefined of any other. */
export function keptDish(folder: string): KeptDish | undefined {
  const path = join(folder, FILE);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as KeptDish) : undefined;
}

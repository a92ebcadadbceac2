/** How many electrodes a session's dish has. */
import { DEFAULT_SCAFFOLD, scaffolds } from "../../device/simulated/scaffolds.ts";
import { keptDish } from "../dish/kept.ts";
import type { OrganoidConfig } from "../organoid/config.ts";

export function electrodesOf(folder: string, { scaffold }: OrganoidConfig): number {
  const profile = keptDish(folder)?.profile ?? scaffolds[scaffold ?? DEFAULT_SCAFFOLD].profile;
  return profile.electrodes.length;
}

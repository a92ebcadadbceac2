/** How many electrodes a session's dish has. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DEFAULT_SCAFFOLD, scaffolds } from "../../device/simulated/scaffolds.ts";
import type { KeptDish } from "../dish/kept.ts";
import type { OrganoidConfig } from "../organoid/config.ts";

export function electrodesOf(folder: string, { scaffold }: OrganoidConfig): number {
  const path = join(folder, "dish.json");
  if (!existsSync(path)) return scaffolds[scaffold ?? DEFAULT_SCAFFOLD].profile.electrodes.length;
  return (JSON.parse(readFileSync(path, "utf8")) as KeptDish).profile.electrodes.length;
}

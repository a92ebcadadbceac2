/** All arenas, by name. */
import type { ArenaRules } from "./arena.ts";
import { CENTRE } from "./centre.ts";
import { CORRIDOR } from "./corridor.ts";
import { GATHER } from "./gather.ts";

export const arenas: Readonly<Record<string, ArenaRules>> = {
  centre: CENTRE,
  gather: GATHER,
  corridor: CORRIDOR,
};

/** Opens the engine of this machine for the task, once; then gives the task of each seed. */
import { installedDoom } from "../../engines/installed.ts";
import { arenas } from "../../games/doom/arenas/arenas.ts";
import type { Task } from "../contract.ts";
import { TaskError } from "../error.ts";
import { doomTask } from "./doom.ts";
import { ARENAS, DOOM_DEFAULTS, type DoomOptions } from "./options.ts";

export interface OpenOptions {
  readonly game?: Partial<DoomOptions> | undefined;
  readonly brains: number;
  readonly places: number;
  readonly volleys: number;
}

/** Throws `EngineError` where the engine is not there or another than the run began with, `TaskError` where there is no such arena. */
export function openDoom({ game: asked = {}, brains, places, volleys }: OpenOptions): (seed: number) => Task {
  const game = { ...DOOM_DEFAULTS, ...asked };
  const rules = arenas[game.arena];
  if (!rules) throw new TaskError(`doom: expected an arena out of ${ARENAS.join(", ")}, got ${game.arena}`);
  if (game.perception === "pixels" && rules.counts === "items")
    throw new TaskError(
      `doom: expected perception labels or retina in arena ${game.arena}, got pixels: what lies there is too low`,
    );
  if (rules.way && (game.view === "split" || game.perception === "pixels"))
    throw new TaskError(
      `doom: expected the whole view by labels or retina in arena ${game.arena}, got ${game.view}, ${game.perception}`,
    );
  const parts = installedDoom(game.engine);
  return (seed) => doomTask({ rules, parts, game, seed, brains, places, volleys });
}

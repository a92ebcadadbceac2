/** How Doom is played: the arena, what of the game is perceived, and by whom. */
import { arenas } from "../../games/doom/arenas/arenas.ts";

export const ARENAS = Object.keys(arenas);

/**
 * Perception in steps of honesty, all fixed and none of it trained. `labels`: the bearing of the nearest monster, from the engine's
 * list of things. `retina`: rays from the eyes, and what each meets. `pixels`: the luminance of columns of the frame.
 */
export const PERCEPTIONS = ["labels", "retina", "pixels"] as const;
export type Perception = (typeof PERCEPTIONS)[number];

/**
 * `whole`: every brain sees the whole field of view, and all of them move. `split`: half of the brains are eyes, with a window of it
 * each, that say what should be done; the others see nothing, are told what most eyes said that saw something, and move.
 */
export const VIEWS = ["whole", "split"] as const;
export type View = (typeof VIEWS)[number];

export interface DoomOptions {
  readonly arena: string;
  readonly perception: Perception;
  readonly view: View;
  /** A probe ends with so many lives, or with its presentations. */
  readonly lives: number;
  /** The engine that the run began with, by its SHA-256; the one that is there if not given. */
  readonly engine?: string | undefined;
}

export const DOOM_DEFAULTS: DoomOptions = { arena: "centre", perception: "labels", view: "whole", lives: 20 };

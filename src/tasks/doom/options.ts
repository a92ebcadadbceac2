/** How Doom is played: the arena, what of the game is perceived, and by whom. */
import { arenas } from "../../games/doom/arenas/arenas.ts";

export const ARENAS = Object.keys(arenas);

/**
 * Perception in steps of honesty, all fixed and none of it trained. `labels`: the bearing of the nearest monster, from the engine's
 * list of things. `retina`: rays from the eyes, and what each meets. `pixels`: the luminance of columns of the frame.
 */
export const PERCEPTIONS = ["labels", "retina", "pixels"] as const;
export type Perception = (typeof PERCEPTIONS)[number];

/** `whole`: every brain sees the whole field of view. `split`: each sees a window of it, and is told what those say that saw something. */
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

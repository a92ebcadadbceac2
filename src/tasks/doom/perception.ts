/**
 * What of the game a brain perceives: where the nearest of what is sought stands in its window of the field of view. Bearings in
 * degrees, right positive (as a place code runs from left to right); distances in map units.
 */
import { type Arena, FIELD_OF_VIEW } from "../../games/doom/arenas/arena.ts";
import type { Random } from "../../math/random.ts";
import type { Perception } from "./options.ts";
import { grouped, type Percept } from "./percept.ts";
import { columnsOf, type Retina } from "./pixels.ts";

/** The part of the field of view that a brain sees. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

export const WHOLE: Window = { from: -FIELD_OF_VIEW / 2, to: FIELD_OF_VIEW / 2 };

/** `[N]` windows that overlap by half, from left to right. */
export function windows(brains: number): Window[] {
  const step = FIELD_OF_VIEW / brains;
  return Array.from({ length: brains }, (_, brain) => {
    const centre = (brain + 0.5) * step - FIELD_OF_VIEW / 2;
    return { from: Math.max(WHOLE.from, centre - step), to: Math.min(WHOLE.to, centre + step) };
  });
}

/** One brain's sense. */
export type Sense = (arena: Arena) => Percept | null;

const RAY_STEP = 3;

/** `random` gives the brain's rays a shift of its own, so that many brains see finer than one. */
export function senseOf(perception: Perception, window: Window, random: Random, retina: Retina): Sense {
  if (perception === "labels") return (arena) => labelled(arena, window);
  if (perception === "pixels") return (arena) => nearest(once(arena, retina), window);
  const shift = RAY_STEP * random.uniform();
  return (arena) => byRays(arena, window, shift);
}

let looked: { readonly scene: unknown; readonly percepts: readonly Percept[] } | null = null;

/** All brains look at the same frame: it is drawn once for each scene. */
function once(arena: Arena, retina: Retina): readonly Percept[] {
  if (looked?.scene !== arena.scene) looked = { scene: arena.scene, percepts: columnsOf(arena, retina) };
  return looked.percepts;
}

function labelled(arena: Arena, { from, to }: Window): Percept | null {
  const first = arena.seen.find(({ bearing }) => -bearing >= from && -bearing <= to);
  return first ? { bearing: -first.bearing, distance: first.distance } : null;
}

/** Rays that meet what is sought, one beside the other, are one thing, in the middle of them. */
function byRays(arena: Arena, window: Window, shift: number): Percept | null {
  const wanted = arena.rules.counts === "kills" ? "alive" : "item";
  const met: Percept[] = [];
  for (let bearing = window.from + shift; bearing <= window.to; bearing += RAY_STEP) {
    const ray = arena.engine.ray(-bearing);
    if (ray.met === wanted) met.push({ bearing, distance: ray.distance });
  }
  return nearest(grouped(met, RAY_STEP), window);
}

function nearest(percepts: readonly Percept[], { from, to }: Window): Percept | null {
  return percepts.reduce<Percept | null>(
    (best, one) =>
      one.bearing >= from && one.bearing <= to && (best === null || one.distance < best.distance)
        ? one
        : best,
    null,
  );
}

/**
 * What the built engine exports (engines/doom/shim), as numbers and addresses. Fixed point: 65536 to a map unit; angles: 2^32 to a
 * circle, left positive.
 */
import { EngineError } from "./error.ts";
import type { LinearMemory } from "./web-assembly.ts";

/** Raised with the shim's INTERFACE_VERSION. */
const INTERFACE_VERSION = 2;

export interface DoomExports {
  readonly memory: LinearMemory;
  _initialize(): void;
  doom_interface(): number;
  doom_open(wads: number, isSecondGame: number): void;
  doom_random(place: number): void;
  doom_start(skill: number, episode: number, map: number, random: number): void;
  doom_tic(forward: number, side: number, turn: number, buttons: number): void;
  doom_demo(number: number): void;
  doom_is_demo(): number;
  doom_view(size: number): void;
  doom_render(parts: number): void;
  doom_screen(): number;
  doom_palette(): number;
  doom_state(): number;
  doom_things(withSight: number): number;
  doom_things_at(): number;
  doom_ray(turned: number, range: number): number;
  doom_heard(): number;
  doom_heard_at(): number;
  doom_spawn(type: number, x: number, y: number, angle: number): number;
  doom_spawn_awake(type: number, x: number, y: number, health: number): number;
  doom_bury(atOnce: number): number;
  doom_look(angle: number): void;
  doom_give(health: number, bullets: number): void;
  doom_place(x: number, y: number): number;
}

/** Throws `EngineError` where the module is not this engine, or one of another interface. */
export function checkExports(exported: object): DoomExports {
  const exports = exported as DoomExports;
  const version = typeof exports.doom_interface === "function" ? exports.doom_interface() : null;
  if (version !== INTERFACE_VERSION)
    throw new EngineError(
      `Doom engine: expected interface ${INTERFACE_VERSION}, got ${version === null ? "another program" : version}; run: wetgrad doom setup`,
    );
  return exports;
}

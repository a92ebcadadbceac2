/** What can be read of the game: plain numbers. Places and distances in map units, angles in degrees, left positive. */

export interface DoomState {
  readonly health: number;
  readonly armour: number;
  readonly alive: boolean;
  readonly kills: number;
  readonly items: number;
  readonly x: number;
  readonly y: number;
  readonly z: number;
  /** Where the player looks: 0 east, 90 north. */
  readonly angle: number;
  readonly weapon: number;
  /** Of the weapon in hand; -1 where it needs none. */
  readonly ammunition: number;
  /** Damage that still shows, falling by one a tic. */
  readonly hurt: number;
  /** Bearing of who hurt last, -180 to 180; 0 where nobody did. */
  readonly hurtFrom: number;
  /** Tics since the map began: 35 to a second. */
  readonly tics: number;
  readonly inMap: boolean;
  /** Place in the engine's table of 256 random numbers. */
  readonly random: number;
}

export interface Thing {
  readonly type: number;
  readonly flags: number;
  readonly health: number;
  readonly x: number;
  readonly y: number;
  readonly distance: number;
  /** From where the player looks, -180 to 180. */
  readonly bearing: number;
  /** Whether the player could see it, all around; false where it was not asked for. */
  readonly inSight: boolean;
}

export type Met = "nothing" | "wall" | "alive" | "item";

export interface Ray {
  /** The ray's range where it met nothing. */
  readonly distance: number;
  readonly met: Met;
  /** Of a thing its type, of a wall what it does. */
  readonly type: number;
}

export interface Heard {
  readonly sound: number;
  /** 0 to 1. */
  readonly loudness: number;
  /** -1 left to 1 right. */
  readonly side: number;
}

/** What the player does in a tic: nothing where nothing is said. */
export interface Command {
  /** -50 to 50; 25 walks. */
  readonly forward?: number;
  /** -40 to 40, right positive. */
  readonly side?: number;
  /** Degrees, left positive. */
  readonly turn?: number;
  readonly fire?: boolean;
  readonly use?: boolean;
}

const FIXED = 65536;
const CIRCLE = 2 ** 32;
const MEETS: readonly Met[] = ["nothing", "wall", "alive", "item"];

export const STATE_INTS = 16;
export const THING_INTS = 8;

export const degreesOf = (angle: number): number => ((angle >>> 0) / CIRCLE) * 360;
export const bearingOf = (angle: number): number => ((angle | 0) / CIRCLE) * 360;
export const angleOf = (degrees: number): number => Math.round((degrees / 360) * CIRCLE) | 0;
export const turnOf = (degrees: number): number => Math.round((degrees / 360) * FIXED);

/** `[16]` as engines/doom/shim/senses.c lays them out. */
export function stateOf(v: Int32Array): DoomState {
  return {
    health: v[0],
    armour: v[1],
    alive: v[2] === 1,
    kills: v[3],
    items: v[4],
    x: v[5] / FIXED,
    y: v[6] / FIXED,
    z: v[7] / FIXED,
    angle: degreesOf(v[8]),
    weapon: v[9],
    ammunition: v[10],
    hurt: v[11],
    hurtFrom: bearingOf(v[12]),
    tics: v[13],
    inMap: v[14] === 1,
    random: v[15],
  };
}

/** `[8]` of one thing. */
export function thingOf(v: Int32Array): Thing {
  return {
    type: v[0],
    flags: v[1],
    health: v[2],
    x: v[3] / FIXED,
    y: v[4] / FIXED,
    distance: v[5] / FIXED,
    bearing: bearingOf(v[6]),
    inSight: v[7] === 1,
  };
}

/** `[3]` of one ray. */
export function rayOf([distance, met, type]: Int32Array): Ray {
  return { distance, met: MEETS[met], type };
}

/** `[3]` of one sound. */
export function heardOf([sound, volume, side]: Int32Array): Heard {
  return { sound, loudness: volume / 127, side: (side - 128) / 128 };
}

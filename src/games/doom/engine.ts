/**
 * A Doom engine without window, clock or files (engines/doom says what it is built of): WADs are given, tics are played, and the
 * world is read. All its arithmetic is in integers, so the same commands give the same game everywhere, to the bit; its memory is
 * all of its state, so a copy of it goes on in any instance of the same build.
 */
import { EngineError } from "./error.ts";
import { checkExports, type DoomExports } from "./exports.ts";
import {
  angleOf,
  type Command,
  type DoomState,
  type Heard,
  heardOf,
  type Ray,
  rayOf,
  STATE_INTS,
  stateOf,
  THING_INTS,
  type Thing,
  thingOf,
  turnOf,
} from "./state.ts";
import { readWad } from "./wads/read.ts";
import { type Log, latin1, noSystem } from "./wasi.ts";
import { type CompiledModule, instantiate, type LinearMemory } from "./web-assembly.ts";

export const TICS_PER_SECOND = 35;
export const FRAME_WIDTH = 320;
export const FRAME_HEIGHT = 200;
const PAGE_BYTES = 65536;

export interface DoomParts {
  readonly module: CompiledModule;
  /** Which build of the engine it is: snapshots go on only in the same. */
  readonly build: string;
  /** The game's data first, then maps of one's own. */
  readonly wads: readonly Uint8Array[];
  readonly log?: Log;
}

/** The state of an engine: all of its memory. */
export interface DoomSnapshot {
  readonly build: string;
  readonly memory: Uint8Array;
}

export interface MapStart {
  /** 0 easiest to 4. */
  readonly skill: number;
  readonly map: number;
  /** Of the first game; 1 if not given. */
  readonly episode?: number;
  /** Place in the engine's table of random numbers, 0 to 255. */
  readonly random?: number;
}

export class DoomEngine {
  private constructor(
    readonly build: string,
    private readonly exports: DoomExports,
  ) {}

  /** Throws `EngineError` where the module is not the engine, or what is given first is no game's WAD. */
  static open({ module, build, wads, log = () => {} }: DoomParts): DoomEngine {
    const [game] = wads.map(readWad);
    if (game?.kind !== "IWAD")
      throw new EngineError(
        `Doom: expected a game's WAD (IWAD) first, got ${game ? "a patch (PWAD)" : "none"}`,
      );
    let memory: LinearMemory | null = null;
    const held = () => memory ?? fail("it wrote before it was there");
    const host = {
      wad_size: (wad: number) => wads[wad].length,
      wad_read: (...[wad, offset, to, length]: number[]) => {
        const part = wads[wad].subarray(offset >>> 0, (offset >>> 0) + (length >>> 0));
        new Uint8Array(held().buffer).set(part, to);
        return part.length;
      },
      fatal: (at: number) => {
        const bytes = new Uint8Array(held().buffer);
        fail(latin1(bytes.subarray(at, bytes.indexOf(0, at))));
      },
    };
    let exported: object;
    try {
      const wasi = noSystem(module, held, log);
      exported = instantiate(module, { host, wasi_snapshot_preview1: wasi });
    } catch (error) {
      throw new EngineError(
        `Doom engine: expected one of wetgrad doom setup, got another program (${error})`,
      );
    }
    const exports = checkExports(exported);
    memory = exports.memory;
    exports._initialize();
    exports.doom_open(wads.length, game.names.includes("MAP01") ? 1 : 0);
    return new DoomEngine(build, exports);
  }

  start({ skill, map, episode = 1, random = 0 }: MapStart): void {
    this.exports.doom_start(skill, episode, map, random);
  }

  tic({ forward = 0, side = 0, turn = 0, fire = false, use = false }: Command): void {
    this.exports.doom_tic(forward, side, turnOf(turn), (fire ? 1 : 0) | (use ? 2 : 0));
  }

  state(): DoomState {
    return stateOf(this.ints(this.exports.doom_state(), STATE_INTS));
  }

  get isAlive(): boolean {
    return this.ints(this.exports.doom_state(), STATE_INTS)[2] === 1;
  }

  /** Everything in the map but the player. `sight`: whether each can be seen is worked out. */
  things({ sight = false } = {}): Thing[] {
    const count = this.exports.doom_things(sight ? 1 : 0);
    const all = this.ints(this.exports.doom_things_at(), count * THING_INTS);
    return Array.from({ length: count }, (_, i) =>
      thingOf(all.subarray(i * THING_INTS, (i + 1) * THING_INTS)),
    );
  }

  /** What a ray meets first that leaves the player's eyes so many degrees left of where they look. */
  ray(degrees: number, range = 2048): Ray {
    return rayOf(this.ints(this.exports.doom_ray(angleOf(degrees), range), 3));
  }

  /** What the player heard in the last tic. */
  heard(): Heard[] {
    const count = this.exports.doom_heard();
    const all = this.ints(this.exports.doom_heard_at(), 3 * count);
    return Array.from({ length: count }, (_, i) => heardOf(all.subarray(3 * i, 3 * i + 3)));
  }

  /** `[200, 320]` places in the palette. It leaves marks in memory, but none in the game. `hand`: with the weapon, and its flash. */
  frame({ status = false, hand = true } = {}): Uint8Array {
    this.exports.doom_render((status ? 1 : 0) | (hand ? 2 : 0));
    return new Uint8Array(
      this.exports.memory.buffer,
      this.exports.doom_screen(),
      FRAME_WIDTH * FRAME_HEIGHT,
    ).slice();
  }

  /** `[256, 3]` red, green, blue. */
  palette(): Uint8Array {
    return new Uint8Array(this.exports.memory.buffer, this.exports.doom_palette(), 768).slice();
  }

  /** How much of the frame shows the world: 10 leaves room for the status bar, 11 does not. */
  view(size: 10 | 11): void {
    this.exports.doom_view(size);
  }

  /** Plays a recorded game of the WAD, 0 to 2, from the next tic on. */
  playDemo(number: number): void {
    this.exports.doom_demo(number);
  }

  get isPlayingDemo(): boolean {
    return this.exports.doom_is_demo() === 1;
  }

  snapshot(): DoomSnapshot {
    return { build: this.build, memory: new Uint8Array(this.exports.memory.buffer).slice() };
  }

  /** Throws `EngineError` where the snapshot is of another build. */
  restore({ build, memory }: DoomSnapshot): void {
    if (build !== this.build)
      throw new EngineError(
        `Doom: expected a snapshot of engine ${this.build.slice(0, 12)}, got one of ${build.slice(0, 12)}: it was made by another build`,
      );
    const own = this.exports.memory;
    const missing = memory.length - own.buffer.byteLength;
    if (missing > 0) own.grow(missing / PAGE_BYTES);
    const bytes = new Uint8Array(own.buffer);
    bytes.set(memory);
    bytes.fill(0, memory.length);
  }

  get memoryBytes(): number {
    return this.exports.memory.buffer.byteLength;
  }

  /** Where the engine goes on drawing random numbers, 0 to 255. */
  setRandom(place: number): void {
    this.exports.doom_random(place);
  }

  /** Puts a thing somewhere; false where there is no room. */
  spawn(type: number, x: number, y: number): boolean {
    return this.exports.doom_spawn(type, x, y, 0) === 1;
  }

  /** Puts a monster somewhere, awake and after the player; false where there is no room. */
  spawnAwake(
    type: number,
    { x, y, health }: { readonly x: number; readonly y: number; readonly health: number },
  ): boolean {
    return this.exports.doom_spawn_awake(type, x, y, health) === 1;
  }

  /** Takes away what has died, at once or when it lies still; how many. */
  bury({ atOnce = false } = {}): number {
    return this.exports.doom_bury(atOnce ? 1 : 0);
  }

  look(degrees: number): void {
    this.exports.doom_look(angleOf(degrees));
  }

  give({ health = -1, bullets = -1 }: { readonly health?: number; readonly bullets?: number }): void {
    this.exports.doom_give(health, bullets);
  }

  /** Puts the player somewhere; false where there is no room. */
  place(x: number, y: number): boolean {
    return this.exports.doom_place(Math.round(x), Math.round(y)) === 1;
  }

  /** Memory may have moved with any call. */
  private ints(at: number, count: number): Int32Array {
    return new Int32Array(this.exports.memory.buffer, at, count);
  }
}

function fail(why: string): never {
  throw new EngineError(`Doom engine: ${why}`);
}

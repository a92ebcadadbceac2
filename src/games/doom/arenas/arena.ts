/**
 * An arena: a map and rules of our own, in which a life is played in steps of 100 ms. A life begins from the same state of the
 * engine, with places, angles and the engine's random numbers drawn from the life's own stream: the same stream and moves, the same
 * life to the bit.
 */
import type { Random } from "../../../math/random.ts";
import { DoomEngine, type DoomParts, type DoomSnapshot, TICS_PER_SECOND } from "../engine.ts";
import type { Command, DoomState, Thing } from "../state.ts";

/** What a step of 100 ms holds: three and four tics in turns. */
const TICS_PER_STEP = TICS_PER_SECOND / 10;

export interface ArenaRules {
  readonly name: string;
  /** The map, as a PWAD. */
  readonly map: () => Uint8Array;
  /** 0 easiest to 4. */
  readonly skill: number;
  /** What can be done in a step; turns in degrees a step. */
  readonly moves: readonly { readonly name: string; readonly command: Command }[];
  /** What is counted: monsters killed, or things picked up. */
  readonly counts: "kills" | "items";
  /** Types of the things that matter: monsters, or what is to be picked up. */
  readonly sought: readonly number[];
  /** Bullets of a life; it ends when they are gone. Not given: none are counted. */
  readonly bullets?: number;
  readonly monsters: number;
  /** Steps of a life at most. */
  readonly most: number;
  /** From a death to the next monster, tics. */
  readonly respawnTics: number;
  /** Where the player may begin, and look. */
  readonly begin: (engine: DoomEngine, random: Random) => void;
  /** Puts one of what is sought somewhere; whether there was room. */
  readonly spawn: (engine: DoomEngine, random: Random) => boolean;
  /** Of corridors. */
  readonly way?: (scene: Scene) => Way;
  /** The move that one who sees all of this would make. */
  readonly rightMove: (scene: Scene) => number;
}

/** Where a corridor goes on, as rays from the eyes find it; `near`: the wall is too near to turn. */
export type Way = "ahead" | "left" | "right" | "near";

/** What stands before the player. */
export interface Scene {
  readonly state: DoomState;
  /** What is sought and still there, everywhere. */
  readonly sought: readonly Thing[];
  readonly engine: DoomEngine;
}

export interface Step {
  /** Killed or picked up in this step. */
  readonly scored: number;
  readonly isOver: boolean;
}

/** A life in the middle: it goes on in any arena of the same rules. */
export interface Paused {
  readonly engine: DoomSnapshot;
  readonly life: Life;
}

/** What of a life the engine does not hold. */
interface Life {
  readonly random: Random;
  steps: number;
  tics: number;
  scored: number;
  isOver: boolean;
  /** Tics at which the next ones come. */
  waiting: number[];
}

/** Degrees that can be seen, in all. */
export const FIELD_OF_VIEW = 90;
const SETTLING_TICS = 10;
const SPAWN_TRIES = 20;

export class Arena {
  private current: Life | null = null;
  private now: Scene;

  private constructor(
    readonly rules: ArenaRules,
    readonly engine: DoomEngine,
    private readonly first: DoomSnapshot,
    private readonly buries: boolean,
  ) {
    this.now = { state: engine.state(), sought: [], engine };
  }

  /** Opens an engine of its own with the arena's map. `buries`: the dead are taken away at once, for who sees but pixels. */
  static open(rules: ArenaRules, parts: DoomParts, { buries = false } = {}): Arena {
    const engine = DoomEngine.open({ ...parts, wads: [parts.wads[0], rules.map()] });
    engine.start({ skill: rules.skill, map: 1 });
    for (let tic = 0; tic < SETTLING_TICS; tic++) engine.tic({});
    return new Arena(rules, engine, engine.snapshot(), buries);
  }

  get scene(): Scene {
    return this.now;
  }

  /** What the life has counted so far, and how many steps it has had. */
  get life(): Readonly<Pick<Life, "scored" | "steps" | "isOver">> {
    return this.current ?? { scored: 0, steps: 0, isOver: true };
  }

  /** Begins a life. */
  begin(random: Random): void {
    const { engine, rules } = this;
    engine.restore(this.first);
    this.current = { random, steps: 0, tics: 0, scored: 0, isOver: false, waiting: [] };
    engine.setRandom(random.integer(256));
    engine.give({ health: 100, bullets: rules.bullets ?? 0 });
    rules.begin(engine, random);
    for (let n = 0; n < rules.monsters; n++) this.spawn(random);
    this.look();
  }

  /** Plays one step; -1 does nothing. */
  step(move: number): Step {
    const life = this.current;
    if (!life || life.isOver) throw new Error("internal: expected a life that goes on, got one that is over");
    const { engine, rules } = this;
    const command = rules.moves[move]?.command ?? {};
    const turn = (command.turn ?? 0) / TICS_PER_STEP;
    const until = Math.floor((life.steps + 1) * TICS_PER_STEP);
    for (let tic = Math.floor(life.steps * TICS_PER_STEP); tic < until && engine.isAlive; tic++) {
      engine.tic({ ...command, turn });
      life.tics++;
    }
    life.steps++;
    if (this.buries) engine.bury({ atOnce: true });
    this.look();
    const before = life.scored;
    this.count(life);
    const { state } = this.now;
    const isEmpty = rules.bullets !== undefined && state.ammunition <= 0;
    life.isOver = !state.alive || isEmpty || life.steps >= rules.most;
    return { scored: life.scored - before, isOver: life.isOver };
  }

  /** What is sought, in the field of view and behind no wall, nearest first. */
  get seen(): Thing[] {
    return this.now.sought
      .filter(({ bearing, inSight }) => inSight && Math.abs(bearing) <= FIELD_OF_VIEW / 2)
      .sort((a, b) => a.distance - b.distance);
  }

  /** The life as it stands; it is not to be gone on with here until it is resumed. */
  pause(): Paused {
    if (!this.current) throw new Error("internal: expected a life that has begun, got none");
    return { engine: this.engine.snapshot(), life: this.current };
  }

  resume({ engine, life }: Paused): void {
    this.engine.restore(engine);
    this.current = life;
    this.look();
  }

  private count(life: Life): void {
    const { rules } = this;
    if (rules.counts === "kills") life.scored = this.now.state.kills;
    while (this.now.sought.length + life.waiting.length < rules.monsters) {
      if (rules.counts === "items") life.scored++;
      life.waiting.push(life.tics + rules.respawnTics);
    }
    const due = life.waiting.filter((at) => at <= life.tics).length;
    life.waiting.splice(0, due);
    for (let n = 0; n < due; n++) this.spawn(life.random);
    if (due > 0) this.look();
  }

  private spawn(random: Random): void {
    for (let attempt = 0; attempt < SPAWN_TRIES; attempt++) if (this.rules.spawn(this.engine, random)) return;
  }

  private look(): void {
    const { engine, rules } = this;
    const sought = engine
      .things({ sight: true })
      .filter(({ type, health }) => rules.sought.includes(type) && (rules.counts === "items" || health > 0));
    this.now = { state: engine.state(), sought, engine };
  }
}

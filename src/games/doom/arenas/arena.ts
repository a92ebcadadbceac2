/**
 * An arena: a map and rules of our own, in which a life is played in steps of 100 ms. A life begins from the same state of the
 * engine, with places, angles and the engine's random numbers drawn from the life's own stream: the same stream and moves, the same
 * life to the bit.
 */
import type { Random } from "../../../math/random.ts";
import {
  type DoomEngine,
  type DoomParts,
  type DoomSnapshot,
  DoomEngine as Engine,
  TICS_PER_SECOND,
} from "../engine.ts";
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
  /** The move that one who sees all of this would make. */
  readonly rightMove: (scene: Scene) => number;
}

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

/** Degrees that can be seen, in all. */
export const FIELD_OF_VIEW = 90;
const SETTLING_TICS = 10;
const SPAWN_TRIES = 20;

export class Arena {
  private random: Random | null = null;
  private steps = 0;
  private tics = 0;
  private scored = 0;
  private over = true;
  private waiting: number[] = [];
  private now: Scene;

  private constructor(
    readonly rules: ArenaRules,
    readonly engine: DoomEngine,
    private readonly first: DoomSnapshot,
  ) {
    this.now = { state: engine.state(), sought: [], engine };
  }

  /** Opens an engine of its own with the arena's map. */
  static open(rules: ArenaRules, parts: DoomParts): Arena {
    const engine = Engine.open({ ...parts, wads: [parts.wads[0], rules.map()] });
    engine.start({ skill: rules.skill, map: 1 });
    for (let tic = 0; tic < SETTLING_TICS; tic++) engine.tic({});
    return new Arena(rules, engine, engine.snapshot());
  }

  get scene(): Scene {
    return this.now;
  }

  /** What the life has counted so far, and how many steps it has had. */
  get life(): { readonly scored: number; readonly steps: number; readonly isOver: boolean } {
    return { scored: this.scored, steps: this.steps, isOver: this.over };
  }

  /** Begins a life. */
  begin(random: Random): void {
    const { engine, rules } = this;
    engine.restore(this.first);
    this.random = random;
    [this.steps, this.tics, this.scored, this.over, this.waiting] = [0, 0, 0, false, []];
    engine.setRandom(random.integer(256));
    engine.give({ health: 100, bullets: rules.bullets ?? 0 });
    rules.begin(engine, random);
    for (let n = 0; n < rules.monsters; n++) this.spawn();
    this.look();
  }

  /** Plays one step; -1 does nothing. */
  step(move: number): Step {
    if (this.over) throw new Error("internal: expected a life that goes on, got one that is over");
    const { engine, rules } = this;
    const command = rules.moves[move]?.command ?? {};
    const turn = (command.turn ?? 0) / TICS_PER_STEP;
    const until = Math.floor((this.steps + 1) * TICS_PER_STEP);
    for (let tic = Math.floor(this.steps * TICS_PER_STEP); tic < until && engine.isAlive; tic++) {
      engine.tic({ ...command, turn });
      this.tics++;
    }
    this.steps++;
    this.look();
    const before = this.scored;
    this.count();
    const { state } = this.now;
    const isEmpty = rules.bullets !== undefined && state.ammunition <= 0;
    this.over = !state.alive || isEmpty || this.steps >= rules.most;
    return { scored: this.scored - before, isOver: this.over };
  }

  /** What is sought and in the field of view, nearest first; walls are not looked through where there are some. */
  get seen(): Thing[] {
    return this.now.sought
      .filter(({ bearing, inSight }) => inSight && Math.abs(bearing) <= FIELD_OF_VIEW / 2)
      .sort((a, b) => a.distance - b.distance);
  }

  private count(): void {
    const { rules } = this;
    if (rules.counts === "kills") this.scored = this.now.state.kills;
    while (this.now.sought.length + this.waiting.length < rules.monsters) {
      if (rules.counts === "items") this.scored++;
      this.waiting.push(this.tics + rules.respawnTics);
    }
    const due = this.waiting.filter((at) => at <= this.tics).length;
    this.waiting.splice(0, due);
    for (let n = 0; n < due; n++) this.spawn();
    if (due > 0) this.look();
  }

  private spawn(): void {
    for (let attempt = 0; attempt < SPAWN_TRIES; attempt++)
      if (this.rules.spawn(this.engine, this.random as Random)) return;
  }

  private look(): void {
    const { engine, rules } = this;
    const sought = engine
      .things({ sight: true })
      .filter(({ type, health }) => rules.sought.includes(type) && (rules.counts === "items" || health > 0));
    this.now = { state: engine.state(), sought, engine };
  }
}

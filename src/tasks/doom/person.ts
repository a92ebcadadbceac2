/** A person in a brain's place: the same arena, the same lives and the same senses, one step at a time. */
import { Random } from "../../math/random.ts";
import type { Frame, GameScore, WorldEvent } from "../contract.ts";
import { shiftOf } from "./coding.ts";
import { endedLives, scoreOf } from "./lives.ts";
import type { Perception } from "./options.ts";
import { senseOf, WHOLE } from "./perception.ts";
import type { Stage } from "./stage.ts";
import { DoomWorld } from "./world.ts";

/** What a person is shown of a step. */
export interface Shown {
  /** The site that a brain would be pulsed at, and thirds of the volleys. */
  readonly site: number;
  readonly thirds: number;
  readonly scored: number;
  readonly health: number;
  readonly bullets: number;
  /** Lives that are over, and what they came to. */
  readonly lives: number;
  readonly score: GameScore;
  readonly event: WorldEvent | null;
}

export class PersonGame {
  private readonly world: DoomWorld;
  private readonly events: (WorldEvent | null)[] = [];

  constructor(
    private readonly stage: Stage,
    { seed, perception }: { readonly seed: number; readonly perception: Perception },
  ) {
    const random = Random.of(seed, "doom sites", 0);
    const shift = shiftOf(random);
    this.world = new DoomWorld({
      stage,
      eyes: [{ sense: senseOf(perception, WHOLE, random, stage), shift }],
      view: "whole",
      random: Random.of(seed, "doom", stage.rules.name, "probe", 1),
      explore: 0,
      connected: true,
      datum: () => ({ places: [0], volleys: 1 }),
    });
  }

  get moves(): readonly string[] {
    return this.stage.rules.moves.map(({ name }) => name);
  }

  /** Makes a move, and shows what came of it; -1 looks and does nothing. */
  step(move: number): Shown {
    const event = move < 0 ? null : this.world.do(move);
    if (move >= 0) this.events.push(event);
    const [{ site, thirds }] = this.world.givenNow();
    const { scored, health, bullets } = this.world.game();
    const lives = endedLives(this.events);
    const score = lives > 0 ? scoreOf(this.events, this.stage.rules.counts) : {};
    return { site, thirds, scored, health, bullets, lives, score, event };
  }

  frame(): Frame {
    return this.stage.frame(this.world);
  }
}

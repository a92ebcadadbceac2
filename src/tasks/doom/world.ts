/**
 * A stretch of the game: one life after the other, each drawn from the stretch's own stream, played with what most brains say.
 *
 * Legend: N brains.
 */
import type { Random } from "../../math/random.ts";
import type { Datum } from "../../protocol/protocol.ts";
import type { FrameView, Said, World, WorldEvent } from "../contract.ts";
import { together } from "../measures/vote.ts";
import { type Given, givenOf, givenOfEye, givenOfHand, givenOfWay, READ_SPLIT } from "./coding.ts";
import type { View } from "./options.ts";
import type { Sense } from "./perception.ts";
import type { Player, Stage } from "./stage.ts";

/** A brain's senses: what it perceives, and how far its edges are shifted. Null: it sees nothing, and is told. */
export interface Eyes {
  readonly sense: Sense | null;
  readonly shift: number;
}

export interface WorldOptions {
  readonly stage: Stage;
  /** `[N]` */
  readonly eyes: readonly Eyes[];
  readonly view: View;
  readonly random: Random;
  /** Share of moves that are drawn at random, so that the game goes where it went wrong before. */
  readonly explore: number;
  /** Whether brains are told of each other. */
  readonly connected: boolean;
  readonly datum: (given: Given) => Datum;
}

/** What is done where nothing is seen. */
const RIGHT = 2;

export class DoomWorld implements World, Player {
  aside: Player["aside"] = null;
  private readonly explorer: Random;
  private lives = 0;
  private turn = 0;
  private hasBegun = false;
  /** A kill in a life's last step is told first, its end in the step after. */
  private isEnding = false;
  private given: readonly Given[] | null = null;
  private told = -1;
  private said = new Int32Array();
  /** All moves so far. */
  readonly made: number[] = [];

  constructor(private readonly options: WorldOptions) {
    this.explorer = options.random.split("explore");
  }

  present(): readonly Datum[] {
    return this.givenNow().map(this.options.datum);
  }

  /** An eye is to say what will be right when it is acted on; one that sees nothing has nothing to say. */
  targets(): Int32Array {
    const right = this.rightMove();
    if (this.options.view === "whole") return new Int32Array(this.options.eyes.length).fill(right);
    const arena = this.arena();
    return Int32Array.from(this.options.eyes, ({ sense }) => {
      if (!sense) return right;
      const percept = sense(arena);
      return percept ? READ_SPLIT[givenOfEye(percept, 0, this.ahead()).site] : -1;
    });
  }

  answers(): readonly number[] {
    return [this.rightMove()];
  }

  advance(said: Said): WorldEvent | null {
    const { stage, explore } = this.options;
    const moves = stage.rules.moves.length;
    // Drawn in every step, so that the same steps explore whatever happens in between.
    const [wanders, elsewhere] = [this.explorer.uniform() < explore, this.explorer.integer(moves)];
    const move = wanders ? elsewhere : together(this.ofMovers(said), this.turn, moves);
    this.turn++;
    this.told = this.sayWhoSaw(said, moves);
    this.said = said.slice();
    return this.do(move);
  }

  /** Makes a move, whoever chose it. */
  do(move: number): WorldEvent | null {
    this.made.push(move);
    const arena = this.arena();
    this.given = null;
    if (this.isEnding) {
      this.isEnding = false;
      this.begin();
      return "miss";
    }
    const { scored, isOver } = arena.step(move);
    if (scored > 0) {
      this.isEnding = isOver;
      return "hit";
    }
    if (isOver) this.begin();
    return isOver ? "miss" : null;
  }

  moves(): readonly number[] {
    return this.made;
  }

  game(): FrameView {
    const { stage } = this.options;
    const { scene, life } = this.arena();
    const last = this.made.at(-1);
    return {
      scored: life.scored,
      lives: this.lives - 1,
      health: Math.max(0, scene.state.health),
      bullets: stage.rules.bullets === undefined ? -1 : scene.state.ammunition,
      given: this.givenNow().map(({ site }) => site),
      said: [...this.said],
      move: last === undefined ? "" : stage.rules.moves[last].name,
      frame: () => stage.frame(this),
    };
  }

  private arena() {
    const arena = this.options.stage.take(this);
    if (!this.hasBegun) {
      this.hasBegun = true;
      this.begin();
    }
    return arena;
  }

  private begin(): void {
    this.options.stage.take(this).begin(this.options.random.split(`life ${this.lives++}`));
    this.told = -1;
  }

  private rightMove(): number {
    return this.options.stage.rules.rightMove(this.arena().scene);
  }

  /** `[N]` what each brain is given now. */
  givenNow(): readonly Given[] {
    const { eyes, view, connected } = this.options;
    const arena = this.arena();
    const way = this.given ? undefined : arena.rules.way?.(arena.scene);
    this.given ??= eyes.map(({ sense, shift }) => {
      if (!sense) return givenOfHand(connected ? this.told : -1);
      const percept = sense(arena);
      if (way) return givenOfWay(percept, shift, way);
      return view === "whole" ? givenOf(percept, shift) : givenOfEye(percept, shift, this.ahead());
    });
    return this.given;
  }

  /** Those whose word moves: all, or those that are told. */
  private ofMovers(said: Said): ArrayLike<number> {
    const { eyes, view } = this.options;
    return view === "whole" ? said : said.filter((_, brain) => eyes[brain].sense === null);
  }

  /** By how much what is seen will have moved to the right when an eye's word is acted on: by the turn that is made meanwhile. */
  private ahead(): number {
    const { rules } = this.options.stage;
    return rules.moves[this.told < 0 ? RIGHT : this.told].command.turn ?? 0;
  }

  /** What most eyes said that saw something; -1 where none did. */
  private sayWhoSaw(said: Said, moves: number): number {
    const { eyes, view } = this.options;
    if (view === "whole") return -1;
    const arena = this.arena();
    const saw = said.filter((_, brain) => eyes[brain].sense?.(arena) != null);
    return saw.length === 0 ? -1 : together(saw, this.turn, moves);
  }
}

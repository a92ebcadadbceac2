/**
 * A vat that learns Pong in a tab, given and taught as the task `pong` is (src/tasks/pong): every brain sees the ball by places and rate,
 * and the electrodes of the move that would have been right are written. Then it plays alone, against the wall or a person.
 */
import { Random } from "../math/random.ts";
import { decideByCounts } from "../protocol/reading.ts";
import { SITES, seen, siteShift } from "../tasks/pong/pong-coding.ts";
import { MOVES, type PongGame, play, rightMove, serve } from "../tasks/pong/pong-game.ts";
import { spikesOf, Vat, type VatOptions } from "./vat.ts";

/** Steps of a lesson, and of playing alone against the wall: 12 and 10 s of the game. */
export const LESSON_STEPS = 120;
export const ALONE_STEPS = 100;
/** Share of moves in a lesson that are drawn at random, so that the game goes where it went wrong before. */
const EXPLORE = 0.5;

/** What is drawn of the game. */
export type Court = Pick<PongGame, "ballX" | "ballY" | "paddleY">;

export interface PongStep {
  readonly court: Court;
  readonly event: "hit" | "miss" | null;
  /** `[MOVES]` spikes for each move, over all brains. */
  readonly votes: Float64Array;
}

export class PongVat {
  private readonly shifts: readonly number[];
  private readonly brains: readonly number[];
  private turn = 0;
  private games = 0;

  private constructor(private readonly vat: Vat) {
    const { seed, brains } = vat.options;
    this.brains = Array.from({ length: brains }, (_, brain) => brain);
    this.shifts = this.brains.map((brain) => siteShift(seed, brain));
  }

  static async grow(options: Omit<VatOptions, "classes">): Promise<PongVat> {
    return new PongVat(await Vat.grow({ ...options, classes: MOVES }));
  }

  /** The move that its brains choose together, none being told. */
  async move(court: Court): Promise<{ move: number; votes: Float64Array }> {
    return this.answer(court, null);
  }

  /** A lesson, the right move being written, or so many steps of playing alone against the wall. */
  async *play(steps: number, isLesson: boolean): AsyncGenerator<PongStep> {
    const random = Random.of(this.vat.options.seed, "pong", isLesson ? "train" : "probe", this.games++);
    const explore = random.split("explore");
    let game = serve(random);
    for (let step = 0; step < steps; step++) {
      const lesson = isLesson ? { right: rightMove(game), plasticity: 1 } : null;
      const { move, votes } = await this.answer(game, lesson);
      const wander = isLesson && explore.uniform() < EXPLORE;
      const next = play(game, wander ? explore.integer(MOVES) : move, random);
      game = next.game;
      yield { court: game, event: next.event, votes };
    }
  }

  private async answer(
    court: Court,
    lesson: { readonly right: number; readonly plasticity: number } | null,
  ): Promise<{ move: number; votes: Float64Array }> {
    const { protocol, roles } = this.vat.layout;
    const zone = {
      perSite: Math.floor(roles.sensory.length / SITES),
      volleys: protocol.volleysMs.length,
    };
    const data = this.shifts.map((shift) => seen(zone, court, shift));
    const { scores } = await this.vat.present(data, lesson);
    const votes = spikesOf(this.brains, scores, MOVES);
    return { move: decideByCounts(votes, this.turn++), votes };
  }
}

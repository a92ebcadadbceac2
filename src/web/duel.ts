/** Pong for two: the brains at the left line, as ever, and a person at the right, where the wall was. */
import type { Random } from "../math/random.ts";
import { HALF_PADDLE, type PongGame, play, serve } from "../tasks/pong/pong-game.ts";

export interface Duel {
  readonly game: PongGame;
  /** Points of the vat and of the person. */
  readonly points: { readonly vat: number; readonly person: number };
}

export type DuelEvent = "vat hit" | "vat missed" | "person hit" | "person missed" | null;

/** Who has so many points first has won. */
export const WINNING_POINTS = 5;

export function beginDuel(random: Random): Duel {
  return { game: serve(random), points: { vat: 0, person: 0 } };
}

/** One step of 100 ms under the vat's move, the person's paddle at a height. */
export function playDuel(
  { game, points }: Duel,
  { move, personY }: { readonly move: number; readonly personY: number },
  random: Random,
): { duel: Duel; event: DuelEvent } {
  const next = play(game, move, random);
  if (next.event === "miss")
    return {
      duel: { game: next.game, points: { ...points, person: points.person + 1 } },
      event: "vat missed",
    };
  if (next.event === "hit") return { duel: { game: next.game, points }, event: "vat hit" };
  const isReturned = game.velocityX > 0 && next.game.velocityX < 0;
  if (!isReturned) return { duel: { game: next.game, points }, event: null };
  if (Math.abs(next.game.ballY - personY) <= HALF_PADDLE)
    return { duel: { game: next.game, points }, event: "person hit" };
  return {
    duel: { game: serve(random, next.game.paddleY), points: { ...points, vat: points.vat + 1 } },
    event: "person missed",
  };
}

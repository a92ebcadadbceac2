/**
 * The ball and the paddle. The field is 1 x 1; the ball flies from the right wall, where it is served, to the paddle's line at
 * x = 0, and bounces off top and bottom; a hit sends it back, and the far wall returns it. A rally ends with a miss.
 * After Kagan et al. 2022, "In vitro neurons learn and exhibit sentience when embodied in a simulated game-world",
 * https://doi.org/10.1016/j.neuron.2022.09.001. One step is 100 ms.
 */
import type { Random } from "../../math/random.ts";

export interface PongGame {
  readonly ballX: number;
  readonly ballY: number;
  readonly velocityX: number;
  readonly velocityY: number;
  readonly paddleY: number;
}

export const HALF_PADDLE = 0.15;
const PADDLE_SPEED = 0.1;
const SPEED_X = 0.1;
const SLOWEST_Y = 0.02;
const FASTEST_Y = 0.06;

/** Moves of the paddle. */
export const MOVES = 3;
const UP = 0;
const STAY = 1;
const DOWN = 2;

export function serve(random: Random, paddleY = 0.5): PongGame {
  const up = random.uniform() < 0.5 ? -1 : 1;
  return {
    ballX: 1,
    ballY: 0.1 + 0.8 * random.uniform(),
    velocityX: -SPEED_X,
    velocityY: up * (SLOWEST_Y + (FASTEST_Y - SLOWEST_Y) * random.uniform()),
    paddleY,
  };
}

/** One step of the game under a move; on a miss a new ball is served. */
export function play(
  game: PongGame,
  move: number,
  random: Random,
): { game: PongGame; event: "hit" | "miss" | null } {
  const shift = move === UP ? PADDLE_SPEED : move === DOWN ? -PADDLE_SPEED : 0;
  const paddleY = Math.min(1 - HALF_PADDLE, Math.max(HALF_PADDLE, game.paddleY + shift));
  let { velocityX, velocityY } = game;
  let ballX = game.ballX + velocityX;
  let ballY = game.ballY + velocityY;
  if (ballY < 0 || ballY > 1) {
    ballY = ballY < 0 ? -ballY : 2 - ballY;
    velocityY = -velocityY;
  }
  if (ballX > 1) {
    ballX = 2 - ballX;
    velocityX = -velocityX;
  }
  if (ballX > 1e-9) return { game: { ballX, ballY, velocityX, velocityY, paddleY }, event: null };
  if (Math.abs(ballY - paddleY) > HALF_PADDLE) return { game: serve(random, paddleY), event: "miss" };
  // As on a real table the ball leaves at another slant, so that no rally repeats itself.
  const slant = Math.sign(velocityY) * (SLOWEST_Y + (FASTEST_Y - SLOWEST_Y) * random.uniform());
  return { game: { ballX: -ballX, ballY, velocityX: -velocityX, velocityY: slant, paddleY }, event: "hit" };
}

/** The move that brings the paddle towards the ball's height. */
export function rightMove({ ballY, paddleY }: PongGame): number {
  const gap = ballY - paddleY;
  if (Math.abs(gap) < PADDLE_SPEED / 2) return STAY;
  return gap > 0 ? UP : DOWN;
}

/** What an agent sees: the same as a brain, without places or rates: where the ball is from the paddle, and how near. */
export function observe({ ballX, ballY, paddleY }: PongGame): Float32Array {
  return Float32Array.of(4 * (ballY - paddleY), 2 * ballX - 1);
}
export const OBSERVATION = 2;

/** What is counted of a row of hits and misses. */
export interface RallyCount {
  readonly rallies: number;
  readonly hitsPerRally: number;
  /** Share of rallies that ended at the first ball. */
  readonly aces: number;
  /** Share of rallies with at least three hits. */
  readonly longRallies: number;
}

/** Rallies that had ended by the last event; the one still going counts if it is longer than none. */
export function countRallies(events: readonly ("hit" | "miss" | null)[]): RallyCount {
  const lengths: number[] = [];
  let hits = 0;
  for (const event of events) {
    if (event === "hit") hits++;
    if (event === "miss") {
      lengths.push(hits);
      hits = 0;
    }
  }
  if (hits > 0) lengths.push(hits);
  const share = (pick: (length: number) => boolean) =>
    lengths.length === 0 ? 0 : lengths.filter(pick).length / lengths.length;
  return {
    rallies: lengths.length,
    hitsPerRally:
      lengths.length === 0 ? 0 : lengths.reduce((sum, length) => sum + length, 0) / lengths.length,
    aces: share((length) => length === 0),
    longRallies: share((length) => length >= 3),
  };
}

/**
 * Pong, with the dish experiment's coding (Kagan et al. 2022, https://doi.org/10.1016/j.neuron.2022.09.001): eight
 * sensory sites say where the ball is relative to the paddle (place code) and the pulse rate how near it is (rate
 * code; 10, 20 or 30 Hz here, 4 to 40 there); motor regions move the paddle up or down, a third holds it. Every brain's
 * sites are shifted a little, so that many see finer than one. The vat plays with what all its brains say together.
 */
import { Random } from "../../../math/random.ts";
import type { Given, VatTask, VatWorld } from "../contract.ts";
import { PLACES } from "../contract.ts";
import { type PongGame, play, rightMove, serve } from "./pong-game.ts";

export interface PongOptions {
  readonly seed: number;
  readonly brains: number;
}

export const SITES = 8;
const PER_SITE = PLACES / SITES;
/** Ball minus paddle between one site and the next: finer where the ball is near the paddle's height. */
const EDGES = [-0.35, -0.2, -0.05, 0, 0.05, 0.2, 0.35];
/** How far a brain's edges lie from these, at most. */
const SHIFT = 0.02;
const MOVES = 3;
/** Share of moves in training that are drawn at random, so that the game goes where it went wrong before. */
const EXPLORE = 0.5;

/** The electrodes (places) of each site that the published feedback pulses: one of each. */
export const FEEDBACK_PLACES = Array.from({ length: SITES }, (_, site) => site * PER_SITE);

export function pongTask({ seed, brains }: PongOptions): VatTask {
  const shifts = Array.from(
    { length: brains },
    (_, brain) => SHIFT * (2 * Random.of(seed, "pong sites", brain).uniform() - 1),
  );
  const given = (site: number, volleys: number): Given => ({
    places: Array.from({ length: PER_SITE }, (_, i) => site * PER_SITE + i),
    volleys,
  });
  const see = ({ ballX, ballY, paddleY }: PongGame, brain: number): Given => {
    const gap = ballY - paddleY + shifts[brain];
    const site = EDGES.filter((edge) => gap >= edge).length;
    return given(site, ballX < 1 / 3 ? 3 : ballX < 2 / 3 ? 2 : 1);
  };
  return {
    name: "pong",
    source: "eight sensory sites (place and rate code), motor regions for up, stay and down",
    classes: MOVES,
    sight: "all",
    questions: [
      { name: "the move", answers: MOVES, brains: [...Array(brains).keys()], wordOf: (_, answer) => answer },
    ],
    notes: [
      "One step of the game is 100 ms; pulse rates are 10, 20 and 30 Hz where the published ones are 4 to 40 Hz.",
      `In training ${100 * EXPLORE} % of the moves are random, in every arm; in probes none.`,
      "Descent and teacher are told which move would have been right; DQN and PPO only of hits and misses.",
      "Every brain sees the whole game, so the others have little to tell it that it does not see.",
    ],
    babble: (random) => given(random.integer(SITES), 1 + random.integer(3)),
    world(phase, block): VatWorld {
      const random = Random.of(seed, "pong", phase, block);
      const explore = random.split("explore");
      let game = serve(random);
      let turn = 0;
      return {
        present: () => Array.from({ length: brains }, (_, brain) => see(game, brain)),
        targets: () => new Int32Array(brains).fill(rightMove(game)),
        answers: () => [rightMove(game)],
        game: () => game,
        advance({ byHand }) {
          const wander = phase === "train" && explore.uniform() < EXPLORE;
          const move = wander ? explore.integer(MOVES) : together(byHand, turn++);
          const next = play(game, move, random);
          game = next.game;
          return next.event;
        },
      };
    },
  };
}

/** The move of most brains, each by its busiest motor region; ties go round with `turn`. No model takes part. */
function together(byHand: Int32Array, turn: number): number {
  const votes = new Int32Array(MOVES);
  for (const move of byHand) votes[move]++;
  const inTurn = Array.from({ length: MOVES }, (_, i) => (i + turn) % MOVES);
  return inTurn.reduce((best, move) => (votes[move] > votes[best] ? move : best));
}

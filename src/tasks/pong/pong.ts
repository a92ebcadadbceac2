/**
 * Pong, with the dish experiment's coding (Kagan et al. 2022, https://doi.org/10.1016/j.neuron.2022.09.001): eight
 * sensory sites say where the ball is relative to the paddle (place code) and the pulse rate how near it is (rate
 * code; 10, 20 or 30 Hz here, 4 to 40 there); motor regions move the paddle up or down, a third holds it. Every brain's
 * sites are shifted a little, so that many see finer than one. The vat plays with what all its brains say together.
 */
import { Random } from "../../math/random.ts";
import type { Datum } from "../../protocol/protocol.ts";
import type { Task, World } from "../contract.ts";
import { TaskError } from "../error.ts";
import { together } from "../measures/vote.ts";
import { playOpponents } from "./opponents.ts";
import { countRallies, HALF_PADDLE, MOVES, type PongGame, play, rightMove, serve } from "./pong-game.ts";

export interface PongOptions {
  readonly seed: number;
  readonly brains: number;
  /** Places of every sensory zone. */
  readonly places: number;
  /** Volleys of a datum at most: pulse rates are a third, two thirds or all of them. */
  readonly volleys: number;
}

export const SITES = 8;
/** Ball minus paddle between one site and the next: finer where the ball is near the paddle's height. */
const EDGES = [-0.35, -0.2, -0.05, 0, 0.05, 0.2, 0.35];
/** How far a brain's edges lie from these, at most. */
const SHIFT = 0.02;
/** Share of moves in training that are drawn at random, so that the game goes where it went wrong before. */
const EXPLORE = 0.5;

export function pongTask({ seed, brains, places, volleys }: PongOptions): Task {
  const perSite = Math.floor(places / SITES);
  if (perSite < 1)
    throw new TaskError(
      `pong: expected at least ${SITES} sensory electrodes, got ${places}; choose a device with more`,
    );
  const shifts = Array.from(
    { length: brains },
    (_, brain) => SHIFT * (2 * Random.of(seed, "pong sites", brain).uniform() - 1),
  );
  const given = (site: number, thirds: number): Datum => ({
    places: Array.from({ length: perSite }, (_, i) => site * perSite + i),
    volleys: Math.max(1, Math.round((thirds * volleys) / 3)),
  });
  const see = ({ ballX, ballY, paddleY }: PongGame, brain: number): Datum => {
    const gap = ballY - paddleY + shifts[brain];
    const site = EDGES.filter((edge) => gap >= edge).length;
    return given(site, ballX < 1 / 3 ? 3 : ballX < 2 / 3 ? 2 : 1);
  };
  return {
    name: "pong",
    source: "eight sensory sites (place and rate code), motor regions for up, stay and down",
    kind: "game",
    classes: MOVES,
    brains,
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
    score: countRallies,
    opponents: (samples) => playOpponents(samples, seed),
    babble: (random) => given(random.integer(SITES), 1 + random.integer(3)),
    world(phase, block): World {
      const random = Random.of(seed, "pong", phase, block);
      const explore = random.split("explore");
      let game = serve(random);
      let turn = 0;
      return {
        present: () => Array.from({ length: brains }, (_, brain) => see(game, brain)),
        targets: () => new Int32Array(brains).fill(rightMove(game)),
        answers: () => [rightMove(game)],
        game: () => ({
          ballX: game.ballX,
          ballY: game.ballY,
          paddleY: game.paddleY,
          paddleSize: 2 * HALF_PADDLE,
        }),
        advance(said) {
          const wander = phase === "train" && explore.uniform() < EXPLORE;
          const move = wander ? explore.integer(MOVES) : together(said, turn++, MOVES);
          const next = play(game, move, random);
          game = next.game;
          return next.event;
        },
      };
    },
  };
}

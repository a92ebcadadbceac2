/**
 * Pong, with the dish experiment's coding (./pong-coding.ts): motor regions move the paddle up or down, a third holds it. Every brain's
 * sites are shifted a little, so that many see finer than one. The vat plays with what all its brains say together.
 */
import { Random } from "../../math/random.ts";
import type { Task, World } from "../contract.ts";
import { TaskError } from "../error.ts";
import { together } from "../measures/vote.ts";
import { playOpponents } from "./opponents.ts";
import { SITES, seen, siteDatum, siteShift } from "./pong-coding.ts";
import { countRallies, HALF_PADDLE, MOVES, play, rightMove, serve } from "./pong-game.ts";

export interface PongOptions {
  readonly seed: number;
  readonly brains: number;
  /** Places of every sensory zone. */
  readonly places: number;
  /** Volleys of a datum at most: pulse rates are a third, two thirds or all of them. */
  readonly volleys: number;
}

/** Share of moves in training that are drawn at random, so that the game goes where it went wrong before. */
const EXPLORE = 0.5;

export function pongTask({ seed, brains, places, volleys }: PongOptions): Task {
  const perSite = Math.floor(places / SITES);
  if (perSite < 1)
    throw new TaskError(
      `pong: expected at least ${SITES} sensory electrodes, got ${places}; choose a device with more`,
    );
  const shifts = Array.from({ length: brains }, (_, brain) => siteShift(seed, brain));
  const zone = { perSite, volleys };
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
    babble: (random) => siteDatum(zone, random.integer(SITES), 1 + random.integer(3)),
    world(phase, block): World {
      const random = Random.of(seed, "pong", phase, block);
      const explore = random.split("explore");
      let game = serve(random);
      let turn = 0;
      return {
        present: () => shifts.map((shift) => seen(zone, game, shift)),
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

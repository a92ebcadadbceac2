/**
 * Doom: a real engine, played by what most brains of a vat say. Between game and tissue stands a fixed code (coding.ts), between tissue
 * and game the busiest group of electrodes and a majority: nothing outside the tissue is trained at play.
 */
import type { ArenaRules } from "../../games/doom/arenas/arena.ts";
import { GATHER } from "../../games/doom/arenas/gather.ts";
import type { DoomParts } from "../../games/doom/engine.ts";
import { Random } from "../../math/random.ts";
import type { Task } from "../contract.ts";
import { TaskError } from "../error.ts";
import { datumOf, NOTHING, READ, READ_SPLIT, READ_WAY, SITES, shiftOf } from "./coding.ts";
import { black, inAnotherOrder, late, ofAnotherGame } from "./critics.ts";
import { filmOf } from "./film.ts";
import { endedLives, scoreOf } from "./lives.ts";
import type { DoomOptions } from "./options.ts";
import { senseOf, WHOLE, type Window, windows } from "./perception.ts";
import { playOpponents } from "./players.ts";
import { Stage } from "./stage.ts";
import { DoomWorld, type Eyes } from "./world.ts";

export interface DoomTaskOptions {
  readonly rules: ArenaRules;
  readonly parts: DoomParts;
  readonly game: DoomOptions;
  readonly seed: number;
  readonly brains: number;
  readonly places: number;
  readonly volleys: number;
}

/** Share of moves in training that are drawn at random. */
const EXPLORE = 0.5;
/** Lives of the other arena, which are four times as long. */
const OTHER_LIVES = 5;
/** Half of them are eyes. */
const LEAST_SPLIT = 4;
/** Blocks of games that no probe plays. */
const OTHER = 1000;

export function doomTask({ rules, parts, game, seed, brains, places, volleys }: DoomTaskOptions): Task {
  const datum = datumOf({ places, volleys });
  const { perception, view, lives } = game;
  const newStage = () => new Stage(rules, parts, { pixels: perception === "pixels" });
  let opened: Stage | null = null;
  const stage = () => (opened ??= newStage());
  if (view === "split" && brains < LEAST_SPLIT)
    throw new TaskError(`doom: expected at least ${LEAST_SPLIT} brains for a split view, got ${brains}`);
  /** `[N]`; null: sees nothing, and is told. */
  const seen = Array.from({ length: brains }, (_, brain): Window | null =>
    view === "whole" ? WHOLE : (windows(brains >> 1)[brain] ?? null),
  );
  const movers = [...Array(brains).keys()].filter((brain) => view === "whole" || seen[brain] === null);
  const eyes = (at = stage()): Eyes[] =>
    seen.map((window, brain) => {
      const random = Random.of(seed, "doom sites", brain);
      return { shift: shiftOf(random), sense: window && senseOf(perception, window, random, at) };
    });
  const world = (phase: "train" | "probe", block: number, connected: boolean, at = stage()) =>
    new DoomWorld({
      stage: at,
      eyes: eyes(at),
      view,
      connected,
      random: Random.of(seed, "doom", rules.name, phase, block),
      explore: phase === "train" ? EXPLORE : 0,
      datum,
    });
  return {
    name: "doom",
    source: `a Doom engine with Freedoom's data, arena ${rules.name}: ${PERCEIVED[perception]}${view === "split" ? ", half of the brains are eyes with a window each, the others are told and move" : ""}`,
    kind: "game",
    classes: rules.moves.length,
    brains,
    sight: "all",
    questions: [
      {
        name: "the move",
        answers: rules.moves.length,
        brains: movers,
        wordOf: (_, answer) => answer,
      },
    ],
    metrics: [rules.counts === "kills" ? "killsPerLife" : "itemsPerLife", "counts"],
    notes: [
      `One step of the game is 100 ms, three or four of the engine's tics. Moves: ${rules.moves.map(({ name }) => name).join(", ")}.`,
      `In training ${100 * EXPLORE} % of the moves are random, in every arm; in probes none. A probe ends with ${lives} lives.`,
      "Descent and teacher are told which move would have been right; the table, DQN and PPO of kills and ends of lives, as the published feedback is.",
      `Engine ${parts.build.slice(0, 12)}. Between game and tissue and between tissue and game nothing is trained: what a program with the same sites can do stands in the table.`,
    ],
    score: (events) => scoreOf(events, rules.counts),
    critics: {
      late,
      blackScreen: (going) =>
        black(
          going,
          eyes().map(() => datum(NOTHING)),
        ),
      framesInAnotherOrder: (going, block) =>
        inAnotherOrder(going, Random.of(seed, "doom", "another order", block)),
      anotherGame: (going, block) => ofAnotherGame(going, world("probe", block + OTHER, true, newStage())),
    },
    film: (moves, block, frames) => filmOf(() => world("probe", block, true), moves, frames),
    ...(rules.name === "centre"
      ? {
          other: () => {
            const gather = { ...game, arena: "gather", lives: Math.min(lives, OTHER_LIVES) };
            const task = doomTask({ rules: GATHER, parts, game: gather, seed, brains, places, volleys });
            return { name: GATHER.name, task };
          },
        }
      : {}),
    isEnough: (events) => endedLives(events) >= lives,
    opponents: (samples) =>
      playOpponents({
        samples,
        seed,
        lives,
        stage: stage(),
        eyes: eyes(),
        view,
        read: rules.way ? READ_WAY : view === "whole" ? READ : READ_SPLIT,
      }),
    babble: (random) => datum({ site: random.integer(SITES), thirds: 1 + random.integer(3) }),
    world: (phase, block, connected) => world(phase, block, connected),
  };
}

const PERCEIVED = {
  labels: "the bearing of the nearest monster, from the engine's list",
  retina: "rays from the eyes, and what they meet",
  pixels: "luminance of the frame's columns beside the empty room's",
} as const;

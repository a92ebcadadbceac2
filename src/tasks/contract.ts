/**
 * What cultures are asked: one of them, or a whole vat. A world goes on step by step: it gives every brain a datum, knows what
 * each should say to it, hears what they said, and moves on. The same world and answers, the same steps to the bit.
 *
 * A task declares what it gives (a series known ahead, a game that is scored); what a method or a baseline needs and a task
 * does not give is refused, or left out, by that.
 */
import type { Sight } from "../emulator/contract.ts";
import type { Random } from "../math/random.ts";
import type { Datum } from "../protocol/protocol.ts";
import type { CodedSeries } from "./series/contract.ts";

/** What the brains said in a step: `[N]` the class with most spikes in the prediction zone. No model takes part in it. */
export type Said = Int32Array;

/** A question that several brains answer, each in its own words. */
export interface Question {
  readonly name: string;
  readonly answers: number;
  /** The brains that know of it. */
  readonly brains: readonly number[];
  /** The class that `brain` says when it means `answer`. */
  readonly wordOf: (brain: number, answer: number) => number;
}

export type WorldEvent = "hit" | "miss";

/** A game as it stands, to be looked at: a court that is drawn, or a frame of its own. */
export type GameView = CourtView | FrameView;

/** A court, by its ball and paddle: coordinates in a field of 1 x 1, counted from the bottom left. */
export interface CourtView {
  readonly ballX: number;
  readonly ballY: number;
  readonly paddleY: number;
  readonly paddleSize: number;
}

/** A game that draws itself. */
export interface FrameView {
  /** What is counted, in this life; and lives that have ended. */
  readonly scored: number;
  readonly lives: number;
  readonly health: number;
  /** In the hand; -1 where none are needed. */
  readonly bullets: number;
  /** `[N]` what each brain is given, as a place, -1 for nothing; and what the vat did last. */
  readonly given: readonly number[];
  /** `[N]` what each brain said last; empty before the first step. */
  readonly said: readonly number[];
  readonly move: string;
  /** Draws it, in an engine beside the game's. */
  readonly frame: () => Frame;
}

/** A frame of a life. */
export interface FilmFrame {
  readonly seconds: number;
  readonly scored: number;
  /** What was done in the step before; empty at first. */
  readonly move: string;
  readonly picture: Frame;
}

/** A picture by its palette. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  /** `[height, width]` */
  readonly pixels: Uint8Array;
  /** `[256, 3]` red, green, blue. */
  readonly palette: Uint8Array;
}

export interface World {
  present(): readonly Datum[];
  /** `[N]` what each brain should say, -1 for nothing. */
  targets(): Int32Array;
  /** The right answer of every question. */
  answers(): readonly number[];
  /** Hears what was said, and moves on. */
  advance(said: Said): WorldEvent | null;
  /** Of a series known ahead: which of its steps each brain is given, `[N]`. */
  steps?(): readonly number[];
  /** The game as it stands, where there is one. */
  game?(): GameView;
  /** Of a game: the moves that were made so far. */
  moves?(): readonly number[];
}

/** What a task can be judged by (src/report/vat/metrics.ts has them in words). */
export type TaskMetric = "joint" | "counts" | "bits" | GameMetric;

/** What is counted of a game's hits and misses. */
export type GameMetric =
  | "hitsPerRally"
  | "aces"
  | "longRallies"
  | "killsPerLife"
  | "itemsPerLife"
  | "lifeSeconds";

export type Phase = "train" | "probe";

export interface Task {
  readonly name: string;
  readonly source: string;
  readonly kind: "series" | "symbols" | "game";
  readonly classes: number;
  readonly brains: number;
  /** Whom a connected vat predicts a brain from. */
  readonly sight: Sight;
  readonly questions: readonly Question[];
  /** What it is judged by, the first before all; hits per rally of a game, else what the vat says together, if not given. */
  readonly metrics?: readonly TaskMetric[];
  /** What the user should know. */
  readonly notes: readonly string[];
  /** A datum for babbling: in random order, saying nothing of what follows what. */
  babble(random: Random, brain: number): Datum;
  /**
   * The world at the `block`-th stretch of a phase. `connected` false is the twin's: the same, but nothing comes from one brain
   * to another.
   */
  world(phase: Phase, block: number, connected: boolean): World;
  /** `[N]` the series of each brain, where all of it is known ahead: statistical baselines and lessons come from it. */
  readonly series?: readonly CodedSeries[];
  /** Of a game: other players, given as many samples and probed alike. */
  readonly opponents?: (samples: GameSamples) => Promise<Readonly<Record<string, GameScore>>>;
  /** Of a game of lives: whether a probe may end before all its steps. */
  readonly isEnough?: (events: readonly (WorldEvent | null)[]) => boolean;
  /** Of a game: worlds like `world` for the trained cultures, in which what they are given or say is not the game's own. */
  readonly critics?: Readonly<Record<string, (world: World, block: number) => World>>;
  /** Of a game: another that is asked of the same cultures by the same code, by name. */
  readonly other?: () => { readonly name: string; readonly task: Task };
  /** Of a game that draws itself: a life of the probe of a block, by its moves, in so many frames. */
  readonly film?: (moves: readonly number[], block: number, frames: number) => readonly FilmFrame[];
  /** Of a game: the score of its events. */
  readonly score?: (events: readonly (WorldEvent | null)[]) => GameScore;
}

/** Steps of training and of a probe that other players are given, and how many probes the brains had before their last. */
export interface GameSamples {
  readonly train: number;
  readonly probe: number;
  readonly blocks: number;
}

/** The score of a game: what it counts. */
export type GameScore = Readonly<Partial<Record<GameMetric, number>>>;

/** The series of every brain. Throws where the task has none. */
export function seriesOf({ name, series }: Task): readonly CodedSeries[] {
  if (!series)
    throw new Error(
      `task ${name}: expected a task whose series is known ahead; its world answers step by step`,
    );
  return series;
}

/**
 * What a whole vat is asked. A world goes on step by step: it gives every brain a datum, knows what each should say to it,
 * hears what they said, and moves on. The same world and answers, the same steps to the bit. A vat of one brain is a
 * culture by itself.
 */

import type { Sight } from "../../emulator/many/shape.ts";
import type { Random } from "../../math/random.ts";
import type { BaselineName } from "../baselines/index.ts";
import type { PongGame } from "./pong/pong-game.ts";

/** What a brain is given in one step: places of its sensory zone, pulsed in so many volleys. */
export interface Given {
  readonly places: readonly number[];
  /** 1 to 3. */
  readonly volleys: number;
}

/** What the brains said in a step. */
export interface Said {
  /** `[N]` the class with most spikes in the prediction zone: no model takes part in this reading. */
  readonly byHand: Int32Array;
  /** `[N, K]` class probabilities that the vat's bridge reads. */
  readonly probabilities: Float32Array;
}

/** A question that several brains answer, each in its own words. */
export interface Question {
  readonly name: string;
  readonly answers: number;
  /** The brains that know of it. */
  readonly brains: readonly number[];
  /** The class that `brain` says when it means `answer`. */
  readonly wordOf: (brain: number, answer: number) => number;
  /** Accuracy of predictors without brains on what probes ask, by their names in src/tasks/baselines. */
  readonly baselines?: Readonly<Partial<Record<BaselineName, number>>>;
}

export type WorldEvent = "hit" | "miss";

export interface VatWorld {
  present(): readonly Given[];
  /** `[N]` what each brain should say, -1 for nothing. */
  targets(): Int32Array;
  /** The right answer of every question. */
  answers(): readonly number[];
  /** Hears what was said, and moves on. */
  advance(said: Said): WorldEvent | null;
  /** The game as it stands, where there is one: to be looked at. */
  game?(): PongGame;
}

export type Phase = "train" | "probe";

export interface VatTask {
  readonly name: string;
  readonly source: string;
  readonly classes: number;
  /** Whom a connected vat foretells a brain from. */
  readonly sight: Sight;
  readonly questions: readonly Question[];
  /** What the user should know. */
  readonly notes: readonly string[];
  /** A datum for babbling: in random order, saying nothing of what follows what. */
  babble(random: Random, brain: number): Given;
  /**
   * The world at the `block`-th stretch of a phase. `connected` false is the twin's: the same, but nothing comes from one brain
   * to another.
   */
  world(phase: Phase, block: number, connected: boolean): VatWorld;
}

/** Places of every brain's sensory zone. */
export const PLACES = 32;

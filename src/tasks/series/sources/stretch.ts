/**
 * Which stretch of a recorded series each seed is given.
 *
 * Seeds take stretches spread evenly over the series, disjoint where it is long enough for that many. A series too
 * short for the wanted steps is used whole, four fifths for training (presented again from its start when used up).
 */
import { TaskError } from "../../error.ts";

/** The fewest steps a series must have: below, neither 32 places nor 8 classes can be fitted and tested. */
const MINIMUM_STEPS = 120;

/** Seeds that are given different stretches. */
const PLACES = 8;

export interface Stretch {
  readonly offset: number;
  readonly trainCount: number;
  readonly testCount: number;
  readonly notes: readonly string[];
}

export interface StretchWanted {
  readonly name: string;
  /** Values in the series. */
  readonly length: number;
  /** Values needed before the first step's x_{t+1}. */
  readonly span: number;
  readonly trainCount: number;
  readonly testCount: number;
  readonly seed: number;
}

export function chooseStretch({ name, length, span, trainCount, testCount, seed }: StretchWanted): Stretch {
  const needed = span + trainCount + testCount;
  if (length >= needed) {
    const places = Math.max(PLACES, Math.floor(length / needed));
    const place = ((seed % places) + places) % places;
    const offset = Math.floor((place * (length - needed)) / (places - 1));
    return { offset, trainCount, testCount, notes: [] };
  }
  const steps = length - span;
  if (steps < MINIMUM_STEPS)
    throw new TaskError(
      `${name}: expected at least ${MINIMUM_STEPS + span} values to train and test on, got ${length}; use a longer series`,
    );
  const shortTest = Math.min(testCount, Math.floor(steps / 5));
  const shortTrain = Math.min(trainCount, steps - shortTest);
  return {
    offset: 0,
    trainCount: shortTrain,
    testCount: shortTest,
    notes: [
      `${name} has ${length} values: ${shortTrain} training steps, presented again when used up, and ${shortTest} test steps`,
    ],
  };
}

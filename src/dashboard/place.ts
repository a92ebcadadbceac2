/** In words: which part of an experiment. */
import { labelOf } from "../report/names.ts";

export interface PlaceInRun {
  readonly arm: string;
  /** -1 before the first. */
  readonly cycle: number;
  readonly phase: string;
}

export function placeText({ arm, cycle, phase }: PlaceInRun): string {
  if (arm === "common" || arm === phase) return phase;
  return `${labelOf(arm)}, ${cycle < 0 ? "before" : `cycle ${cycle + 1}`}, ${phase}`;
}

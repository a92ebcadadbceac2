/** The game as a player without tissue learns it: with the first brain's eyes, told of kills and ends of lives. */
import type { Trial } from "../players/trial.ts";
import { type Given, SITES } from "./coding.ts";
import type { DoomWorld } from "./world.ts";

export interface DoomTrial extends Trial {
  /** What is given now, and the move that would be right: for who is told it. */
  given(): Given;
  rightMove(): number;
}

/** A site by its number, and how near. */
export function inputsOf({ site, thirds }: Given): Float32Array {
  const seen = new Float32Array(SITES + 1);
  seen[site] = 1;
  seen[SITES] = thirds / 3;
  return seen;
}

export function doomTrial(
  world: DoomWorld,
  { moves, brains }: { readonly moves: number; readonly brains: number },
): DoomTrial {
  const given = () => world.givenNow()[0];
  return {
    inputs: SITES + 1,
    moves,
    begin: () => {},
    observe: () => inputsOf(given()),
    play(move) {
      const event = world.advance(new Int32Array(brains).fill(move));
      return event === "hit" ? 1 : event === "miss" ? -1 : 0;
    },
    given,
    rightMove: () => world.answers()[0],
  };
}

/** What the same game and the same windows give without tissue: bounds that every arm stands beside. */

import { drawPoisson } from "../math/poisson.ts";
import { Random } from "../math/random.ts";
import { PLAYERS, type PlayerName } from "./arms.ts";
import { newClock, pulsesDue } from "./due.ts";
import { hasFallen, move, sensoryHz, start } from "./game.ts";
import { SMOOTHING, WINDOW_MS } from "./session.ts";

const FRAMES_PER_SECOND = 25_000;
/** Motor spikes a window on each side. */
const NOISE = 3;

/** Steps of each of `episodes`, at most `mostSteps`. */
export function stepsOf(player: PlayerName, episodes: number, mostSteps: number, seed: number): number[] {
  const random = Random.of(seed, "players", player);
  const window = (WINDOW_MS * FRAMES_PER_SECOND) / 1000;
  return Array.from({ length: episodes }, () => {
    const clock = newClock(FRAMES_PER_SECOND);
    let state = start(random);
    let rates = [0, 0];
    for (let step = 1; ; step++) {
      const due = pulsesDue(clock, step === 1 ? [0, 0] : sensoryHz(state[2]), [
        step * window,
        (step + 1) * window,
      ]);
      const heard =
        player === "noise" ? due.map(() => drawPoisson(random, NOISE)) : due.map(({ length }) => length);
      rates = rates.map((rate, side) => SMOOTHING * rate + (1 - SMOOTHING) * heard[side]);
      const push = player === "constant 0" ? 0 : player === "constant 1" ? 1 : rates[1] - rates[0];
      state = move(state, Math.max(-1, Math.min(1, push)));
      if (hasFallen(state) || step === mostSteps) return step;
    }
  });
}

export const PLAYER_NAMES = Object.keys(PLAYERS) as PlayerName[];

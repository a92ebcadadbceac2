/** Lives as they are counted: a hit is a kill, or something picked up; a miss ends a life. */
import type { GameScore, WorldEvent } from "../contract.ts";

export type Events = readonly (WorldEvent | null)[];

export interface Life {
  readonly scored: number;
  readonly steps: number;
}

/** Lives that have ended; where none has, the one that goes on. */
export function livesOf(events: Events): Life[] {
  const lives: Life[] = [];
  let [scored, steps] = [0, 0];
  for (const event of events) {
    steps++;
    if (event === "hit") scored++;
    if (event !== "miss") continue;
    lives.push({ scored, steps });
    [scored, steps] = [0, 0];
  }
  return lives.length > 0 ? lives : [{ scored, steps }];
}

export function endedLives(events: Events): number {
  return events.reduce((count, event) => count + (event === "miss" ? 1 : 0), 0);
}

/** Steps are 100 ms. */
export function scoreOf(events: Events, counts: "kills" | "items"): GameScore {
  const lives = livesOf(events);
  const mean = (pick: (life: Life) => number) =>
    lives.reduce((sum, life) => sum + pick(life), 0) / lives.length;
  const scored = mean((life) => life.scored);
  return {
    ...(counts === "kills" ? { killsPerLife: scored } : { itemsPerLife: scored }),
    lifeSeconds: mean(({ steps }) => steps) / 10,
  };
}

/**
 * What a brain is given of the game, as in the published dish experiment (Kagan et al. 2022,
 * https://doi.org/10.1016/j.neuron.2022.09.001): eight sensory sites say where the ball is relative to the paddle (place code), and the
 * pulse rate how near it is (rate code; 10, 20 or 30 Hz here, 4 to 40 there).
 */
import { Random } from "../../math/random.ts";
import type { Datum } from "../../protocol/protocol.ts";
import type { PongGame } from "./pong-game.ts";

export const SITES = 8;
/** Ball minus paddle between one site and the next: finer where the ball is near the paddle's height. */
const EDGES = [-0.35, -0.2, -0.05, 0, 0.05, 0.2, 0.35];
/** How far a brain's edges lie from these, at most. */
const SHIFT = 0.02;

/** The sensory zone of a brain. */
export interface SensoryZone {
  /** Places of every site. */
  readonly perSite: number;
  /** Volleys of a datum at most: pulse rates are a third, two thirds or all of them. */
  readonly volleys: number;
}

/** By how much a brain's sites lie beside those of others. */
export function siteShift(seed: number, brain: number): number {
  return SHIFT * (2 * Random.of(seed, "pong sites", brain).uniform() - 1);
}

export function siteDatum({ perSite, volleys }: SensoryZone, site: number, thirds: number): Datum {
  return {
    places: Array.from({ length: perSite }, (_, i) => site * perSite + i),
    volleys: Math.max(1, Math.round((thirds * volleys) / 3)),
  };
}

/** The game as a brain sees it whose sites are shifted. */
export function seen(
  zone: SensoryZone,
  { ballX, ballY, paddleY }: Pick<PongGame, "ballX" | "ballY" | "paddleY">,
  shift: number,
): Datum {
  const gap = ballY - paddleY + shift;
  const site = EDGES.filter((edge) => gap >= edge).length;
  return siteDatum(zone, site, ballX < 1 / 3 ? 3 : ballX < 2 / 3 ? 2 : 1);
}

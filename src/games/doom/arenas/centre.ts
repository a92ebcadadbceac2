/**
 * Centre: the player stands in the middle of a round room, may turn and fire, and five demons come from the wall, each dead of one
 * shot and back 2 s later. After VizDoom's "defend the center" (Kempka et al. 2016, https://doi.org/10.1109/CIG.2016.7860433), of
 * which it takes the idea: map and numbers are our own.
 */

import { writeMap } from "../wads/map.ts";
import { round } from "../wads/shapes.ts";
import type { ArenaRules, Scene } from "./arena.ts";
import { FIELD_OF_VIEW } from "./arena.ts";
import { onTarget } from "./moves.ts";

/** The engine's numbers of things. */
const DEMON = 12;
const PLAYER_START = 1;

const RADIUS = 640;
const FROM_WALL = 60;
/** Degrees of a step's turn: between the engine's walking and running turns. */
export const TURN = 15;
/** A shot hits what is so near to where the player looks: half a turn, so that one or the other hits. */
export const AIM = TURN / 2;

const [LEFT, FIRE, RIGHT] = [0, 1, 2];

export const CENTRE: ArenaRules = {
  name: "centre",
  map: () => writeMap({ ...round(16, RADIUS), things: [{ x: 0, y: 0, type: PLAYER_START }] }),
  skill: 2,
  moves: [
    { name: "left", command: { turn: TURN } },
    { name: "fire", command: { fire: true } },
    { name: "right", command: { turn: -TURN } },
  ],
  counts: "kills",
  sought: [DEMON],
  bullets: 26,
  monsters: 5,
  most: 600,
  respawnTics: 70,
  begin: (engine, random) => engine.look(360 * random.uniform()),
  spawn(engine, random) {
    const angle = 2 * Math.PI * random.uniform();
    const [x, y] = [Math.cos, Math.sin].map((of) => Math.round((RADIUS - FROM_WALL) * of(angle)));
    return engine.spawnAwake(DEMON, { x, y, health: 1 });
  },
  rightMove(scene: Scene) {
    const nearest = onTarget(scene, FIELD_OF_VIEW);
    if (!nearest) return RIGHT;
    if (Math.abs(nearest.bearing) <= AIM) return FIRE;
    return nearest.bearing > 0 ? LEFT : RIGHT;
  },
};

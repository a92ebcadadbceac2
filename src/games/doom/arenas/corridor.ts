/**
 * Corridor: a way with corners, and three demons somewhere in it that come for the player, each dead of one shot and back 2 s later
 * elsewhere. Five moves: to find them one must walk, and around corners.
 */
import type { Random } from "../../../math/random.ts";
import type { DoomEngine } from "../engine.ts";
import { writeMap } from "../wads/map.ts";
import { cells } from "../wads/shapes.ts";
import { type ArenaRules, FIELD_OF_VIEW, type Scene, type Way } from "./arena.ts";
import { AIM, TURN } from "./centre.ts";
import { onTarget } from "./moves.ts";

const DEMON = 12;
const PLAYER_START = 1;
const CELL = 192;
/** From north to south. */
const ROWS = [
  "#########", //
  "#.......#",
  "#.#####.#",
  "#.#####.#",
  "#.#####.#",
  "#.......#",
  "#########",
];
/** Floor that is nearer than this is not where a demon appears, map units. */
const APART = 500;
/** Ahead nearer than these, map units: a wall to turn from, a wall to step back from. */
const [BLOCKED, TOO_NEAR] = [140, 36];
/** Where a way is looked for, degrees to either side. */
const SIDES = [30, 45, 60, 75, 90];
const RUN = 50;

const [LEFT, FIRE, RIGHT, FORWARD, BACK] = [0, 1, 2, 3, 4];
const MOVE_OF: Readonly<Record<Way, number>> = { ahead: FORWARD, left: LEFT, right: RIGHT, near: BACK };

const FLOOR = ROWS.flatMap((row, r) =>
  [...row].flatMap((mark, c) => (mark === "#" ? [] : [{ x: (c + 0.5) * CELL, y: -(r + 0.5) * CELL }])),
);
const [START] = FLOOR;

export const CORRIDOR: ArenaRules = {
  name: "corridor",
  map: () => writeMap({ ...cells(ROWS, CELL), things: [{ ...START, type: PLAYER_START }] }),
  skill: 2,
  moves: [
    { name: "left", command: { turn: TURN } },
    { name: "fire", command: { fire: true } },
    { name: "right", command: { turn: -TURN } },
    { name: "forward", command: { forward: RUN } },
    { name: "back", command: { forward: -RUN } },
  ],
  counts: "kills",
  sought: [DEMON],
  bullets: 26,
  monsters: 3,
  most: 600,
  respawnTics: 70,
  begin(engine, random) {
    const { x, y } = FLOOR[random.integer(FLOOR.length)];
    engine.place(x, y);
    engine.look(360 * random.uniform());
  },
  spawn(engine: DoomEngine, random: Random) {
    const { x, y } = FLOOR[random.integer(FLOOR.length)];
    const state = engine.state();
    if (Math.hypot(x - state.x, y - state.y) < APART) return false;
    return engine.spawnAwake(DEMON, { x, y, health: 1 });
  },
  way,
  rightMove(scene) {
    const nearest = onTarget(scene, FIELD_OF_VIEW);
    if (!nearest) return MOVE_OF[way(scene)];
    if (Math.abs(nearest.bearing) <= AIM) return FIRE;
    return nearest.bearing > 0 ? LEFT : RIGHT;
  },
};

/** Where the way goes on: ahead, else to the side that is open further. */
function way({ engine }: Pick<Scene, "engine">): Way {
  const ahead = engine.ray(0).distance;
  if (ahead < TOO_NEAR) return "near";
  if (ahead >= BLOCKED) return "ahead";
  const [left, right] = [1, -1].map((side) =>
    Math.max(...SIDES.map((degrees) => engine.ray(side * degrees).distance)),
  );
  return left > right ? "left" : "right";
}

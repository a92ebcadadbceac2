/**
 * Gather: the same room, with a floor that hurts; one box of medicine at a random place, and another when it is taken. To walk is to
 * live. After VizDoom's "health gathering", of which it takes the idea.
 */
import { writeMap } from "../wads/map.ts";
import { round } from "../wads/shapes.ts";
import { type ArenaRules, FIELD_OF_VIEW } from "./arena.ts";
import { TURN } from "./centre.ts";
import { onTarget } from "./moves.ts";

const MEDICINE = 54;
const PLAYER_START = 1;
const RADIUS = 640;
const REACH = 560;
/** 5 of health every 32 tics. */
const HURTS = 7;
/** Walks on towards what is so near to where the player looks: more than half a turn, so that it does not dither. */
const HEADING = 9;
const RUN = 50;

const [LEFT, FORWARD, RIGHT] = [0, 1, 2];

export const GATHER: ArenaRules = {
  name: "gather",
  map: () =>
    writeMap({
      ...round(16, RADIUS),
      things: [{ x: 0, y: 0, type: PLAYER_START }],
      special: HURTS,
      floorTexture: "SLIME16",
    }),
  skill: 2,
  moves: [
    { name: "left", command: { turn: TURN } },
    { name: "forward", command: { forward: RUN } },
    { name: "right", command: { turn: -TURN } },
  ],
  counts: "items",
  sought: [MEDICINE],
  monsters: 1,
  most: 600,
  respawnTics: 0,
  begin: (engine, random) => engine.look(360 * random.uniform()),
  spawn(engine, random) {
    const angle = 2 * Math.PI * random.uniform();
    const reach = REACH * Math.sqrt(random.uniform());
    const [x, y] = [Math.cos, Math.sin].map((of) => Math.round(reach * of(angle)));
    return engine.spawn(MEDICINE, x, y);
  },
  rightMove(scene) {
    const nearest = onTarget(scene, FIELD_OF_VIEW);
    if (!nearest) return RIGHT;
    if (Math.abs(nearest.bearing) <= HEADING) return FORWARD;
    return nearest.bearing > 0 ? LEFT : RIGHT;
  },
};

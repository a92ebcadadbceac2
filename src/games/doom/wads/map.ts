/**
 * A map as the engine wants it: one sector, one-sided walls, convex subsectors, and the tree of nodes that divides the plane between
 * them. Formats: the Unofficial Doom Specs (Fell 1994, https://www.gamers.org/dhs/helpdocs/dmsp1666.html).
 */
import { Lump, writeWad } from "./write.ts";

export type Point = readonly [x: number, y: number];

/** A wall from one point to another, by their numbers; its right side looks into the room. */
export type Wall = readonly [from: number, to: number];

/** A division of the plane: `right` and `left` of a line along an axis, north or east. */
export interface Division {
  readonly axis: "x" | "y";
  readonly at: number;
  readonly right: Part;
  readonly left: Part;
}

/** A subsector by its number, or a further division. */
export type Part = number | Division;

export interface DoomMap {
  readonly points: readonly Point[];
  readonly walls: readonly Wall[];
  /** The walls of each convex subsector, at least one. */
  readonly subsectors: readonly (readonly number[])[];
  readonly tree: Part;
  readonly things: readonly {
    readonly x: number;
    readonly y: number;
    readonly type: number;
    readonly angle?: number;
  }[];
  readonly ceiling?: number;
  readonly light?: number;
  /** What the floor does; 7 hurts by 5 every 32 tics. */
  readonly special?: number;
  readonly wallTexture?: string;
  readonly floorTexture?: string;
  readonly ceilingTexture?: string;
}

const SUBSECTOR = 0x8000;
const IMPASSABLE = 1;
const ALL_SKILLS = 7;
const BLOCK = 128;
const MARGIN = 8;

/** A PWAD with the map as MAP01. */
export function writeMap(map: DoomMap): Uint8Array {
  const { points, walls, subsectors, things } = map;
  const { ceiling = 128, light = 192, special = 0 } = map;
  const { wallTexture = "STARTAN3", floorTexture = "FLOOR4_8", ceilingTexture = "CEIL3_5" } = map;
  const lump = (name: string) => new Lump(name);
  const lumps = {
    things: lump("THINGS"),
    lines: lump("LINEDEFS"),
    sides: lump("SIDEDEFS"),
    points: lump("VERTEXES"),
    segs: lump("SEGS"),
    subsectors: lump("SSECTORS"),
  };
  for (const { x, y, type, angle = 0 } of things) lumps.things.words(x, y, angle, type, ALL_SKILLS);
  walls.forEach(([from, to], i) => {
    lumps.lines.words(from, to, IMPASSABLE, 0, 0, i, -1);
    lumps.sides.words(0, 0).names("-", "-", wallTexture).words(0);
  });
  for (const [x, y] of points) lumps.points.words(x, y);
  let first = 0;
  for (const own of subsectors) {
    lumps.subsectors.words(own.length, first);
    first += own.length;
    for (const wall of own) lumps.segs.words(...walls[wall], angleOf(points, walls[wall]), wall, 0, 0);
  }
  return writeWad([
    lump("MAP01"),
    lumps.things,
    lumps.lines,
    lumps.sides,
    lumps.points,
    lumps.segs,
    lumps.subsectors,
    nodes(map),
    lump("SECTORS").words(0, ceiling).names(floorTexture, ceilingTexture).words(light, special, 0),
    lump("REJECT").zeros(1),
    blocks(map),
  ]);
}

function angleOf(points: readonly Point[], [from, to]: Wall): number {
  const [x, y] = points[from];
  const [u, v] = points[to];
  return Math.round((Math.atan2(v - y, u - x) / (2 * Math.PI)) * 65536) & 65535;
}

/** Children before parents, the root last. A room of one subsector has none. */
function nodes({ tree, points }: DoomMap): Lump {
  const lump = new Lump("NODES");
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const box = {
    top: Math.max(...ys),
    bottom: Math.min(...ys),
    left: Math.min(...xs),
    right: Math.max(...xs),
  };
  let count = 0;
  const write = (part: Part, within: typeof box): number => {
    if (typeof part === "number") return part | SUBSECTOR;
    const { axis, at } = part;
    const [onRight, onLeft] =
      axis === "x"
        ? [
            { ...within, left: at },
            { ...within, right: at },
          ]
        : [
            { ...within, top: at },
            { ...within, bottom: at },
          ];
    const right = write(part.right, onRight);
    const left = write(part.left, onLeft);
    lump.words(...(axis === "x" ? [at, within.bottom, 0, 1] : [within.left, at, 1, 0]));
    for (const { top, bottom, left: west, right: east } of [onRight, onLeft])
      lump.words(top, bottom, west, east);
    lump.words(right, left);
    return count++;
  };
  if (typeof tree !== "number") write(tree, box);
  return lump;
}

/** For each block of 128 x 128 the walls that may cross it. */
function blocks({ points, walls }: DoomMap): Lump {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [west, south] = [Math.min(...xs) - MARGIN, Math.min(...ys) - MARGIN];
  const columns = Math.ceil((Math.max(...xs) + MARGIN - west) / BLOCK);
  const rows = Math.ceil((Math.max(...ys) + MARGIN - south) / BLOCK);
  const lists = Array.from({ length: rows * columns }, (_, block) => {
    const x = west + (block % columns) * BLOCK;
    const y = south + Math.floor(block / columns) * BLOCK;
    const near = (a: number, b: number, low: number) =>
      Math.max(a, b) >= low && Math.min(a, b) <= low + BLOCK;
    const own = walls.flatMap(([from, to], i) =>
      near(points[from][0], points[to][0], x) && near(points[from][1], points[to][1], y) ? [i] : [],
    );
    return [0, ...own, -1];
  });
  const lump = new Lump("BLOCKMAP").words(west, south, columns, rows);
  let at = 4 + lists.length;
  for (const list of lists) {
    lump.words(at);
    at += list.length;
  }
  for (const list of lists) lump.words(...list);
  return lump;
}

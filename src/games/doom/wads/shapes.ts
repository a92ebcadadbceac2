/** Shapes of rooms: a convex one, which is one subsector, and corridors of square cells, divided by lines along the axes. */
import type { DoomMap, Part, Point, Wall } from "./map.ts";

export type Shape = Pick<DoomMap, "points" | "walls" | "subsectors" | "tree">;

/** A regular room: clockwise, so that each wall's right side looks in. */
export function round(sides: number, radius: number): Shape {
  const points = Array.from({ length: sides }, (_, i): Point => {
    const angle = (-2 * Math.PI * i) / sides;
    return [Math.round(radius * Math.cos(angle)), Math.round(radius * Math.sin(angle))];
  });
  const walls = points.map((_, i): Wall => [i, (i + 1) % sides]);
  return { points, walls, subsectors: [[...walls.keys()]], tree: 0 };
}

/**
 * Corridors drawn as rows of `#` and anything else, which is floor, from north to south; the first cell's north-west corner is at
 * (0, 0). Every convex part needs a wall of its own: there are no halls and no crossings.
 */
export function cells(rows: readonly string[], size: number): Shape {
  const [height, width] = [rows.length, Math.max(...rows.map((row) => row.length))];
  const isOpen = (column: number, row: number) => (rows[row]?.[column] ?? "#") !== "#";
  const points: Point[] = [];
  const numbers = new Map<string, number>();
  const pointOf = (column: number, row: number): number => {
    const key = `${column} ${row}`;
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, points.length);
    return points.push([column * size, -row * size]) - 1;
  };
  const walls: Wall[] = [];
  const wallsOf = new Map<string, number[]>();
  const build = (cell: string, wall: Wall) => {
    wallsOf.set(cell, [...(wallsOf.get(cell) ?? []), walls.push(wall) - 1]);
  };
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      if (!isOpen(column, row)) continue;
      const cell = `${column} ${row}`;
      const corner = (right: number, down: number) => pointOf(column + right, row + down);
      // Seen from within, clockwise: north, east, south, west.
      if (!isOpen(column, row - 1)) build(cell, [corner(0, 0), corner(1, 0)]);
      if (!isOpen(column + 1, row)) build(cell, [corner(1, 0), corner(1, 1)]);
      if (!isOpen(column, row + 1)) build(cell, [corner(1, 1), corner(0, 1)]);
      if (!isOpen(column - 1, row)) build(cell, [corner(0, 1), corner(0, 0)]);
    }
  const subsectors: number[][] = [];
  /** What lies in columns [left, right) and rows [top, bottom); null where all of it is rock. */
  const divide = (left: number, right: number, top: number, bottom: number): Part | null => {
    const inside = Array.from({ length: (right - left) * (bottom - top) }, (_, i) => [
      left + (i % (right - left)),
      top + Math.floor(i / (right - left)),
    ]);
    const open = inside.filter(([column, row]) => isOpen(column, row));
    if (open.length === 0) return null;
    if (open.length === inside.length) {
      const own = open.flatMap(([column, row]) => wallsOf.get(`${column} ${row}`) ?? []);
      if (own.length === 0)
        throw new RangeError("cells: expected a wall beside every convex part, got a hall");
      return subsectors.push(own) - 1;
    }
    const isWide = right - left >= bottom - top;
    const middle = isWide ? (left + right) >> 1 : (top + bottom) >> 1;
    // Right of a line to the north lies the east, of one to the east the south.
    const [near, far] = isWide
      ? [divide(middle, right, top, bottom), divide(left, middle, top, bottom)]
      : [divide(left, right, middle, bottom), divide(left, right, top, middle)];
    if (near === null || far === null) return near ?? far;
    return { axis: isWide ? "x" : "y", at: isWide ? middle * size : -middle * size, right: near, left: far };
  };
  const tree = divide(0, width, 0, height);
  if (tree === null) throw new RangeError("cells: expected a floor, got rock alone");
  return { points, walls, subsectors, tree };
}

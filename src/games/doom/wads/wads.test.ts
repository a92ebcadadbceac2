import fc from "fast-check";
import { expect, test } from "vitest";
import { EngineError } from "../error.ts";
import { type Part, type Point, writeMap } from "./map.ts";
import { readWad } from "./read.ts";
import { cells, round, type Shape } from "./shapes.ts";
import { Lump, writeWad } from "./write.ts";

test("what is written is read: kind, names in their order", () => {
  const lumps = [new Lump("ONE").words(1, -1), new Lump("EIGHTLET").zeros(3), new Lump("EMPTY")];
  const wad = writeWad(lumps);
  expect(readWad(wad)).toEqual({ kind: "PWAD", names: ["ONE", "EIGHTLET", "EMPTY"] });
  expect([...wad.subarray(12, 16)]).toEqual([1, 0, 255, 255]);
});

test("what is no WAD is told in one line", () => {
  const fault = (bytes: Uint8Array) => () => readWad(bytes);
  expect(fault(new Uint8Array())).toThrow(EngineError);
  expect(fault(new TextEncoder().encode("hello, world"))).toThrow(/IWAD or PWAD, got "hell"/);
  expect(fault(writeWad([new Lump("ONE").zeros(9)]).subarray(0, 30))).toThrow(/cut short/);
});

test("a round room is one convex subsector whose walls look in", () => {
  const shape = round(16, 640);
  expect(shape.subsectors).toEqual([[...Array(16).keys()]]);
  for (const [from, to] of shape.walls)
    expect(isRight(shape.points[from], shape.points[to], [0, 0])).toBe(true);
  expect(readWad(writeMap({ ...shape, things: [] })).names).toHaveLength(11);
  expect(writeMap({ ...shape, things: [] }).length).toBeLessThan(2600);
});

test("every place of random corridors lies in the subsector of its cell, whose walls look at it", () => {
  // A path that never meets itself, two columns apart where it turns back.
  const path = fc
    .tuple(
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 2, maxLength: 5 }),
    )
    .map(([length, stops]) => drawn(length + 1, stops));
  fc.assert(
    fc.property(path, (rows) => {
      const size = 128;
      const shape = cells(rows, size);
      rows.forEach((row, r) => {
        [...row].forEach((mark, c) => {
          if (mark === "#") return;
          const place: Point = [(c + 0.5) * size, -(r + 0.5) * size];
          const own = shape.subsectors[subsectorAt(shape.tree, place)];
          for (const wall of own) {
            const [from, to] = shape.walls[wall].map((point) => shape.points[point]);
            expect(isRight(from, to, place)).toBe(true);
          }
        });
      });
      const walls = shape.subsectors.flat().sort((a, b) => a - b);
      expect(walls).toEqual([...shape.walls.keys()]);
    }),
  );
});

test("a hall has a part with no wall, and is refused", () => {
  expect(() => cells(["####", "#..#", "#..#", "####"], 64)).not.toThrow();
  const row = (r: number) => `${".".repeat(9)}${r === 9 ? "#" : "."}${".".repeat(22)}`;
  const hall = Array.from({ length: 32 }, (_, r) => row(r));
  expect(() => cells(hall, 64)).toThrow(RangeError);
  expect(() => cells(["##"], 64)).toThrow(/rock alone/);
});

function isRight([x, y]: Point, [u, v]: Point, [p, q]: Point): boolean {
  return (u - x) * (q - y) - (v - y) * (p - x) < 0;
}

/** As the engine goes down its tree: right of a line north is east, right of a line east is south. */
function subsectorAt(tree: Shape["tree"], place: Point): number {
  let part: Part = tree;
  while (typeof part !== "number") {
    const isOnRight: boolean = part.axis === "x" ? place[0] > part.at : place[1] < part.at;
    part = isOnRight ? part.right : part.left;
  }
  return part;
}

/** Up and down, a column of rock between each way. */
function drawn(step: number, stops: readonly number[]): string[] {
  const open = new Set<string>();
  let [row, column] = [stops[0], 0];
  open.add(`${column} ${row}`);
  for (const stop of stops.slice(1)) {
    for (let n = 0; n < step + 1; n++) open.add(`${++column} ${row}`);
    while (row !== stop) open.add(`${column} ${(row += Math.sign(stop - row))}`);
  }
  return Array.from({ length: 6 }, (_, r) =>
    Array.from({ length: column + 1 }, (_, c) => (open.has(`${c} ${r}`) ? "." : "#")).join(""),
  );
}

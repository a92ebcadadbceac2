/** Rows of a raster: every electrode has one of its own, places of a datum first, then the classes, then the rest. */
import fc from "fast-check";
import { expect, test, vi } from "vitest";

vi.stubGlobal("matchMedia", () => ({ addEventListener: () => {} }));
const { rasterRows } = await import("./rows.ts");

test("rows are a permutation of the electrodes, in the order of their roles", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 8, max: 80 }),
      fc.nat(),
      fc.integer({ min: 1, max: 4 }),
      (count, seed, size) => {
        const channels = Array.from({ length: count }, (_, i) => 2 * i);
        const shuffled = [...channels].sort((a, b) => ((a * 7919 + seed) % 101) - ((b * 7919 + seed) % 101));
        const sensory = shuffled.slice(0, 3);
        const assigned = [shuffled.slice(3, 3 + size), shuffled.slice(3 + size, 3 + 2 * size)];
        const electrodes = channels.map((channel) => ({ channel, xUm: 0, yUm: 0 }));
        const run = { electrodes } as unknown as Parameters<typeof rasterRows>[0];
        const rows = rasterRows(run, { kind: "roles", culture: 0, sensory, assigned });
        const seen = channels.map((channel) => rows.rowOf(channel));
        expect([...seen].sort((a, b) => a - b)).toEqual(channels.map((_, row) => row));
        expect(sensory.map(rows.rowOf)).toEqual([0, 1, 2]);
        expect(assigned.flat().map(rows.rowOf)).toEqual(assigned.flat().map((_, i) => 3 + i));
        expect(rasterRows(run, undefined).rowOf(channels[5])).toBe(5);
        expect([rows.pulseColour(sensory[0]), rows.pulseColour(assigned[0][0])]).toEqual([
          "descent",
          "teacher",
        ]);
      },
    ),
    { numRuns: 50 },
  );
});

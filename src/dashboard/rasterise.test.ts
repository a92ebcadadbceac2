import fc from "fast-check";
import { expect, test } from "vitest";
import { type Capsule, rasterise } from "./page/gl/rasterise.ts";

const [WIDTH, HEIGHT] = [37, 29];

/** What the fragment program of page/gl/webgl.ts gives each pixel, on a white sheet or a clear one. */
function everyPixel({ ends: [x0, y0, x1, y1], radius, stroke, colour, opacity }: Capsule, scale: number) {
  return Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
    const [px, py] = [((i % WIDTH) + 0.5) / scale - x0, (Math.floor(i / WIDTH) + 0.5) / scale - y0];
    const [bx, by] = [x1 - x0, y1 - y0];
    const t = Math.min(1, Math.max(0, (px * bx + py * by) / Math.max(bx * bx + by * by, 1e-6)));
    let d = Math.hypot(px - bx * t, py - by * t) - radius;
    if (stroke > 0) d = Math.abs(d + 0.5 * stroke) - 0.5 * stroke;
    const cover = opacity * Math.min(1, Math.max(0, 0.5 - d));
    return { onWhite: colour.map((c) => 255 * (cover * c + 1 - cover)), opacity: 255 * cover };
  });
}

const end = fc.double({ min: -20, max: 50, noNaN: true });
const share = fc.double({ min: 0, max: 1, noNaN: true });
const capsule: fc.Arbitrary<Capsule> = fc
  .record({
    ends: fc.oneof(
      fc.tuple(end, end, end, end),
      fc.tuple(end, end).map(([x, y]): [number, number, number, number] => [x, y, x, y]),
      fc.tuple(end, end, end).map(([x, y, v]): [number, number, number, number] => [x, y, x, v]),
      fc.tuple(end, end, end).map(([x, y, u]): [number, number, number, number] => [x, y, u, y]),
    ),
    radius: fc.double({ min: 0, max: 12, noNaN: true }),
    ring: share,
    colour: fc.tuple(share, share, share),
    opacity: share,
  })
  .map(({ ring, ...rest }) => ({ ...rest, stroke: ring > 0.5 ? ring * rest.radius : 0 }));

test("a capsule colours each pixel as the WebGL program would", () => {
  fc.assert(
    fc.property(capsule, fc.constantFrom(1, 2), (drawn, scale) => {
      const expected = everyPixel(drawn, scale);
      const white = new Uint8ClampedArray(4 * WIDTH * HEIGHT).fill(255);
      const clear = new Uint8ClampedArray(4 * WIDTH * HEIGHT);
      rasterise({ data: white, width: WIDTH, height: HEIGHT, scale }, drawn);
      rasterise({ data: clear, width: WIDTH, height: HEIGHT, scale }, drawn);
      const off = expected.flatMap(({ onWhite, opacity }, i) => [
        ...onWhite.map((value, k) => Math.abs(white[4 * i + k] - value)),
        Math.abs(clear[4 * i + 3] - opacity),
      ]);
      expect(Math.max(...off)).toBeLessThan(1);
    }),
    { numRuns: 300 },
  );
});

test("two capsules over each other on a clear sheet are those on a white one, laid on white", () => {
  fc.assert(
    fc.property(capsule, capsule, (below, above) => {
      const white = new Uint8ClampedArray(4 * WIDTH * HEIGHT).fill(255);
      const clear = new Uint8ClampedArray(4 * WIDTH * HEIGHT);
      for (const data of [white, clear])
        for (const drawn of [below, above])
          rasterise({ data, width: WIDTH, height: HEIGHT, scale: 1 }, drawn);
      const off = Array.from(white, (value, i) => {
        const alpha = clear[i | 3] / 255;
        return i % 4 === 3 ? 0 : Math.abs(alpha * clear[i] + 255 * (1 - alpha) - value);
      });
      expect(Math.max(...off)).toBeLessThan(3);
    }),
    { numRuns: 100 },
  );
});

/**
 * Capsules drawn by the processor, pixel for pixel what the WebGL program draws: only the pixels that a capsule covers are
 * visited, row by row. A software renderer sets every triangle up for itself, which for thousands of small marks takes
 * many times longer.
 */

/** Pixels to draw on, `scale` of them to a CSS pixel. */
export interface Sheet {
  /** `[height, width, 4]` red, green, blue and opacity, as in an `ImageData`. */
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
  readonly scale: number;
}

/** One capsule, in CSS pixels; `stroke` 0: filled. Colour and opacity from 0 to 1. */
export interface Capsule {
  ends: [x0: number, y0: number, x1: number, y1: number];
  radius: number;
  stroke: number;
  colour: [red: number, green: number, blue: number];
  opacity: number;
}

/** Half the width of the soft edge, in CSS pixels. */
const SOFT = 0.5;

/** Lays a capsule over what is on the sheet. */
export function rasterise(
  sheet: Sheet,
  { ends: [x0, y0, x1, y1], radius, stroke, colour, opacity }: Capsule,
) {
  const { data, width, height, scale } = sheet;
  const [red, green, blue] = [255 * colour[0], 255 * colour[1], 255 * colour[2]];
  const reach = radius + SOFT;
  const solid = Math.max(0, radius - SOFT) ** 2;
  const [dx, dy] = [x1 - x0, y1 - y0];
  const length2 = dx * dx + dy * dy;
  const perLength2 = length2 > 1e-6 ? 1 / length2 : 0;
  const length = Math.sqrt(length2);
  const first = Math.max(0, Math.ceil((Math.min(y0, y1) - reach) * scale - 0.5));
  const last = Math.min(height - 1, Math.floor((Math.max(y0, y1) + reach) * scale - 0.5));
  for (let row = first; row <= last; row++) {
    const py = (row + 0.5) / scale - y0;
    // Where the row meets the capsule: a stretch, for a capsule is convex. Its discs ...
    let [left, right] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const near = reach * reach - py * py;
    if (near >= 0) {
      const half = Math.sqrt(near);
      left = -half;
      right = half;
    }
    const far = reach * reach - (py - dy) * (py - dy);
    if (far >= 0) {
      const half = Math.sqrt(far);
      left = Math.min(left, dx - half);
      right = Math.max(right, dx + half);
    }
    // ... and its sides: |x dy - py dx| <= reach length.
    if (dy !== 0 && length > 0) {
      const middle = (py * dx) / dy;
      const half = (reach * length) / Math.abs(dy);
      // Between the feet of both ends, where 0 <= x dx + py dy <= length2.
      let [from, to] = [middle - half, middle + half];
      if (dx !== 0) {
        const [a, b] = [(-py * dy) / dx, (length2 - py * dy) / dx];
        from = Math.max(from, Math.min(a, b));
        to = Math.min(to, Math.max(a, b));
      } else if (py * dy < 0 || py * dy > length2) to = Number.NEGATIVE_INFINITY;
      if (from <= to) {
        left = Math.min(left, from);
        right = Math.max(right, to);
      }
    }
    const begin = Math.max(0, Math.ceil((x0 + left) * scale - 0.5));
    const end = Math.min(width - 1, Math.floor((x0 + right) * scale - 0.5));
    for (let column = begin, at = 4 * (row * width + begin); column <= end; column++, at += 4) {
      const px = (column + 0.5) / scale - x0;
      let t = (px * dx + py * dy) * perLength2;
      if (t < 0) t = 0;
      else if (t > 1) t = 1;
      const ax = px - t * dx;
      const ay = py - t * dy;
      const distance2 = ax * ax + ay * ay;
      let cover = opacity;
      if (stroke > 0 || distance2 > solid) {
        let d = Math.sqrt(distance2) - radius;
        if (stroke > 0) d = Math.abs(d + 0.5 * stroke) - 0.5 * stroke;
        if (d >= SOFT) continue;
        if (d > -SOFT) cover *= SOFT - d;
      }
      // What is laid over takes its share of the pixel's colour.
      const below = data[at + 3];
      const opaque = 255 * cover + below * (1 - cover);
      const share = below === 255 ? cover : opaque > 0 ? (255 * cover) / opaque : 0;
      data[at] = data[at] + share * (red - data[at]);
      data[at + 1] = data[at + 1] + share * (green - data[at + 1]);
      data[at + 2] = data[at + 2] + share * (blue - data[at + 2]);
      data[at + 3] = opaque;
    }
  }
}

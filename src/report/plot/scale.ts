/**
 * Linear scales and round ticks: steps of 1, 2 or 5 times a power of ten, the size nearest to the asked-for count
 * (Heckbert 1990, "Nice numbers for graph labels", Graphics Gems I).
 */

export type Extent = readonly [number, number];

export interface Scale {
  (value: number): number;
  readonly domain: Extent;
  readonly range: Extent;
}

/** Maps `domain` onto `range`; a domain of no width maps to the middle. */
export function linearScale(domain: Extent, range: Extent): Scale {
  const [d0, d1] = domain;
  const [r0, r1] = range;
  const map = (value: number) => (d1 === d0 ? (r0 + r1) / 2 : r0 + ((value - d0) / (d1 - d0)) * (r1 - r0));
  return Object.assign(map, { domain, range });
}

/** The step that cuts `[lo, hi]` into about `count` parts. */
export function tickStep(lo: number, hi: number, count: number): number {
  const rough = (hi - lo) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const share = rough / power;
  return power * (share >= Math.sqrt(50) ? 10 : share >= Math.sqrt(10) ? 5 : share >= Math.SQRT2 ? 2 : 1);
}

/** Round numbers inside `[lo, hi]`, about `count` of them. */
export function ticks([lo, hi]: Extent, count: number): number[] {
  if (!(hi > lo)) return [lo];
  const step = tickStep(lo, hi, count);
  const decimals = Math.max(0, -Math.floor(Math.log10(step)));
  const first = Math.ceil(lo / step - 1e-9);
  const last = Math.floor(hi / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toFixed(decimals)));
}

/** How many decimals tick labels of `[lo, hi]` need. */
export function tickDecimals([lo, hi]: Extent, count: number): number {
  return hi > lo ? Math.max(0, -Math.floor(Math.log10(tickStep(lo, hi, count)) + 1e-9)) : 0;
}

/** `[lo, hi]` widened to whole ticks. */
export function niceExtent([lo, hi]: Extent, count: number): Extent {
  if (!(hi > lo)) return [lo - 0.5, lo + 0.5];
  const step = tickStep(lo, hi, count);
  return [Math.floor(lo / step + 1e-9) * step, Math.ceil(hi / step - 1e-9) * step];
}

/** Smallest and largest of finite `values`; `[0, 1]` when there are none. */
export function extentOf(values: Iterable<number>): Extent {
  let lo = Number.POSITIVE_INFINITY;
  let hi = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    lo = Math.min(lo, value);
    hi = Math.max(hi, value);
  }
  return lo <= hi ? [lo, hi] : [0, 1];
}

/**
 * Intervals by the block bootstrap: whole stretches of the recording are drawn with replacement, so that windows that
 * overlap or follow one another count together (Künsch 1989, https://doi.org/10.1214/aos/1176347265; blocks that do not
 * overlap: Carlstein 1986). Every score is a ratio of two sums, kept per block: memory grows with blocks, not windows.
 */
import { Random } from "../../math/random.ts";
import { sortedQuantile } from "../../math/statistics.ts";
import type { Estimate } from "./types.ts";

const RESAMPLES = 1000;
/** Fewer sequences than this are cut into stretches. */
const ENOUGH_SEQUENCES = 20;
const STRETCHES = 40;

/** Which block a window belongs to: its sequence, or a stretch of it where sequences are few. */
export function blockRule(lengths: readonly number[], futureBins: number) {
  if (lengths.length >= ENOUGH_SEQUENCES) return (sequence: number, _origin: number) => sequence;
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const stretch = Math.max(2 * futureBins, Math.ceil(total / STRETCHES));
  const first: number[] = [];
  let used = 0;
  for (const length of lengths) {
    first.push(used);
    used += Math.floor(length / stretch) + 1;
  }
  return (sequence: number, origin: number) => first[sequence] + Math.floor(origin / stretch);
}

/** Sums per block: `width` numbers each. */
export class BlockSums {
  private readonly sums = new Map<number, Float64Array>();

  constructor(readonly width: number) {}

  /** The sums of a block, to be added to in place. */
  of(block: number): Float64Array {
    let row = this.sums.get(block);
    if (!row) this.sums.set(block, (row = new Float64Array(this.width)));
    return row;
  }

  rows(): Float64Array[] {
    return [...this.sums].sort(([a], [b]) => a - b).map(([, row]) => row);
  }

  /** `[width]` over all blocks. */
  total(): Float64Array {
    const out = new Float64Array(this.width);
    for (const row of this.sums.values()) for (let i = 0; i < out.length; i++) out[i] += row[i];
    return out;
  }
}

/** A ratio of sums as (numerator columns, denominator columns), each added up. */
export interface Ratio {
  readonly over: readonly number[];
  readonly under: readonly number[];
  /** Factor on the ratio. Default 1. */
  readonly scale?: number;
}

/** The ratio with its interval, resampling the rows. */
export function estimate(rows: readonly Float64Array[], ratio: Ratio, seed: number): Estimate {
  return bootstrap(rows.length, seed, (draw) => ratioOf(rows, ratio, draw));
}

/** Ratio of `a` less the same ratio of `b`; rows of both are the same blocks, and are drawn together. */
export function estimateDifference(
  a: readonly Float64Array[],
  b: readonly Float64Array[],
  ratio: Ratio,
  seed: number,
): Estimate {
  return bootstrap(a.length, seed, (draw) => ratioOf(a, ratio, draw) - ratioOf(b, ratio, draw));
}

function ratioOf(rows: readonly Float64Array[], { over, under, scale = 1 }: Ratio, draw: Int32Array): number {
  let [top, bottom] = [0, 0];
  for (const r of draw) {
    for (const column of over) top += rows[r][column];
    for (const column of under) bottom += rows[r][column];
  }
  return (scale * top) / bottom;
}

/** A single block, or none that can be resampled, gives an interval of no width. */
function bootstrap(blocks: number, seed: number, statistic: (draw: Int32Array) => number): Estimate {
  const draw = Int32Array.from({ length: blocks }, (_, i) => i);
  const value = statistic(draw);
  const random = Random.of(seed, "blocks");
  const values: number[] = [];
  for (let r = 0; blocks > 1 && r < RESAMPLES; r++) {
    for (let i = 0; i < blocks; i++) draw[i] = random.integer(blocks);
    const resampled = statistic(draw);
    if (Number.isFinite(resampled)) values.push(resampled);
  }
  if (values.length === 0) return { value, ci95: [value, value] };
  values.sort((x, y) => x - y);
  return { value, ci95: [sortedQuantile(values, 0.025), sortedQuantile(values, 0.975)] };
}

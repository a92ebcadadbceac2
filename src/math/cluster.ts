/**
 * k-means: Lloyd's iterations from k-means++ starts, the best of a few.
 * Arthur and Vassilvitskii 2007, "k-means++: the advantages of careful seeding",
 * https://dl.acm.org/doi/10.5555/1283383.1283494
 */
import type { Random } from "./random.ts";
import { rowsOf } from "./rows.ts";

export interface Clusters {
  /** Centres, shape `[K, D]`, row-major. */
  readonly centres: Float64Array;
  /** The nearest centre of every point, the lower index on a tie. */
  readonly assignment: Uint32Array;
  /** Sum of squared distances to the nearest centre. */
  readonly inertia: number;
}

export interface KMeansOptions {
  readonly random: Random;
  /** k-means++ starts, of which the best is kept, and the most of Lloyd's iterations from each. */
  readonly starts?: number;
  readonly iterations?: number;
}

/**
 * @param points shape `[N, D]`, row-major
 * @param dimension D
 * @param count K, at most N
 */
export function kMeans(
  points: Float64Array,
  dimension: number,
  count: number,
  { random, starts = 4, iterations = 100 }: KMeansOptions,
): Clusters {
  const N = points.length / dimension;
  if (!Number.isInteger(N)) throw new RangeError(`kMeans: ${points.length} numbers are no [N, ${dimension}]`);
  if (!(count >= 1 && count <= N)) throw new RangeError(`kMeans: expected 1..${N} centres, got ${count}`);
  const rows = rowsOf(points, dimension);
  let best: Clusters | undefined;
  for (let start = 0; start < starts; start++) {
    const centres = chooseStart(rows, count, random);
    let clusters = assign(rows, centres);
    for (let i = 0; i < iterations; i++) {
      moveToMeans(rows, centres, clusters.assignment);
      const next = assign(rows, centres);
      const settled = next.inertia >= clusters.inertia;
      clusters = next;
      if (settled) break;
    }
    if (!best || clusters.inertia < best.inertia) best = clusters;
  }
  return best!;
}

/** Squared distance of two points `[D]`. */
export function squaredDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let d = 0; d < a.length; d++) sum += (a[d] - b[d]) ** 2;
  return sum;
}

/** k-means++: each further centre is a point drawn in proportion to its squared distance to those chosen. */
function chooseStart(points: readonly Float64Array[], count: number, random: Random): Float64Array {
  const N = points.length;
  const D = points[0].length;
  const centres = new Float64Array(count * D);
  const distance = new Float64Array(N).fill(Number.POSITIVE_INFINITY);
  let chosen = random.integer(N);
  for (let k = 0; k < count; k++) {
    const centre = points[chosen];
    centres.set(centre, k * D);
    let total = 0;
    for (let n = 0; n < N; n++) {
      distance[n] = Math.min(distance[n], squaredDistance(points[n], centre));
      total += distance[n];
    }
    if (total === 0) chosen = random.integer(N);
    else {
      let left = random.uniform() * total;
      chosen = 0;
      while (chosen < N - 1 && (left -= distance[chosen]) > 0) chosen++;
    }
  }
  return centres;
}

function assign(points: readonly Float64Array[], centres: Float64Array): Clusters {
  const N = points.length;
  const rows = rowsOf(centres, points[0].length);
  const assignment = new Uint32Array(N);
  let inertia = 0;
  for (let n = 0; n < N; n++) {
    let nearest = Number.POSITIVE_INFINITY;
    for (let k = 0; k < rows.length; k++) {
      const distance = squaredDistance(points[n], rows[k]);
      if (distance < nearest) {
        nearest = distance;
        assignment[n] = k;
      }
    }
    inertia += nearest;
  }
  return { centres, assignment, inertia };
}

/** Moves each centre to the mean of its points; a centre without points stays where it is. */
function moveToMeans(points: readonly Float64Array[], centres: Float64Array, assignment: Uint32Array): void {
  const D = points[0].length;
  const sums = new Float64Array(centres.length);
  const counts = new Float64Array(centres.length / D);
  for (let n = 0; n < assignment.length; n++) {
    counts[assignment[n]]++;
    for (let d = 0; d < D; d++) sums[assignment[n] * D + d] += points[n][d];
  }
  for (let i = 0; i < sums.length; i++) {
    const size = counts[Math.floor(i / D)];
    if (size > 0) centres[i] = sums[i] / size;
  }
}

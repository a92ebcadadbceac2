/**
 * What a few clusters of values say about a mean: clusters are drawn anew, then values within each (the two-stage bootstrap; Davison &
 * Hinkley 1997, "Bootstrap Methods and their Application", section 3.8). Percentiles are widened as in interval.ts, by the number of clusters.
 */
import { Random } from "../random.ts";
import { mean, sortedQuantile } from "../statistics.ts";
import { normalCdf, studentQuantile } from "../student.ts";

export interface ClusteredInterval {
  readonly mean: number;
  readonly ci95: readonly [number, number];
}

const RESAMPLES = 2000;

/** Of the mean over all values. Same values, same interval, to the bit. */
export function clusteredInterval(clusters: readonly (readonly number[])[], seed = 0): ClusteredInterval {
  const n = clusters.length;
  if (n === 0 || clusters.some(({ length }) => length === 0))
    throw new RangeError("clusteredInterval: expected clusters with at least one value each");
  const centre = mean(clusters.flat());
  if (n === 1) return { mean: centre, ci95: [centre, centre] };
  const random = Random.of(seed, "clusters");
  const means = new Float64Array(RESAMPLES);
  for (let r = 0; r < RESAMPLES; r++) {
    let [sum, count] = [0, 0];
    for (let c = 0; c < n; c++) {
      const cluster = clusters[random.integer(n)];
      for (let i = 0; i < cluster.length; i++) sum += cluster[random.integer(cluster.length)];
      count += cluster.length;
    }
    means[r] = sum / count;
  }
  means.sort();
  const share = normalCdf(-Math.sqrt(n / (n - 1)) * studentQuantile(0.975, n - 1));
  return { mean: centre, ci95: [sortedQuantile(means, share), sortedQuantile(means, 1 - share)] };
}

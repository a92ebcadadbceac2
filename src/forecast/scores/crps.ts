/**
 * Scores of samples against what was observed, fair for few samples: their expectation does not depend on how many there are
 * (Ferro 2014, https://doi.org/10.1002/qj.2270; Gneiting and Raftery 2007, https://doi.org/10.1198/016214506000001437).
 */
import { squaredDistance } from "../../math/cluster.ts";
import { rowsOf } from "../../math/rows.ts";

/** Fair continuous ranked probability score: mean |x - y| less half the mean |x - x'| over pairs. NaN below 2 samples. */
export function fairCrps(samples: Float64Array, truth: number): number {
  const sorted = Float64Array.from(samples).sort();
  const count = sorted.length;
  let [error, spread] = [0, 0];
  for (let i = 0; i < count; i++) {
    error += Math.abs(sorted[i] - truth);
    spread += (2 * i - count + 1) * sorted[i];
  }
  return error / count - spread / (count * (count - 1));
}

/** Fair energy score of vectors: `samples` `[S, width]`, `truth` `[width]`, Euclidean distances. NaN below 2 samples. */
export function energyScore(samples: Float64Array, truth: Float64Array): number {
  const width = truth.length;
  const each = rowsOf(samples, width);
  const count = each.length;
  let [error, spread] = [0, 0];
  for (let s = 0; s < count; s++) {
    error += distance(each[s], truth);
    for (let t = 0; t < s; t++) spread += distance(each[s], each[t]);
  }
  return error / count - spread / (count * (count - 1));
}

/** Euclidean. */
function distance(a: Float64Array, b: Float64Array): number {
  return Math.sqrt(squaredDistance(a, b));
}

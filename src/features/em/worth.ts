/**
 * What each feature is worth: by how much the windows in which it lives are worse explained (log likelihood under the Poisson model)
 * when it is left out, or replaced by the feature most like it if that is better. A mean over those windows, so that a rare feature is
 * not worth less for being rare.
 */
import { selfCosines } from "./alike.ts";
import type { SparseCoder } from "./coder.ts";

const NEIGHBOURS = 5;
const LEAST_RATE = 1e-6;

/** Sums over windows; `count` says in how many windows each feature lived. */
export interface Worth {
  readonly sum: Float64Array;
  readonly count: Float64Array;
}

/** Adds what the first `windows` rows of `coder`, as they are coded, tell to `worth`. */
export function addWorth(coder: SparseCoder, windows: number, worth: Worth): void {
  const { features: K, length, width, dictionary, codes, counts, background } = coder;
  const near = nearest(coder);
  const rate = new Float64Array(width);
  for (let n = 0; n < windows; n++) {
    for (let d = 0; d < width; d++) rate[d] = background[d];
    const live: number[] = [];
    for (let k = 0; k < K; k++) {
      const a = codes[n * K + k];
      if (a === 0) continue;
      live.push(k);
      for (let d = 0; d < width; d++) rate[d] += a * dictionary[k * length + d];
    }
    const y = counts.subarray(n * length, n * length + width);
    /** What is lost when `a` of k becomes `a` of j, or nothing. */
    const loss = (a: number, k: number, j?: number) => {
      let sum = j === undefined ? -a : 0;
      for (let d = 0; d < width; d++) {
        if (y[d] === 0) continue;
        const other = j === undefined ? 0 : dictionary[j * length + d];
        const without = rate[d] + a * (other - dictionary[k * length + d]);
        sum += y[d] * Math.log(rate[d] / Math.max(LEAST_RATE, without));
      }
      return sum;
    };
    for (const k of live) {
      const a = codes[n * K + k];
      worth.sum[k] += Math.min(loss(a, k), ...near[k].map((j) => loss(a, k, j)));
      worth.count[k]++;
    }
  }
}

/** The features most like each. */
function nearest(coder: SparseCoder): number[][] {
  const { features: K, dictionary: values, width, length } = coder;
  const cosines = selfCosines({ values, rows: K, width, length });
  return Array.from({ length: K }, (_, k) => {
    const row = cosines.subarray(k * K, (k + 1) * K);
    return [...row.keys()]
      .filter((j) => j !== k && row[j] > 0)
      .sort((a, b) => row[b] - row[a])
      .slice(0, NEIGHBOURS);
  });
}

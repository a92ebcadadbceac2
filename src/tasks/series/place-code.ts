/**
 * The place code: each sensory electrode owns a place in delay space (x_t, x_{t-1}, ...), and a history is
 * carried by the electrodes whose places are nearest. Places are the k-means centres of the training histories.
 *
 * Distances are taken between ranks, not values (a value's rank is its share of smaller training values): series
 * such as the laser's are crowded at their low end, where most of what decides the next class happens.
 */
import { kMeans, squaredDistance } from "../../math/cluster.ts";
import type { Random } from "../../math/random.ts";
import { rowsOf } from "../../math/rows.ts";

/** The map from value to rank in [0, 1], linear between training values. */
export class RankScale {
  private readonly values: Float64Array;
  private readonly ranks: Float64Array;

  constructor(training: ArrayLike<number>) {
    const sorted = Float64Array.from(training).sort();
    const values: number[] = [];
    const ranks: number[] = [];
    for (let start = 0, end: number; start < sorted.length; start = end) {
      end = start + 1;
      while (end < sorted.length && sorted[end] === sorted[start]) end++;
      values.push(sorted[start]);
      ranks.push((start + end) / 2 / sorted.length);
    }
    this.values = Float64Array.from(values);
    this.ranks = Float64Array.from(ranks);
  }

  rank(value: number): number {
    const { values, ranks } = this;
    let [low, high] = [0, values.length - 1];
    if (value <= values[low]) return ranks[low];
    if (value >= values[high]) return ranks[high];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (values[middle] <= value) low = middle;
      else high = middle;
    }
    return ranks[low] + ((value - values[low]) / (values[high] - values[low])) * (ranks[high] - ranks[low]);
  }
}

export class PlaceCode {
  private constructor(
    private readonly scale: RankScale,
    /** Places in rank space, each `[L]`. */
    readonly centres: readonly Float64Array[],
  ) {}

  /**
   * @param training values, in any order
   * @param histories shape `[T, L]`
   */
  static fit(
    training: ArrayLike<number>,
    histories: Float64Array,
    { lags, count }: { readonly lags: number; readonly count: number },
    random: Random,
  ): PlaceCode {
    const scale = new RankScale(training);
    const points = histories.map((value) => scale.rank(value));
    return new PlaceCode(scale, rowsOf(kMeans(points, lags, count, { random }).centres, lags));
  }

  /** The `count` places nearest to a history, nearest first; the lower index first on a tie. */
  encode(history: ArrayLike<number>, count: number): Uint16Array {
    const point = Float64Array.from(history, (value) => this.scale.rank(value));
    const distances = this.centres.map((centre) => squaredDistance(point, centre));
    const order = distances.map((_, i) => i).sort((i, j) => distances[i] - distances[j] || i - j);
    return Uint16Array.from(order.slice(0, count));
  }
}

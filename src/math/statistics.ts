/** Means, spreads and quantiles of a sample. */

export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/** Mean squared distance to the mean (divides by n). */
export function variance(values: ArrayLike<number>): number {
  const centre = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] - centre) ** 2;
  return sum / values.length;
}

/** Standard deviation of the population the sample came from (divides by n - 1). NaN for fewer than two. */
export function sampleDeviation(values: ArrayLike<number>): number {
  return Math.sqrt((variance(values) * values.length) / (values.length - 1));
}

/** The `q` quantile (0..1), linear between order statistics (Hyndman and Fan's type 7, as in R and NumPy). */
export function quantile(values: ArrayLike<number>, q: number): number {
  return sortedQuantile(Float64Array.from(values).sort(), q);
}

/** `quantile` of values that are already in ascending order. */
export function sortedQuantile(sorted: ArrayLike<number>, q: number): number {
  if (!(q >= 0 && q <= 1)) throw new RangeError(`quantile: expected a share in [0, 1], got ${q}`);
  if (sorted.length === 0) throw new RangeError("quantile: expected at least one value");
  const place = q * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}

export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5);
}

/**
 * Calibration of counts: the probability integral transform, randomised because counts are discrete (Czado, Gneiting and
 * Held 2009, https://doi.org/10.1111/j.1541-0420.2009.01191.x), with the forecast given by samples. In rank form it is
 * uniform for a true forecast however few the samples.
 */

/** Where `truth` lies among `samples`, in (0, 1); `uniform` in (0, 1) breaks ties. */
export function randomisedPit(samples: Float64Array, truth: number, uniform: number): number {
  let [below, equal] = [0, 0];
  for (const value of samples) {
    if (value < truth) below++;
    else if (value === truth) equal++;
  }
  return (below + uniform * (equal + 1)) / (samples.length + 1);
}

const CELLS = 1000;

/** Transforms as they arrive, in a fine histogram: memory does not grow. */
export class PitHistogram {
  private readonly cells = new Float64Array(CELLS);
  private n = 0;

  add(pit: number): void {
    this.cells[Math.min(CELLS - 1, Math.floor(pit * CELLS))]++;
    this.n++;
  }

  get count(): number {
    return this.n;
  }

  /** Counts in `bins` equal bins; `bins` divides 1000. */
  counts(bins: number): number[] {
    const out: number[] = new Array(bins).fill(0);
    this.cells.forEach((count, i) => {
      out[Math.floor((i * bins) / CELLS)] += count;
    });
    return out;
  }

  /** Kolmogorov-Smirnov against the uniform distribution; the distance is read at steps of 0.001. */
  kolmogorovSmirnov(): { distance: number; pValue: number } {
    let [seen, distance] = [0, 0];
    this.cells.forEach((count, i) => {
      seen += count;
      distance = Math.max(distance, Math.abs(seen / this.n - (i + 1) / CELLS));
    });
    return { distance, pValue: kolmogorovP(distance, this.n) };
  }
}

/** P(D >= distance) for n independent uniform numbers, by Stephens' approximation (1970, JRSS B 32, 115-122). */
export function kolmogorovP(distance: number, n: number): number {
  const root = Math.sqrt(n);
  const x = (root + 0.12 + 0.11 / root) * distance;
  if (x < 0.2) return 1;
  let sum = 0;
  for (let k = 1; k <= 100; k++) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * x * x);
  return Math.min(1, Math.max(0, sum));
}

/**
 * Mean pairwise correlation of electrodes: Pearson's r of spike counts in bins of 100 ms, averaged over all pairs.
 *
 * With z_i(t) the counts of electrode i brought to mean 0 and length 1, the r of a pair is sum_t z_i z_j, so the
 * sum over ordered pairs is sum_t (sum_i z_i(t))^2 - A for A electrodes: one pass, one channel in memory.
 */

const CORRELATION_BIN_SECONDS = 0.1;

export class MeanCorrelation {
  private readonly sum: Float64Array;
  private electrodes = 0;

  constructor(durationSeconds: number) {
    // A last bin that is cut short would be low on every electrode.
    this.sum = new Float64Array(Math.max(1, Math.floor(durationSeconds / CORRELATION_BIN_SECONDS)));
  }

  /** Adds an electrode. One whose counts never change correlates with nothing and is left out. */
  add(spikes: Iterable<number>): void {
    const bins = this.sum.length;
    const counts = new Float64Array(bins);
    let total = 0;
    for (const time of spikes) {
      const bin = Math.floor(time / CORRELATION_BIN_SECONDS);
      if (bin >= bins) continue;
      counts[bin]++;
      total++;
    }
    const mean = total / bins;
    let squares = 0;
    for (const count of counts) squares += (count - mean) ** 2;
    if (squares === 0) return;
    const scale = 1 / Math.sqrt(squares);
    for (let bin = 0; bin < bins; bin++) this.sum[bin] += (counts[bin] - mean) * scale;
    this.electrodes++;
  }

  /** NaN for fewer than two electrodes. */
  mean(): number {
    if (this.electrodes < 2) return Number.NaN;
    let squares = 0;
    for (const value of this.sum) squares += value * value;
    return (squares - this.electrodes) / (this.electrodes * (this.electrodes - 1));
  }
}

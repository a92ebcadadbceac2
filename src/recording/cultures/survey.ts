/** One look at all spikes of a file, in flat memory: first, last, and the longest silence of all channels together. */

export interface Survey {
  readonly spikes: number;
  /** NaN where there are none. */
  readonly firstSeconds: number;
  readonly lastSeconds: number;
  /** The longest stretch between the first and the last spike in which no channel fires (to about a thousandth of the whole). */
  readonly silence: { readonly startSeconds: number; readonly endSeconds: number };
  readonly wholeNumbers: boolean;
}

const FINEST_SECONDS = 1e-3;
const MAX_BINS = 4096;

export class Surveyor {
  private spikes = 0;
  private first = Number.POSITIVE_INFINITY;
  private last = Number.NEGATIVE_INFINITY;
  private whole = true;
  /** Bins in which anything fires; twice as wide whenever there are too many. */
  private bins = new Set<number>();
  private width = FINEST_SECONDS;

  add(block: Float64Array): void {
    let before = Number.NaN;
    for (const time of block) {
      if (time < this.first) this.first = time;
      if (time > this.last) this.last = time;
      this.whole &&= Number.isInteger(time);
      const bin = Math.floor(time / this.width);
      if (bin === before) continue;
      this.bins.add(bin);
      before = bin;
      if (this.bins.size > MAX_BINS) this.widen();
    }
    this.spikes += block.length;
  }

  private widen(): void {
    this.width *= 2;
    this.bins = new Set(Array.from(this.bins, (bin) => Math.floor(bin / 2)));
  }

  finish(): Survey {
    const { spikes, first, last, whole } = this;
    const filled = Float64Array.from(this.bins).sort();
    let [longest, at] = [1, 0];
    for (let i = 1; i < filled.length; i++)
      if (filled[i] - filled[i - 1] > longest) [longest, at] = [filled[i] - filled[i - 1], filled[i - 1] + 1];
    const silence = { startSeconds: at * this.width, endSeconds: (at + longest - 1) * this.width };
    return {
      spikes,
      firstSeconds: spikes > 0 ? first : Number.NaN,
      lastSeconds: spikes > 0 ? last : Number.NaN,
      silence,
      wholeNumbers: spikes > 0 && whole,
    };
  }
}

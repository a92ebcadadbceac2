/**
 * How much wider or narrower a forecast's counts have to be drawn so that its central 90 % interval holds 90 % of what is
 * recorded, 5 % below it and 5 % above: for each patch of the future, learned along a recording from whether the intervals that
 * were issued held what then came. A count above widens the upper side, one that is not narrows it, nineteen times less, and so
 * below: over n patches the share of misses comes to within (change of log width) / (rate * n) of 5 %, however a culture
 * drifts (adaptive conformal inference: Gibbs & Candès 2021, https://arxiv.org/abs/2106.00170).
 *
 * Legend: N windows, S samples, H history bins, F future bins, P patches, C channels.
 */
import { Random } from "../../math/random.ts";
import { patchSums } from "../scores/count-samples.ts";
import { randomisedPit } from "../scores/pit.ts";
import type { ForecastWindow, WindowBatch } from "../windows/forecaster.ts";

/** Share of counts that should lie beyond either end. */
const BEYOND = 0.05;
/** By how much a miss changes the logarithm of a width. */
const RATE = 0.25;
const LEAST = 0.05;
const MOST = 20;

/** Of one patch that was forecast: where it ends, and the spikes of all channels in each sample. */
interface Issued {
  readonly sequence: number;
  readonly end: number;
  readonly patch: number;
  readonly samples: Float64Array;
}

export class Widths {
  /** `[2, P]` factors on deviations below the middle and above it: 1 leaves a forecast as it is. */
  readonly now: Float64Array;
  private issued: Issued[] = [];
  private random = Random.of(0, "widths");
  private before: readonly [sequence: number, origin: number] = [-1, 0];

  constructor(
    private readonly start: ArrayLike<number>,
    private readonly window: ForecastWindow,
  ) {
    this.now = Float64Array.from(start);
  }

  private get patches(): number {
    return this.now.length / 2;
  }

  private get patchBins(): number {
    return this.window.futureBins / this.patches;
  }

  /**
   * Looks up in the history of window `n` what became of patches that were forecast before. A window that lies before the last
   * one begins a new course.
   */
  observe({ history, sequence, origin }: WindowBatch, n: number): void {
    const { historyBins: H, channels: C } = this.window;
    const B = this.patchBins;
    const [s, at] = [sequence[n], origin[n]];
    const [lastSequence, lastOrigin] = this.before;
    if (s < lastSequence || (s === lastSequence && at < lastOrigin)) {
      this.now.set(this.start);
      this.issued = [];
      this.random = Random.of(0, "widths");
    }
    this.before = [s, at];
    const due = ({ end }: Issued) => end <= at;
    const known = this.issued.filter((issued) => issued.sequence === s);
    this.issued = known.filter((issued) => !due(issued));
    for (const { end, patch, samples } of known.filter(due)) {
      const from = end - B - (at - H);
      if (from < 0) continue;
      const seen = history.subarray((n * H + from) * C, (n * H + from + B) * C);
      const count = seen.reduce((sum, spikes) => sum + spikes, 0);
      const pit = randomisedPit(samples, count, this.random.uniform());
      this.update(patch, pit < BEYOND);
      this.update(this.patches + patch, pit > 1 - BEYOND);
    }
  }

  private update(side: number, missed: boolean): void {
    const width = this.now[side] * Math.exp(RATE * (Number(missed) - BEYOND));
    this.now[side] = Math.max(LEAST, Math.min(MOST, width));
  }

  /** Remembers the counts `[S, F, C]` that were drawn for window `n`. */
  issue(counts: Float32Array, { sequence, origin }: WindowBatch, n: number): void {
    const { futureBins: F, channels: C } = this.window;
    const [B, P] = [this.patchBins, this.patches];
    const S = counts.length / F / C;
    const totals = Array.from({ length: P }, () => new Float64Array(S));
    for (let s = 0; s < S; s++)
      patchSums(counts.subarray(s * F * C, (s + 1) * F * C), C, B).forEach((count, i) => {
        totals[Math.floor(i / C)][s] += count;
      });
    totals.forEach((samples, patch) => {
      this.issued.push({ sequence: sequence[n], end: origin[n] + (patch + 1) * B, patch, samples });
    });
  }
}

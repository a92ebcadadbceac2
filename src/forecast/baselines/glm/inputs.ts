/**
 * What the population GLM sees of a window: the moving averages that the flat and the exponential baseline know, of the
 * channel itself and of all channels together, and four of every channel. They are logs over the mean rate, so that a
 * forecast proportional to an average is one of the GLM's; an average over few bins has a high floor, for a short silence
 * says little.
 *
 * Legend: N windows, H history bins, C channels, K averages of a channel's own, S inputs that all channels share.
 */
import type { WindowBatch } from "../../windows/forecaster.ts";
import { DECAY_BINS, FLAT_BINS } from "../smoothed.ts";

/** Decays of the averages that every channel sees of every other. */
const SHARED_DECAY_BINS = [1, 3, 8, 25];
/** Channels that all see, at most: the ones that fire most. */
const MOST_SEEN = 128;
/** Spikes that are added to those of an average. */
const FLOOR_SPIKES = 0.5;

/** Weights by age, of sum 1, and over how many bins they average. */
interface Kernel {
  readonly weights: Float64Array;
  readonly bins: number;
}

/** `own [C, N, K]` and `shared [N, S]`, both row-major. */
export interface GlmInputs {
  readonly own: Float32Array;
  readonly shared: Float32Array;
}

export class GlmInputMaker {
  private readonly own: readonly Kernel[];
  private readonly every: readonly Kernel[];
  private readonly seen: readonly number[];
  private readonly expected: number;

  /** `mean [C]` counts per bin. */
  constructor(
    private readonly mean: Float32Array,
    private readonly historyBins: number,
  ) {
    const kernel = (bins: number, weight: (age: number) => number): Kernel => {
      const weights = Float64Array.from({ length: historyBins }, (_, age) => weight(age));
      const total = weights.reduce((a, b) => a + b, 0);
      return { weights: weights.map((value) => value / total), bins };
    };
    const decaying = (decay: number) => kernel(2 * decay, (age) => Math.exp(-age / decay));
    const flat = FLAT_BINS.filter((bins) => bins <= historyBins);
    this.own = [...flat.map((bins) => kernel(bins, (age) => +(age < bins))), ...DECAY_BINS.map(decaying)];
    this.every = SHARED_DECAY_BINS.map(decaying);
    const order = [...mean.keys()].sort((a, b) => mean[b] - mean[a] || a - b);
    this.seen = order.slice(0, MOST_SEEN).sort((a, b) => a - b);
    this.expected = mean.reduce((a, b) => a + b, 0);
  }

  /** K and S. */
  get counts(): { own: number; shared: number } {
    return { own: this.own.length, shared: this.own.length + this.every.length * this.seen.length };
  }

  /** Not standardised. */
  of({ size: N, history }: Pick<WindowBatch, "size" | "history">): GlmInputs {
    const { mean, own, every, seen, expected } = this;
    const C = mean.length;
    const { own: K, shared: S } = this.counts;
    const out = { own: new Float32Array(C * N * K), shared: new Float32Array(N * S) };
    for (let n = 0; n < N; n++) {
      const counts = history.subarray(n * this.historyBins * C, (n + 1) * this.historyBins * C);
      own.forEach((kernel, k) => {
        const averages = this.averages(counts, kernel);
        for (let c = 0; c < C; c++) out.own[(c * N + n) * K + k] = above(averages[c], mean[c], kernel);
        const all = averages.reduce((a, b) => a + b, 0);
        out.shared[n * S + k] = above(all, expected, kernel);
      });
      every.forEach((kernel, k) => {
        const averages = this.averages(counts, kernel);
        const at = n * S + K + k * seen.length;
        seen.forEach((c, m) => {
          out.shared[at + m] = Math.sqrt(averages[c]) - Math.sqrt(mean[c]);
        });
      });
    }
    return out;
  }

  /** `[C]` of counts `[H, C]`. */
  private averages(counts: Float32Array, { weights }: Kernel): Float64Array {
    const C = this.mean.length;
    const out = new Float64Array(C);
    for (let age = 0; age < weights.length; age++) {
      if (weights[age] < 1e-6) break;
      const at = counts.length - (age + 1) * C;
      for (let c = 0; c < C; c++) out[c] += weights[age] * counts[at + c];
    }
    return out;
  }
}

function above(average: number, mean: number, { bins }: Kernel): number {
  const floor = FLOOR_SPIKES / bins;
  return Math.log((average + floor) / (mean + floor));
}

/** Brings inputs to mean 0 and deviation 1 over the windows that it was made of. */
export class GlmStandard {
  private readonly moments: Record<keyof GlmInputs, readonly Moments[]>;

  constructor({ own, shared }: GlmInputs, channels: number, windows: number) {
    const each = own.length / channels;
    this.moments = {
      own: Array.from({ length: channels }, (_, c) =>
        momentsOf(own.subarray(c * each, (c + 1) * each), windows),
      ),
      shared: [momentsOf(shared, windows)],
    };
  }

  /** In place. */
  apply(inputs: GlmInputs): GlmInputs {
    for (const name of ["own", "shared"] as const) {
      const of = this.moments[name];
      const each = inputs[name].length / of.length;
      of.forEach(({ mean, deviation }, block) => {
        const rows = inputs[name].subarray(block * each, (block + 1) * each);
        for (let i = 0; i < each; i++)
          rows[i] = (rows[i] - mean[i % mean.length]) / deviation[i % mean.length];
      });
    }
    return inputs;
  }
}

type Moments = { readonly mean: Float64Array; readonly deviation: Float64Array };

/** Of the columns of `rows`. */
function momentsOf(rows: Float32Array, count: number): Moments {
  const width = rows.length / count;
  const mean = new Float64Array(width);
  const square = new Float64Array(width);
  for (let i = 0; i < rows.length; i++) mean[i % width] += rows[i] / count;
  for (let i = 0; i < rows.length; i++) square[i % width] += (rows[i] - mean[i % width]) ** 2 / count;
  // An input that does not vary says nothing, and stays small where it does later.
  return { mean, deviation: square.map((value) => Math.max(1e-3, Math.sqrt(value))) };
}

/**
 * The channel-past head: predicts each channel's future counts from its own spikes of the last two seconds and the whole
 * population's activity, of the last tens of seconds too. One Poisson regression per channel and horizon (each bin of the
 * first patch, then whole patches), a population GLM (Truccolo et al. 2005, https://doi.org/10.1152/jn.00697.2004) without
 * the couplings of single pairs: few enough coefficients for a recording of minutes, and it knows what patches of latents
 * do not, the rhythm of one neuron. Lags widen with age.
 *
 * Legend: N windows, H history bins, F future bins, C channels, G horizons, P coefficients.
 */
import { type Tensor, tensor } from "../../compute/index.ts";
import { type ForecastShape, forecastWindow, horizonsOf } from "../windows/forecast-shape.ts";
import { binsOf, type CountSequences, type WindowBatch } from "../windows/forecaster.ts";
import { SLOW_BINS, slowFeature, slowTrace } from "../windows/slow-means.ts";
import { dampedPoissonRegression } from "./poisson-regression.ts";

export type ChannelPast = {
  /** `[G, C, P]`: of 1, the own lags, the population's lags and slow means. */
  weight: Tensor;
  /** `[C]` mean count per bin of the training data. */
  mean: Tensor;
  /** `[C]` the highest mean count per bin over one patch of the training data: no forecast goes beyond it. */
  most: Tensor;
  /** `[2, L + K]` mean and deviation of the population's features. */
  population: Tensor;
};

type Lags = readonly (readonly [from: number, to: number])[];

/** Bins ago, from and to. */
const OWN: Lags = [
  ...([1, 2, 3, 4, 5] as const).map((lag) => [lag, lag] as const),
  ...([[6, 7], [8, 10], [11, 15], [16, 25], [26, 50], [51, 100]] as const), // biome-ignore format: a table
];
const POPULATION: Lags = [[1, 1], [2, 2], [3, 4], [5, 8], [9, 16], [17, 32], [33, 64], [65, 100]]; // biome-ignore format: a table
/** Training windows at most. */
const WINDOWS = 5000;
/** Ridge per bin of the horizon, in units of the information of this many spikes. */
const RIDGE = 30;
/**
 * Slow means are taken that much smaller than other features, which makes their ridge its square: they change so little
 * from window to window that a recording holds few different ones.
 */
const SLOW_SPREAD = 2.5;

export function fitChannelPast(data: CountSequences, shape: ForecastShape): ChannelPast {
  const C = data.channels;
  const H = shape.contextPatches * shape.patchBins;
  const window = { historyBins: H, futureBins: shape.futurePatches * shape.patchBins };
  const origins: [number, number][] = [];
  const bins = binsOf(data);
  const stride = Math.max(2, Math.ceil(bins / WINDOWS));
  data.sequences.forEach((counts, s) => {
    for (let at = H; at + window.futureBins <= counts.length / C; at += stride) origins.push([s, at]);
  });
  const N = origins.length;
  const mean = new Float64Array(C).fill(0.5 / bins);
  for (const counts of data.sequences)
    for (let i = 0; i < counts.length; i++) mean[i % C] += counts[i] / bins;

  const own = lagsWithin(OWN, H);
  const shared = lagsWithin(POPULATION, H);
  const S = shared.length + SLOW_BINS.length;
  const population = new Float64Array(N * S);
  const expected = mean.reduce((a, b) => a + b, 0);
  const momentOf = (s: number, at: number): Moment => ({ counts: data.sequences[s], at, channels: C });
  const traces = data.sequences.map((counts, s) => slowTrace(counts, C, data.before?.[s]));
  origins.forEach(([s, at], n) => {
    const slow = traces[s].subarray((at - 1) * SLOW_BINS.length);
    populationFeatures(momentOf(s, at), shared, { slow, expected }, population.subarray(n * S));
  });
  const moments = momentsOf(population, S);
  population.forEach((value, i) => {
    population[i] = (value - moments[i % S]) / moments[S + (i % S)];
  });

  const most = new Float32Array(C).fill(1e-3);
  for (const counts of data.sequences)
    for (let at = 0; at + shape.patchBins <= counts.length / C; at += shape.patchBins)
      for (let c = 0; c < C; c++) {
        let sum = 0;
        for (let b = 0; b < shape.patchBins; b++) sum += counts[(at + b) * C + c];
        most[c] = Math.max(most[c], sum / shape.patchBins);
      }

  const horizons = horizonsOf(forecastWindow(shape), shape.patchBins);
  const P = 1 + own.length + S;
  const weight = new Float32Array(horizons.length * C * P);
  const features = new Float64Array(N * P);
  const counted = new Float64Array(N);
  for (let c = 0; c < C; c++) {
    origins.forEach(([s, at], n) => {
      const row = features.subarray(n * P, (n + 1) * P);
      row[0] = 1;
      ownFeatures(momentOf(s, at), { c, mean: mean[c] }, own, row.subarray(1));
      row.set(population.subarray(n * S, (n + 1) * S), 1 + own.length);
    });
    let start: Float64Array | undefined;
    horizons.forEach(([from, to], g) => {
      origins.forEach(([s, at], n) => {
        let sum = 0;
        for (let b = from; b < to; b++) sum += data.sequences[s][(at + b) * C + c];
        counted[n] = sum;
      });
      const offset = Math.log(mean[c] * (to - from));
      const regression = { features, counts: counted, offset };
      const fitted = dampedPoissonRegression(regression, RIDGE * (to - from), start);
      weight.set(fitted, (g * C + c) * P);
      start = fitted;
    });
  }
  return {
    weight: tensor([horizons.length, C, P], weight),
    mean: tensor([C], Float32Array.from(mean)),
    most: tensor([C], most),
    population: tensor([2, S], Float32Array.from(moments)),
  };
}

/** Log expected counts `[N, F, C]` of the windows of a batch. */
export function forecastFromPast(
  { weight, mean, most, population }: ChannelPast,
  { size: N, history, slow }: Pick<WindowBatch, "size" | "history" | "slow">,
  shape: ForecastShape,
): Float32Array {
  const { channels: C, patchBins: B } = shape;
  const [H, F] = [shape.contextPatches * B, shape.futurePatches * B];
  const own = lagsWithin(OWN, H);
  const shared = lagsWithin(POPULATION, H);
  const S = shared.length + SLOW_BINS.length;
  const horizons = horizonsOf(forecastWindow(shape), shape.patchBins);
  const P = weight.shape[2];
  const expected = (mean.data as Float32Array).reduce((a, b) => a + b, 0);
  const row = new Float64Array(P).fill(1);
  const out = new Float32Array(N * F * C);
  for (let n = 0; n < N; n++) {
    const counts = history.subarray(n * H * C, (n + 1) * H * C);
    const last = slow.subarray((n * H + H - 1) * SLOW_BINS.length);
    const moment = { counts, at: H, channels: C };
    populationFeatures(moment, shared, { slow: last, expected }, row.subarray(1 + own.length));
    for (let l = 0; l < S; l++) {
      const i = 1 + own.length + l;
      row[i] = (row[i] - population.data[l]) / population.data[S + l];
    }
    for (let c = 0; c < C; c++) {
      ownFeatures(moment, { c, mean: mean.data[c] }, own, row.subarray(1));
      const limit = Math.log(most.data[c]);
      const start = Math.log(mean.data[c]);
      for (let g = 0; g < horizons.length; g++) {
        let eta = start;
        const at = (g * C + c) * P;
        for (let i = 0; i < P; i++) eta += row[i] * weight.data[at + i];
        const [from, to] = horizons[g];
        for (let f = from; f < to; f++) out[(n * F + f) * C + c] = Math.max(-10, Math.min(limit, eta));
      }
    }
  }
  return out;
}

/** Mean spikes of all channels per bin of the training data: what slow means are compared with. */
export function expectedSpikes(past: ChannelPast | undefined): number {
  return past ? (past.mean.data as Float32Array).reduce((a, b) => a + b, 0) : 1;
}

/** The highest expected counts per bin `[C]` that a blend with this head may reach. */
export function limitOf(past: ChannelPast | undefined): { limit?: number[] } {
  return past ? { limit: Array.from(past.most.data) } : {};
}

function lagsWithin(lags: Lags, historyBins: number): Lags {
  return lags.flatMap(([from, to]) =>
    from <= historyBins ? [[from, Math.min(to, historyBins)]] : [],
  ) as Lags;
}

/** Counts `[T, channels]`, looked at from before bin `at`. */
interface Moment {
  readonly counts: ArrayLike<number>;
  readonly at: number;
  readonly channels: number;
}

/** Mean counts over each lag, less their expectation, in units of their Poisson deviation, held between -3 and 6. */
function ownFeatures(
  { counts, at, channels: C }: Moment,
  { c, mean }: { c: number; mean: number },
  lags: Lags,
  out: Float64Array,
): void {
  lags.forEach(([from, to], l) => {
    let sum = 0;
    for (let lag = from; lag <= to; lag++) sum += counts[(at - lag) * C + c];
    const width = to - from + 1;
    const deviation = (sum / width - mean) * Math.sqrt(width / Math.max(mean, 1e-4));
    out[l] = Math.max(-3, Math.min(6, deviation));
  });
}

/** Log of all channels' spikes over each lag against their expectation (one spike added to both), and of the slow means. */
function populationFeatures(
  { counts, at, channels: C }: Moment,
  lags: Lags,
  { slow, expected }: { slow: Float32Array; expected: number },
  out: Float64Array,
): void {
  lags.forEach(([from, to], l) => {
    let sum = 0;
    for (let i = (at - to) * C; i < (at - from + 1) * C; i++) sum += counts[i];
    out[l] = Math.log((sum + 1) / (expected * (to - from + 1) + 1));
  });
  for (let k = 0; k < SLOW_BINS.length; k++) out[lags.length + k] = slowFeature(slow[k], expected);
}

function momentsOf(rows: Float64Array, width: number): Float64Array {
  const n = rows.length / width;
  const out = new Float64Array(2 * width);
  rows.forEach((value, i) => {
    out[i % width] += value / n;
  });
  rows.forEach((value, i) => {
    out[width + (i % width)] += (value - out[i % width]) ** 2 / n;
  });
  for (let l = 0; l < width; l++) out[width + l] = Math.max(1e-3, Math.sqrt(out[width + l]));
  for (let l = width - SLOW_BINS.length; l < width; l++) out[width + l] *= SLOW_SPREAD;
  return out;
}

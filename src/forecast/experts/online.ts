/**
 * Learning while data stream in: an adapter on a fixed emulator, one bounded gradient step after each patch, on windows
 * drawn from the last minute. The emulator's factors of a window are computed once, when its future has been observed, and kept.
 *
 * Legend: N windows, F future bins, B bins per patch, C channels, R factors, G regions of a level.
 */
import {
  type ComputeDevice,
  compile,
  Noise,
  type Tensor,
  tensor,
  trainStep,
  zeros,
} from "../../compute/index.ts";
import { type Array as JaxArray, np } from "../../compute/jax.ts";
import { Random } from "../../math/random.ts";
import { poissonLoss } from "../../networks/poisson-loss.ts";
import { meanRates } from "../baselines/smoothed.ts";
import type { ForecastParameters } from "../model/parameters.ts";
import { directFactors, encodeFeatures, type ForecastAutoencoder } from "../model/patch-autoencoder.ts";
import { cutWindows } from "../windows/cut-windows.ts";
import { type ForecastShape, forecastWindow } from "../windows/forecast-shape.ts";
import type { CountSequences, Forecaster, ForecastWindow, WindowBatch } from "../windows/forecaster.ts";
import { activityOf, membershipOf } from "./activity.ts";
import {
  type Activity,
  type Adapter,
  type AdapterKind,
  adaptedLogRates,
  type Fixed,
  initAdapter,
  type Seen,
} from "./adapter.ts";
import type { Regions } from "./regions.ts";

export interface OnlineOptions {
  readonly kind: AdapterKind;
  readonly seed: number;
  /** The data that the emulator was fitted on: its mean rates are what adapters and gates start from. */
  readonly fittedOn: CountSequences;
  readonly regions: Regions;
  readonly learningRate?: number;
  readonly device?: ComputeDevice;
}

export interface OnlineLearner {
  /**
   * Learns from bins `[from, to)` as if they arrived one patch after another. Bins are numbered through all sequences; no
   * window reaches over a gap.
   */
  learn(data: CountSequences, from: number, to: number): Promise<{ steps: number; p99Ms: number }>;
  /** The emulator under the adapter as it is now. */
  forecaster(name: string): Promise<Forecaster>;
  readonly adapter: () => Adapter<Tensor>;
  dispose(): Promise<void>;
}

const BATCH = 16;
/** Windows are drawn from this many of the last patches: one minute of 100-ms patches. */
const RECENT_PATCHES = 600;

export async function openOnlineLearner(
  { autoencoder }: ForecastParameters,
  shape: ForecastShape,
  { kind, seed, fittedOn, regions, learningRate = 5e-3, device = "cpu" }: OnlineOptions,
): Promise<OnlineLearner> {
  const { channels: C, patchBins: B, contextPatches } = shape;
  const window = forecastWindow(shape);
  const mean = meanRates(fittedOn);
  const fixed: Fixed<Tensor> = {
    readout: autoencoder.readout,
    membership: membershipOf(regions),
    meanLogRate: tensor([C], mean.map(Math.log)),
  };
  const initial = initAdapter(kind, Random.of(seed, "adapter"), shape, regions);
  const factorsOf = (p: ForecastAutoencoder<JaxArray>, history: JaxArray) => {
    const last = np.split(encodeFeatures(p, history, shape).features, [contextPatches - 1], 1)[1];
    return directFactors(p, last, shape).reshape([history.shape[0], window.futureBins, shape.factors]);
  };
  const historyOf = ({ size, history }: Pick<WindowBatch, "size" | "history">) =>
    tensor([size, window.historyBins, C], history);
  const blank = (N: number) => ({ size: N, history: new Float32Array(N * window.historyBins * C) });
  const seen = (N: number): Seen<Tensor> => ({
    factors: zeros([N, window.futureBins, shape.factors]),
    activity: activityOf(blank(N), regions, mean),
  });
  const encoder = await compile(factorsOf, [autoencoder, historyOf(blank(1))], { device });
  const batch = { seen: seen(BATCH), future: zeros([BATCH, window.futureBins, C]) };
  const step = await trainStep({
    loss: (p: Adapter<JaxArray>, example: { seen: Seen<JaxArray>; future: JaxArray }, f: Fixed<JaxArray>) =>
      poissonLoss(adaptedLogRates(p, example.seen, f), example.future).mean(),
    params: initial,
    batch,
    frozen: fixed,
    optimiser: { clipNorm: 0.1, weightDecay: 0.01 },
    device,
  });
  /** Tensors of the batch and of one window that go together. */
  const parts = ({ seen: { factors, activity }, future }: typeof batch) => [
    ...[factors, activity.area, activity.column, future],
  ];
  const noise = Noise.of(seed, "online", kind);

  return {
    adapter: () => step.params(),
    async learn(data, from, to) {
      const times: number[] = [];
      // The last windows, the newest first; a window can be learned from once its future has been observed.
      const recent: (typeof batch)[] = [];
      for (const [sequence, now] of arrivals(data, { from, to }, window, B)) {
        const start = performance.now();
        const newest = cutWindows(data, [[sequence, now - window.futureBins]], window);
        const factors = await encoder.run(autoencoder, historyOf(newest));
        recent.unshift({
          seen: { factors, activity: activityOf(newest, regions, mean) },
          future: tensor([1, window.futureBins, C], newest.future),
        });
        if (recent.length > RECENT_PATCHES) recent.pop();
        const draws = noise.integers([BATCH], recent.length).data;
        for (let n = 0; n < BATCH; n++) {
          const own = parts(recent[n === 0 ? 0 : draws[n]]);
          parts(batch).forEach(({ data: into }, k) => {
            into.set(own[k].data, n * own[k].data.length);
          });
        }
        await step.run(batch, { learningRate });
        times.push(performance.now() - start);
      }
      times.sort((a, b) => a - b);
      return { steps: times.length, p99Ms: times[Math.floor(0.99 * times.length)] ?? 0 };
    },
    async forecaster(name) {
      const adapter = step.params();
      const programFor = (N: number) =>
        compile(
          (
            p: Adapter<JaxArray>,
            a: ForecastAutoencoder<JaxArray>,
            { history, activity }: { history: JaxArray; activity: Activity<JaxArray> },
            f: Fixed<JaxArray>,
          ) => np.exp(adaptedLogRates(p, { factors: factorsOf(a, history), activity }, f)),
          [adapter, autoencoder, { history: historyOf(blank(N)), activity: seen(N).activity }, fixed],
          { device },
        );
      const programs = new Map<number, ReturnType<typeof programFor>>();
      return {
        name,
        window,
        async forecast(batch) {
          const program = programs.get(batch.size) ?? programFor(batch.size);
          programs.set(batch.size, program);
          const inputs = { history: historyOf(batch), activity: activityOf(batch, regions, mean) };
          const rates = await (await program).run(adapter, autoencoder, inputs, fixed);
          return { samples: 1, rates: rates.data as Float32Array };
        },
        async dispose() {
          for (const program of programs.values()) await (await program).dispose();
        },
      };
    },
    async dispose() {
      await encoder.dispose();
      await step.dispose();
    },
  };
}

/** Ends, one patch apart, of the windows that lie in `[from, to)` and in one sequence: which sequence, and the bin of it. */
function* arrivals(
  { sequences, channels }: CountSequences,
  { from, to }: { readonly from: number; readonly to: number },
  { historyBins, futureBins }: ForecastWindow,
  patchBins: number,
): Generator<[sequence: number, bin: number]> {
  let first = 0;
  for (const [sequence, counts] of sequences.entries()) {
    const bins = counts.length / channels;
    const last = Math.min(to - first, bins);
    for (let now = Math.max(0, from - first) + historyBins + futureBins; now <= last; now += patchBins)
      yield [sequence, now];
    first += bins;
  }
}

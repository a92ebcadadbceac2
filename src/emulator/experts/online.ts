/**
 * Learning while data stream in: an adapter on a fixed emulator, one bounded gradient step after each patch, on windows
 * drawn from the last minutes. Every window is forecast before it is learned from.
 *
 * Legend: N windows, F future bins, B bins per patch, C channels.
 */
import { type ComputeDevice, compile, Noise, type Tensor, tensor, trainStep } from "../../compute/index.ts";
import { type Array as JaxArray, np } from "../../compute/jax.ts";
import { Random } from "../../math/random.ts";
import { poissonLoss } from "../autoencoder.ts";
import { meanRates } from "../baselines/smoothed.ts";
import { directFactors, encodeFeatures, type ForecastAutoencoder } from "../forecast/autoencoder.ts";
import type { CountSequences, Forecaster, WindowBatch } from "../forecast/contract.ts";
import type { ForecastParameters } from "../forecast/losses.ts";
import type { ForecastShape } from "../forecast/shape.ts";
import { cutWindows } from "../forecast/windows.ts";
import { activityOf, membershipOf } from "./activity.ts";
import { type Activity, type Adapter, type AdapterKind, adaptedLogRates, initAdapter } from "./adapter.ts";
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
  /** Learns from bins `[from, to)` of a sequence as if they came in one patch after another. */
  learn(data: CountSequences, from: number, to: number): Promise<{ steps: number; p99Ms: number }>;
  /** The emulator under the adapter as it is now. */
  forecaster(name: string): Promise<Forecaster>;
  readonly adapter: () => Adapter<Tensor>;
  dispose(): Promise<void>;
}

const BATCH = 16;
/** Windows are drawn from this many of the last patches: one minute of 100-ms patches. */
const RECENT_PATCHES = 600;

type Inputs<Leaf> = { history: Leaf; future: Leaf; activity: Activity<Leaf> };
type Fixed<Leaf> = {
  autoencoder: ForecastAutoencoder<Leaf>;
  membership: Activity<Leaf>;
  meanLogRate: Leaf;
};

export async function openOnlineLearner(
  { autoencoder }: ForecastParameters,
  shape: ForecastShape,
  { kind, seed, fittedOn, regions, learningRate = 5e-3, device = "cpu" }: OnlineOptions,
): Promise<OnlineLearner> {
  const { channels: C, patchBins: B, contextPatches, futurePatches } = shape;
  const window = { historyBins: contextPatches * B, futureBins: futurePatches * B, channels: C };
  const mean = meanRates(fittedOn);
  const fixed: Fixed<Tensor> = {
    autoencoder,
    membership: membershipOf(regions),
    meanLogRate: tensor([C], mean.map(Math.log)),
  };
  const initial = initAdapter(kind, Random.of(seed, "adapter"), shape.factors, C, regions);
  const inputsOf = (batch: WindowBatch): Inputs<Tensor> => ({
    history: tensor([batch.size, window.historyBins, C], batch.history),
    future: tensor([batch.size, window.futureBins, C], batch.future),
    activity: activityOf(batch, regions, mean),
  });
  const logRates = (
    p: Adapter<JaxArray>,
    { history, activity }: Omit<Inputs<JaxArray>, "future">,
    f: Fixed<JaxArray>,
  ) => {
    const { features } = encodeFeatures(f.autoencoder, history, shape);
    const last = np.split(features, [contextPatches - 1], 1)[1]!;
    const factors = directFactors(f.autoencoder, last, shape);
    const [N, , bins, R] = factors.shape as [number, number, number, number];
    return adaptedLogRates(
      p,
      f.autoencoder.readout,
      factors.reshape([N, bins, R]),
      activity,
      f.membership,
      f.meanLogRate,
    );
  };
  const blank = cutWindows(
    { ...fittedOn, sequences: [new Uint8Array((window.historyBins + window.futureBins) * C)] },
    Array.from({ length: BATCH }, (): [number, number] => [0, window.historyBins]),
    window,
  );
  const step = await trainStep({
    loss: (p: Adapter<JaxArray>, batch: Inputs<JaxArray>, f: Fixed<JaxArray>) =>
      poissonLoss(logRates(p, batch, f), batch.future).mean(),
    params: initial,
    batch: inputsOf(blank),
    frozen: fixed,
    optimiser: { clipNorm: 0.1, weightDecay: 0.01 },
    device,
  });
  const noise = Noise.of(seed, "online", kind);

  return {
    adapter: () => step.params(),
    async learn(data, from, to) {
      const times: number[] = [];
      // A window can be learned from once its future has come.
      const first = from + window.historyBins;
      for (let now = first + window.futureBins; now <= to; now += B) {
        const start = performance.now();
        const newest = now - window.futureBins;
        const reach = Math.min(RECENT_PATCHES, Math.floor((newest - first) / B) + 1);
        const origins = Array.from(noise.integers([BATCH], reach).data, (back, i): [number, number] => [
          0,
          newest - (i === 0 ? 0 : back) * B,
        ]);
        await step.run(inputsOf(cutWindows(data, origins, window)), { learningRate });
        times.push(performance.now() - start);
      }
      times.sort((a, b) => a - b);
      return { steps: times.length, p99Ms: times[Math.floor(0.99 * times.length)] ?? 0 };
    },
    async forecaster(name) {
      const adapter = step.params();
      const programFor = (N: number) => {
        const { history, activity } = inputsOf({
          ...blank,
          size: N,
          history: new Float32Array(N * window.historyBins * C),
          future: new Float32Array(N * window.futureBins * C),
        });
        return compile(
          (p: Adapter<JaxArray>, batch: Omit<Inputs<JaxArray>, "future">, f: Fixed<JaxArray>) =>
            np.exp(logRates(p, batch, f)),
          [adapter, { history, activity }, fixed],
          { device },
        );
      };
      const programs = new Map<number, ReturnType<typeof programFor>>();
      return {
        name,
        window,
        async forecast(batch) {
          const program = programs.get(batch.size) ?? programFor(batch.size);
          programs.set(batch.size, program);
          const { history, activity } = inputsOf(batch);
          const rates = await (await program).run(adapter, { history, activity }, fixed);
          return { samples: 1, rates: rates.data as Float32Array };
        },
        async dispose() {
          for (const program of programs.values()) await (await program).dispose();
        },
      };
    },
    dispose: () => step.dispose(),
  };
}

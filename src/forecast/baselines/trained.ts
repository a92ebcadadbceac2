/**
 * What the trained baselines share: one network from histories to the log rates of all future bins, trained on random
 * windows by AdamW. The best checkpoint over several weight decays is kept, by the loss on validation windows; a training run
 * that has not improved for an eighth of its steps ends.
 *
 * Legend: N windows, H history bins, F future bins, C channels.
 */
import {
  type ComputeDevice,
  compile,
  Noise,
  type Program,
  type Tensor,
  type Tensors,
  tensor,
  trainStep,
  warmupCosine,
  zeros,
} from "../../compute/index.ts";
import type { Array as JaxArray } from "../../compute/jax.ts";
import { np } from "../../compute/jax.ts";
import { poissonLoss } from "../../networks/poisson-loss.ts";
import { ForecastScoreError } from "../scores/error.ts";
import { cutWindows, windowBatches } from "../windows/cut-windows.ts";
import type {
  CountSequences,
  FitParts,
  Forecaster,
  ForecastWindow,
  WindowBatch,
} from "../windows/forecaster.ts";

export interface TrainedOptions {
  readonly seed: number;
  readonly steps: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly weightDecays: readonly number[];
  readonly device?: ComputeDevice;
  readonly threads?: number;
}

export interface Network<Params> {
  readonly name: string;
  readonly params: Tensors<Params>;
  /** What the network sees of a batch: one tensor `[n, ...]`. */
  readonly features: (batch: WindowBatch) => Tensor;
  /** features -> log expected counts `[n, F, C]`. */
  readonly logRates: (p: Params, features: JaxArray) => JaxArray;
}

export interface TrainedForecaster<Params> extends Forecaster {
  readonly params: Tensors<Params>;
}

const CHECKS = 32;
/** Checks in a row without improvement. */
const PATIENCE = 4;

export async function fitNetwork<Params>(
  network: Network<Params>,
  { train, validation }: FitParts,
  window: ForecastWindow,
  options: TrainedOptions,
): Promise<TrainedForecaster<Params>> {
  const { device = "cpu", threads = 1, batchSize, steps, seed } = options;
  const { historyBins, futureBins: F, channels: C } = window;
  const starts = train.sequences.map((counts) => Math.max(0, counts.length / C - historyBins - F + 1));
  const total = starts.reduce((a, b) => a + b, 0);
  if (total === 0)
    throw new ForecastScoreError(
      `${network.name}: expected a stretch of ${((historyBins + F) * train.binSeconds).toFixed(1)} s to train on, got none as long; give a longer recording`,
    );
  const origins = (noise: Noise) =>
    Array.from(noise.integers([batchSize], total).data, (draw): [number, number] => {
      let s = 0;
      while (draw >= starts[s]) draw -= starts[s++];
      return [s, draw + historyBins];
    });
  const batchOf = (batch: WindowBatch) => ({
    features: network.features(batch),
    future: tensor([batch.size, F, C], batch.future),
  });
  const loss = (p: Params, batch: { features: JaxArray; future: JaxArray }) =>
    poissonLoss(np.clip(network.logRates(p, batch.features), -10, 5), batch.future).mean();
  const example = batchOf(cutWindows(train, origins(Noise.of(0)), window));

  let current = network.params;
  const trial = open(network, () => current, window, { device, threads });
  const checkEvery = Math.max(1, Math.round(steps / CHECKS));
  let best: { loss: number; params: Tensors<Params> } | undefined;
  try {
    for (const weightDecay of options.weightDecays) {
      const noise = Noise.of(seed, network.name);
      const step = await trainStep({
        loss: loss as never,
        params: network.params as never,
        batch: example as never,
        optimiser: { clipNorm: 1, weightDecay, emaDecay: 0.98 },
        device,
        threads,
      });
      const schedule = warmupCosine({
        peak: options.learningRate,
        warmupSteps: Math.min(30, Math.floor(steps / 10)),
        totalSteps: steps,
      });
      try {
        let [since, lowest] = [0, Number.POSITIVE_INFINITY];
        for (let i = 0; i < steps && since < PATIENCE; i++) {
          await step.run(batchOf(cutWindows(train, origins(noise), window)) as never, {
            learningRate: schedule(i),
          });
          if ((i + 1) % checkEvery !== 0 && i + 1 < steps) continue;
          current = step.ema() as Tensors<Params>;
          const score = await lossOf(trial, validation);
          // Without a validation window there is no loss to choose by, and the end of the first run is kept.
          if (
            Number.isNaN(score)
              ? !best || weightDecay === options.weightDecays[0]
              : !best || score < best.loss
          )
            best = { loss: score, params: current };
          since = Number.isNaN(score) || score < lowest ? 0 : since + 1;
          lowest = Math.min(lowest, score);
        }
      } finally {
        await step.dispose();
      }
    }
  } finally {
    await trial.dispose();
  }
  if (!best) throw new RangeError("fitNetwork: expected at least one weight decay");
  const { params } = best;
  return { ...open(network, () => params, window, { device, threads }), params };
}

function open<Params>(
  network: Network<Params>,
  params: () => Tensors<Params>,
  window: ForecastWindow,
  compute: { device: ComputeDevice; threads: number },
): Forecaster {
  type Run = Program<[Params, JaxArray], JaxArray>;
  const programs = new Map<number, Promise<Run>>();
  return {
    name: network.name,
    window,
    async forecast(batch) {
      const features = network.features(batch);
      const make = () =>
        compile(
          (p: Params, x: JaxArray) => np.exp(np.clip(network.logRates(p, x), -10, 5)),
          [params(), zeros(features.shape)] as never,
          compute,
        ) as Promise<Run>;
      const program = programs.get(batch.size) ?? make();
      programs.set(batch.size, program);
      const rates = await (await program).run(params() as never, features as never);
      return { samples: 1, rates: (rates as Tensor).data as Float32Array };
    },
    async dispose() {
      for (const program of programs.values()) await (await program).dispose();
    },
  };
}

/** Mean Poisson loss on windows of `data`. */
async function lossOf(forecaster: Forecaster, data: CountSequences): Promise<number> {
  let sum = 0;
  let n = 0;
  for (const batch of windowBatches(data, { ...forecaster.window, strideBins: 13, batchSize: 64 })) {
    if (batch.size < 64 && n > 0) break;
    const { rates } = await forecaster.forecast(batch, Noise.of(0));
    for (let i = 0; i < rates.length; i++) sum += rates[i] - batch.future[i] * Math.log(rates[i]);
    n += rates.length;
  }
  return sum / n;
}

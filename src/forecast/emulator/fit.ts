/**
 * Trains the forecasting emulator on count sequences in two stages, the autoencoder with its direct head and then the
 * latent dynamics, each with a warm-up and a cosine decay over its share of a budget of steps or of seconds. A run can be
 * stopped between any two steps and gone on with from what `fitForecastEmulator` hands to `onStopped`.
 */
import {
  type ComputeDevice,
  Noise,
  type NoiseState,
  type Tensor,
  type TrainState,
  trainStep,
} from "../../compute/index.ts";
import type { Array as JaxArray } from "../../compute/jax.ts";
import { Random } from "../../math/random.ts";
import { type ForecastAutoencoder, initForecastAutoencoder } from "./autoencoder.ts";
import { autoencoderBatch, dynamicsBatch, usableSequences } from "./batches.ts";
import type { CountSequences } from "./contract.ts";
import { type ForecastDynamics, initForecastDynamics } from "./flow.ts";
import {
  type DynamicsFrozen,
  type ForecastParameters,
  forecastAutoencoderLoss,
  forecastDynamicsLoss,
  type Normaliser,
} from "./losses.ts";
import { latentMoments } from "./moments.ts";
import { type Schedule, scheduled } from "./schedule.ts";
import type { ForecastShape } from "./shape.ts";
import { directFirstPatch, fitSpikeHistory } from "./spike-history.ts";

export interface ForecastFitOptions {
  readonly seed: number;
  readonly shape: ForecastShape;
  /** The budget: steps of both stages together (same bits every time) or seconds of wall-clock time. */
  readonly budget: { readonly steps: number } | { readonly seconds: number };
  readonly device?: ComputeDevice;
  readonly threads?: number;
  /** The first stage's share of the budget; default 0.7. */
  readonly autoencoderShare?: number;
  readonly learningRate?: number;
  readonly weightDecay?: number;
  /** Share of the entries hidden from the encoder in training. */
  readonly drop?: number;
  readonly onProgress?: (progress: { stage: Stage; share: number; loss: number }) => void;
  readonly signal?: AbortSignal;
  readonly resume?: ForecastFitState;
}

export type Stage = "autoencoder" | "dynamics";

/** Where an interrupted fit stands: plain data and trees of tensors. */
export interface ForecastFitState {
  readonly stage: Stage;
  readonly schedule: Schedule;
  readonly noise: NoiseState;
  /** Of the stage; for `dynamics` the first stage's outcome is in `autoencoder`. */
  readonly training: TrainState<unknown>;
  readonly autoencoder?: ForecastAutoencoder<Tensor>;
}

export type ForecastFit =
  | { readonly finished: true; readonly parameters: ForecastParameters; readonly steps: number }
  | { readonly finished: false; readonly state: ForecastFitState };

const OPTIMISER = { clipNorm: 1, emaDecay: 0.99 };

export async function fitForecast(train: CountSequences, options: ForecastFitOptions): Promise<ForecastFit> {
  const { seed, shape, device, threads, resume, weightDecay = 1 } = options;
  const random = Random.of(seed, "forecast");
  const sequences = usableSequences(train, shape);
  const noise = resume ? Noise.resume(resume.noise) : Noise.from(random.split("training"));
  const compute = { ...(device ? { device } : {}), ...(threads ? { threads } : {}) };
  const optimiser = { ...OPTIMISER, weightDecay };
  const rate = options.learningRate ?? 3e-3;
  const firstShare = options.autoencoderShare ?? 0.7;
  const stopped = (
    stage: Stage,
    schedule: Schedule,
    training: TrainState<unknown>,
    rest = {},
  ): ForecastFit => ({
    finished: false,
    state: { stage, schedule, noise: noise.state(), training, ...rest },
  });
  let steps = 0;

  let autoencoder = resume?.autoencoder;
  if (!autoencoder) {
    const drop = options.drop ?? 0.3;
    const batch = () => autoencoderBatch(sequences, shape, noise, drop);
    const step = await trainStep({
      loss: (p: ForecastAutoencoder<JaxArray>, example: ReturnTypeOf<typeof autoencoderBatch>) =>
        forecastAutoencoderLoss(p, example, shape),
      params: initForecastAutoencoder(random.split("autoencoder"), shape, meanLogRates(train)),
      batch: autoencoderBatch(sequences, shape, Noise.of(0), drop),
      optimiser,
      ...compute,
    });
    try {
      if (resume) step.load(resume.training as ReturnType<typeof step.state>);
      const schedule = await scheduled(
        options,
        firstShare,
        resume?.schedule,
        rate,
        "autoencoder",
        (learningRate) => step.run(batch(), { learningRate }),
      );
      if (!schedule.finished) return stopped("autoencoder", schedule, step.state());
      steps += schedule.steps;
      autoencoder = step.ema();
    } finally {
      await step.dispose();
    }
  }

  const normaliser: Normaliser<Tensor> = await latentMoments(autoencoder, sequences, shape, compute);
  const step = await trainStep({
    loss: (
      p: ForecastDynamics<JaxArray>,
      example: ReturnTypeOf<typeof dynamicsBatch>,
      frozen: DynamicsFrozen<JaxArray>,
    ) => forecastDynamicsLoss(p, example, frozen, shape),
    params: initForecastDynamics(random.split("dynamics"), shape),
    batch: dynamicsBatch(sequences, shape, Noise.of(0)),
    frozen: { autoencoder, normaliser },
    optimiser,
    ...compute,
  });
  try {
    const resumed = resume?.stage === "dynamics" ? resume : undefined;
    if (resumed) step.load(resumed.training as ReturnType<typeof step.state>);
    const schedule = await scheduled(
      options,
      1 - firstShare,
      resumed?.schedule,
      rate,
      "dynamics",
      (learningRate) => step.run(dynamicsBatch(sequences, shape, noise), { learningRate }),
    );
    if (!schedule.finished) return stopped("dynamics", schedule, step.state(), { autoencoder });
    steps += schedule.steps;
    const direct = await directFirstPatch(autoencoder, shape, compute);
    const history = await fitSpikeHistory(sequences, shape, direct.firstPatch);
    await direct.dispose();
    return { finished: true, parameters: { autoencoder, dynamics: step.ema(), normaliser, history }, steps };
  } finally {
    await step.dispose();
  }
}

/** The tree of arrays inside a program that stands for the tree of tensors `F` returns. */
type ReturnTypeOf<F extends (...args: never[]) => object> = {
  [Key in keyof ReturnType<F>]: JaxArray;
};

/** Log of each channel's mean count per bin. */
export function meanLogRates({ sequences, channels }: CountSequences): Float32Array {
  const sums = new Float64Array(channels);
  let bins = 0;
  for (const counts of sequences) {
    for (let i = 0; i < counts.length; i++) sums[i % channels] += counts[i];
    bins += counts.length / channels;
  }
  return Float32Array.from(sums, (sum) => Math.log((sum + 0.5) / (bins + 1)));
}

/**
 * Trains the forecasting emulator on count sequences in two stages, the autoencoder with its direct head and then the
 * latent dynamics, each with a warm-up and a cosine decay over its share of a budget of steps or of seconds. A run can be
 * stopped between any two steps and resumed from what an unfinished `fitForecast` returns.
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
import { fitSpikeHistory } from "../heads/spike-history.ts";
import { type ForecastDynamics, initForecastDynamics } from "../model/latent-dynamics.ts";
import type { ForecastParameters, Normaliser } from "../model/parameters.ts";
import { type ForecastAutoencoder, initForecastAutoencoder } from "../model/patch-autoencoder.ts";
import type { ForecastShape } from "../windows/forecast-shape.ts";
import type { CountSequences } from "../windows/forecaster.ts";
import { type BudgetOptions, type Schedule, type Stage, scheduled } from "./budget-schedule.ts";
import { directFirstPatch } from "./direct-first-patch.ts";
import { type DynamicsFrozen, forecastAutoencoderLoss, forecastDynamicsLoss } from "./forecast-losses.ts";
import { latentMoments } from "./latent-moments.ts";
import { autoencoderBatch, dynamicsBatch, usableSequences } from "./training-batches.ts";

export interface ForecastFitOptions extends BudgetOptions {
  readonly seed: number;
  readonly shape: ForecastShape;
  readonly device?: ComputeDevice;
  readonly threads?: number;
  /** The first stage's share of the budget; default `AUTOENCODER_SHARE`. */
  readonly autoencoderShare?: number;
  readonly learningRate?: number;
  readonly weightDecay?: number;
  /** Share of the entries hidden from the encoder in training. */
  readonly drop?: number;
  readonly resume?: ForecastFitState;
}

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

/** Unless told, the first stage's share of the budget. */
export const AUTOENCODER_SHARE = 0.7;
const OPTIMISER = { clipNorm: 1, emaDecay: 0.99 };

export async function fitForecast(train: CountSequences, options: ForecastFitOptions): Promise<ForecastFit> {
  const { seed, shape, device, threads, resume, weightDecay = 1 } = options;
  const random = Random.of(seed, "forecast");
  const sequences = usableSequences(train, shape);
  const noise = resume ? Noise.resume(resume.noise) : Noise.from(random.split("training"));
  const compute = { ...(device ? { device } : {}), ...(threads ? { threads } : {}) };
  const optimiser = { ...OPTIMISER, weightDecay };
  const rate = options.learningRate ?? 3e-3;
  const firstShare = options.autoencoderShare ?? AUTOENCODER_SHARE;
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
        {
          stage: "autoencoder",
          share: firstShare,
          peakLearningRate: rate,
          resume: resume?.schedule,
        },
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
      {
        stage: "dynamics",
        share: 1 - firstShare,
        peakLearningRate: rate,
        resume: resumed?.schedule,
      },
      (learningRate) => step.run(dynamicsBatch(sequences, shape, noise), { learningRate }),
    );
    if (!schedule.finished) return stopped("dynamics", schedule, step.state(), { autoencoder });
    steps += schedule.steps;
    const direct = await directFirstPatch(autoencoder, shape, compute);
    const history = await fitSpikeHistory(sequences, shape, direct.firstPatch).finally(() =>
      direct.dispose(),
    );
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

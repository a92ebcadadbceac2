/**
 * The forecasting emulator: fitted parameters behind the contract of a forecaster.
 *
 * Legend: N windows, S samples, F future bins, C channels, L context patches, Z latents.
 */
import {
  type ComputeDevice,
  compile,
  type Program,
  type Tensor,
  tensor,
  zeros,
} from "../../compute/index.ts";
import type { Array as JaxArray } from "../../compute/jax.ts";
import { type Blend, neuralBlend, plainLogRates } from "../heads/blend.ts";
import { expectedSpikes, limitOf } from "../heads/channel-past.ts";
import type { ForecastParameters } from "../model/parameters.ts";
import type { ForecastShape } from "../windows/forecast-shape.ts";
import type { Forecast, Forecaster, ForecastWindow, WindowBatch } from "../windows/forecaster.ts";
import { SLOW_BINS, slowFeatures } from "../windows/slow-means.ts";
import { sampleCounts } from "./drawn-counts.ts";
import { forecastRates, type Networks, type RateInputs } from "./forecast-rates.ts";

export interface ForecastEmulatorOptions {
  /** Courses sampled per window; default 32. */
  readonly samples?: number;
  /** How its parts mix; default the variational networks alone. */
  readonly blend?: Blend;
  /** Steps of the flow per patch; default 2. */
  readonly flowSteps?: 1 | 2;
  /** Whether counts are drawn with the spike-history head, bin after bin; default false: independent given the rates. */
  readonly spikeHistory?: boolean;
  readonly device?: ComputeDevice;
  readonly threads?: number;
}

export interface ForecastEmulator extends Forecaster {
  readonly shape: ForecastShape;
  readonly parameters: ForecastParameters;
  /** Latents `[N, L, Z]` of the histories of a batch. */
  encode(batch: WindowBatch): Promise<Float32Array>;
}

type Run = Program<[Networks<JaxArray>, RateInputs<JaxArray>], { rates: JaxArray; latents: JaxArray }>;

/** Makes a fitted emulator ready to forecast, its weights laid out for the machine. `dispose` it when done. */
export function openForecastEmulator(
  parameters: ForecastParameters,
  shape: ForecastShape,
  options: ForecastEmulatorOptions = {},
): ForecastEmulator {
  const { samples: S = 32, flowSteps = 2, spikeHistory = false } = options;
  const { device = "cpu", threads = 1 } = options;
  const { channels: C, latents: Z, contextPatches, futurePatches, patchBins } = shape;
  const window: ForecastWindow = {
    historyBins: contextPatches * patchBins,
    futureBins: futurePatches * patchBins,
    channels: C,
  };
  const { history: _, past, ...networks } = parameters;
  const blend = options.blend ?? neuralBlend(futurePatches);
  // The slow means are seen against the mean rate of the training part.
  const expected = expectedSpikes(past);
  // By batch size, each compiled when first asked for.
  const programs = new Map<number, Promise<Run>>();
  const programFor = (N: number) => {
    const program =
      programs.get(N) ??
      compile(
        (p: Networks<JaxArray>, inputs: RateInputs<JaxArray>) =>
          forecastRates(p, inputs, shape, { flowSteps, blend, ...limitOf(past) }),
        [
          networks,
          {
            counts: zeros([N, window.historyBins, C]),
            slow: zeros([N, contextPatches, SLOW_BINS.length]),
            plain: zeros([N, window.futureBins, C]),
            noise: zeros([N * S, futurePatches, Z]),
          },
        ],
        { device, threads },
      );
    programs.set(N, program);
    return program;
  };
  const run = async (batch: WindowBatch, noise: Tensor) => {
    const program = await programFor(batch.size);
    const plain = plainLogRates(past, blend, batch, shape);
    const slow = slowFeatures(batch.slow, expected, patchBins);
    return program.run(networks, {
      counts: tensor([batch.size, window.historyBins, C], batch.history),
      slow: tensor([batch.size, contextPatches, SLOW_BINS.length], slow),
      plain: tensor([batch.size, window.futureBins, C], plain),
      noise,
    });
  };
  return {
    name: "emulator",
    window,
    shape,
    parameters,
    async forecast(batch, noise): Promise<Forecast> {
      const { rates } = await run(batch, noise.normals([batch.size * S, futurePatches, Z]));
      const forecast = { samples: S, rates: rates.data as Float32Array };
      if (!spikeHistory) return forecast;
      return { ...forecast, counts: sampleCounts({ forecast, batch, window }, parameters.history, noise) };
    },
    async encode(batch) {
      const { latents } = await run(batch, zeros([batch.size * S, futurePatches, Z]));
      return latents.data as Float32Array;
    },
    async dispose() {
      for (const program of programs.values()) await (await program).dispose();
    },
  };
}

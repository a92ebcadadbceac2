/**
 * The default forecasting emulator (src/forecast): the two training steps that `wetgrad emulator fit` takes, and one
 * closed-loop step of the fitted emulator.
 */
import { Noise } from "../../src/compute/index.ts";
import type { Array as JaxArray } from "../../src/compute/jax.ts";
import type { ForecastDynamics } from "../../src/forecast/model/latent-dynamics.ts";
import type { ForecastAutoencoder } from "../../src/forecast/model/patch-autoencoder.ts";
import { openForecastStream } from "../../src/forecast/rollout/forecast-stream.ts";
import {
  type AutoencoderBatch,
  type DynamicsBatch,
  type DynamicsFrozen,
  forecastAutoencoderLoss,
  forecastDynamicsLoss,
} from "../../src/forecast/training/forecast-losses.ts";
import { autoencoderBatch, BATCH, dynamicsBatch } from "../../src/forecast/training/training-batches.ts";
import { untrainedEmulator } from "./untrained.ts";

const { parameters, shape, blend, counts } = untrainedEmulator(1, 64);
const { autoencoder, dynamics, normaliser } = parameters;
/** For the compilers. */
const WARM_STEPS = 200;
const optimiser = { clipNorm: 1, emaDecay: 0.99, weightDecay: 1 };

export const EMULATOR = { ...shape, batch: BATCH };

/** Encoder, decoder and direct head: the longer stage of a fit. */
export function autoencoderCase() {
  return {
    loss: (p: ForecastAutoencoder<JaxArray>, batch: AutoencoderBatch<JaxArray>) =>
      forecastAutoencoderLoss(p, batch, shape),
    params: autoencoder,
    batch: autoencoderBatch([counts], shape, Noise.of(3, "bench"), 0.3),
    optimiser,
  };
}

/** Latent dynamics, on the patches of an encoder that stays as it is. */
export function dynamicsCase() {
  return {
    loss: (p: ForecastDynamics<JaxArray>, batch: DynamicsBatch<JaxArray>, frozen: DynamicsFrozen<JaxArray>) =>
      forecastDynamicsLoss(p, batch, frozen, shape),
    params: dynamics,
    batch: dynamicsBatch([counts], shape, Noise.of(3, "bench")),
    frozen: { autoencoder, normaliser },
    optimiser,
  };
}

export interface LoopLatency {
  readonly samples: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** The same of what the process took of the CPU. */
  readonly cpuP50Ms: number;
  readonly cpuP99Ms: number;
}

/** Closed-loop steps on one thread: a patch of counts in, samples of the next 500 ms out. */
export async function closedLoopLatency(steps: number, samples?: number): Promise<LoopLatency> {
  const stream = await openForecastStream(parameters, shape, { blend, ...(samples ? { samples } : {}) });
  const noise = Noise.of(4, "bench");
  const patch = shape.patchBins * shape.channels;
  const [wall, cpu]: [number[], number[]] = [[], []];
  for (let i = 0; i < steps + WARM_STEPS; i++) {
    const at = (i * patch) % (counts.length - patch);
    const seen = Float32Array.from(counts.subarray(at, at + patch));
    const [start, busy] = [performance.now(), process.cpuUsage()];
    await stream.push(seen, noise);
    const { user, system } = process.cpuUsage(busy);
    if (i < WARM_STEPS) continue;
    wall.push(performance.now() - start);
    cpu.push((user + system) / 1000);
  }
  await stream.dispose();
  const at = (times: number[], share: number) =>
    times.sort((a, b) => a - b)[Math.floor(share * times.length)];
  return {
    samples: stream.samples,
    p50Ms: at(wall, 0.5),
    p99Ms: at(wall, 0.99),
    cpuP50Ms: at(cpu, 0.5),
    cpuP99Ms: at(cpu, 0.99),
  };
}

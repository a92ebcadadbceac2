/**
 * The default forecasting emulator (src/emulator/forecast): the two training steps that `wetgrad emulator fit` takes, and one
 * closed-loop step of the fitted emulator.
 */
import { Noise } from "../../src/compute/index.ts";
import type { Array as JaxArray } from "../../src/compute/jax.ts";
import {
  type ForecastAutoencoder,
  initForecastAutoencoder,
} from "../../src/emulator/forecast/autoencoder.ts";
import { autoencoderBatch, BATCH, dynamicsBatch } from "../../src/emulator/forecast/batches.ts";
import { type ForecastDynamics, initForecastDynamics } from "../../src/emulator/forecast/flow.ts";
import {
  type AutoencoderBatch,
  type DynamicsBatch,
  type DynamicsFrozen,
  forecastAutoencoderLoss,
  forecastDynamicsLoss,
} from "../../src/emulator/forecast/losses.ts";
import { defaultShape } from "../../src/emulator/forecast/shape.ts";
import { HISTORY_BINS } from "../../src/emulator/forecast/spike-history.ts";
import { openForecastStream } from "../../src/emulator/forecast/stream.ts";
import { Random } from "../../src/math/random.ts";

const CHANNELS = 64;
const shape = defaultShape(CHANNELS);
const random = Random.of(1, "bench");
const autoencoder = initForecastAutoencoder(random, shape, new Float32Array(CHANNELS).fill(-2));
const dynamics = initForecastDynamics(random, shape);
const { latents } = shape;
const normaliser = {
  mean: { shape: [latents], data: new Float32Array(latents) },
  deviation: { shape: [latents], data: new Float32Array(latents).fill(1) },
};
/** One stretch of sparse counts. */
const counts = Uint8Array.from(Noise.of(2, "bench").uniforms([2000 * CHANNELS]).data, (u) => Number(u < 0.1));
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

/** Milliseconds of closed-loop steps on one thread, sorted: a patch of counts in, 16 samples of the next 500 ms out. */
export async function closedLoopMs(steps: number): Promise<number[]> {
  const history = {
    weight: { shape: [CHANNELS, HISTORY_BINS], data: new Float32Array(CHANNELS * HISTORY_BINS) },
    offset: { shape: [CHANNELS], data: new Float32Array(CHANNELS) },
  };
  const stream = await openForecastStream({ autoencoder, dynamics, normaliser, history }, shape);
  const noise = Noise.of(4, "bench");
  const patch = shape.patchBins * CHANNELS;
  const times: number[] = [];
  for (let i = 0; i < steps + 20; i++) {
    const at = (i * patch) % (counts.length - patch);
    const seen = Float32Array.from(counts.subarray(at, at + patch));
    const start = performance.now();
    await stream.push(seen, noise);
    if (i >= 20) times.push(performance.now() - start);
  }
  await stream.dispose();
  return times.sort((a, b) => a - b);
}

/**
 * What the two halves of the forecasting emulator are trained on.
 *
 * Legend: N windows, T patches (context and future), B bins per patch, C channels, Z latents, F future patches.
 */
import { type Array as JaxArray, lax, np } from "../../compute/jax.ts";
import { poissonLoss } from "../../networks/poisson-loss.ts";
import { contextFeatures, type ForecastDynamics, flowLoss } from "../model/latent-dynamics.ts";
import { type Normaliser, normalise } from "../model/parameters.ts";
import {
  decodeLatents,
  encodeFeatures,
  type ForecastAutoencoder,
  forecastDirectly,
  posterior,
} from "../model/patch-autoencoder.ts";
import type { ForecastShape } from "../windows/forecast-shape.ts";

export type AutoencoderBatch<Leaf> = {
  /** `[N, T * B, C]` what the encoder sees: the counts, some entries dropped and the rest scaled up. */
  input: Leaf;
  /** `[N, T * B, C]` */
  counts: Leaf;
  /** `[N, T, Z]` standard normal. */
  noise: Leaf;
};

/** Weight of the KL term. */
const BETA = 1;

/**
 * The direct head's Poisson loss at every patch of the context plus the negative evidence lower bound of every patch,
 * per bin and channel.
 */
export function forecastAutoencoderLoss(
  p: ForecastAutoencoder<JaxArray>,
  { input, counts, noise }: AutoencoderBatch<JaxArray>,
  shape: ForecastShape,
): { loss: JaxArray; direct: JaxArray } {
  const { patchBins: B, channels: C, latents: Z, contextPatches: K, futurePatches: F } = shape;
  const [N, T] = noise.shape as [number, number];
  const { features } = encodeFeatures(p, input, shape);

  const patches = counts.reshape([N, T, B, C]);
  const ahead = Array.from({ length: F }, (_, f) => np.split(patches, [f + 1, f + 1 + K], 1)[1]);
  const targets = np.concatenate(ahead, 2);
  const seen = np.split(features, [K], 1)[0];
  const direct = poissonLoss(forecastDirectly(p, seen, shape), targets).mean();

  const { mean, logVariance } = posterior(p, features);
  const latents = mean.add(np.exp(logVariance.mul(0.5)).mul(noise));
  const decoded = decodeLatents(p, latents.reshape([N * T, Z]), shape);
  const reconstruction = poissonLoss(decoded, counts.reshape([N * T, B, C])).mean();
  const divergence = np.square(mean).add(np.exp(logVariance)).sub(logVariance).sub(1).mul(0.5);
  const bound = reconstruction.add(
    divergence
      .sum(2)
      .mean()
      .mul(BETA / (B * C)),
  );
  return { loss: direct.add(bound), direct };
}

export type DynamicsBatch<Leaf> = {
  /** `[N, T * B, C]` */
  counts: Leaf;
  /** `[N, T, 1]` 1 where the context holds a sample instead of what was observed. */
  dreamed: Leaf;
  /** `[N, T, Z]` standard normal. */
  noise: Leaf;
  /** `[N * (T - 1), Z]` standard normal. */
  flowNoise: Leaf;
  /** `[N * (T - 1), 1]` uniform. */
  time: Leaf;
};

export type DynamicsFrozen<Leaf> = { autoencoder: ForecastAutoencoder<Leaf>; normaliser: Normaliser<Leaf> };

/** The flow loss of every next patch, drawn from the posterior, given the patches before it. */
export function forecastDynamicsLoss(
  p: ForecastDynamics<JaxArray>,
  batch: DynamicsBatch<JaxArray>,
  { autoencoder, normaliser }: DynamicsFrozen<JaxArray>,
  shape: ForecastShape,
): JaxArray {
  const [N, T, Z] = batch.noise.shape as [number, number, number];
  const { mean, logVariance } = posterior(
    autoencoder,
    encodeFeatures(autoencoder, batch.counts, shape).features,
  );
  const sample = mean.add(np.exp(logVariance.mul(0.5)).mul(batch.noise));
  const observed = lax.stopGradient(normalise(normaliser, mean));
  const drawn = lax.stopGradient(normalise(normaliser, sample));
  const context = observed.add(drawn.sub(observed).mul(batch.dreamed));
  const { features } = contextFeatures(p, { latents: context, dreamed: batch.dreamed }, shape.heads);
  const before = np.split(features, [T - 1], 1)[0].reshape([N * (T - 1), shape.width]);
  const next = np.split(drawn, [1], 1)[1].reshape([N * (T - 1), Z]);
  return flowLoss(p, { next, features: before, noise: batch.flowNoise, time: batch.time });
}

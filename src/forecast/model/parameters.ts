/** All that a forecasting emulator has learned, and the scale of its latents. Legend: C channels, Z latents. */
import type { Tensor } from "../../compute/index.ts";
import type { Array as JaxArray } from "../../compute/jax.ts";
import type { Gru } from "../../networks/recurrent.ts";
import type { ChannelPast } from "../heads/channel-past.ts";
import type { SpikeHistory } from "../heads/spike-history.ts";
import type { ForecastShape } from "../windows/forecast-shape.ts";
import type { ForecastDynamics } from "./latent-dynamics.ts";
import type { ForecastAutoencoder } from "./patch-autoencoder.ts";

/** Mean and standard deviation `[Z]` of the latents over the training part. */
export type Normaliser<Leaf> = { mean: Leaf; deviation: Leaf };

export function normalise(normaliser: Normaliser<JaxArray>, latents: JaxArray): JaxArray {
  return latents.sub(normaliser.mean).div(normaliser.deviation);
}

export function denormalise(normaliser: Normaliser<JaxArray>, latents: JaxArray): JaxArray {
  return latents.mul(normaliser.deviation).add(normaliser.mean);
}

/** All that is learned; a tree of tensors, so that it goes to safetensors as it is. */
export type ForecastParameters = {
  autoencoder: ForecastAutoencoder<Tensor>;
  dynamics: ForecastDynamics<Tensor>;
  normaliser: Normaliser<Tensor>;
  history: SpikeHistory;
  past?: ChannelPast;
  recurrent?: Gru<Tensor>;
};

/** Fitted networks of a size. */
export interface FittedNetworks {
  readonly parameters: ForecastParameters;
  readonly shape: ForecastShape;
}

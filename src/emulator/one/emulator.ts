/**
 * The emulator of one culture: its parameters, and the compiled programs that fit and run them. Patches are
 * normalised (zero mean and unit variance over the recording that the emulator was fitted on) before the dynamics,
 * the bridge and anyone else sees them.
 *
 * Legend: N windows, B bins, C channels, Z latents, K context patches.
 */
import { type Tensor, tensor } from "../../compute/index.ts";
import type { Random } from "../../math/random.ts";
import { type Autoencoder, type AutoencoderShape, initAutoencoder } from "./autoencoder.ts";
import { type Dynamics, type DynamicsShape, initDynamics } from "./dynamics.ts";
import { meanLogRate, type NeuralStates } from "./states.ts";

export interface EmulatorShape {
  readonly bins: number;
  readonly channels: number;
  readonly latents: number;
  readonly width: number;
  readonly heads: number;
  /** Transformer blocks in each of encoder, decoder and dynamics. */
  readonly blocks: number;
  /** Past task steps that the dynamics look back on, beside the present one. */
  readonly history: number;
  /** Bins that have come in before a write can begin. */
  readonly sensoryBins: number;
}

/** Small enough for a laptop's CPU: about 120,000 parameters at 64 channels. Bins and channels are the protocol's and the device's. */
export const CYCLE_SHAPE: Omit<EmulatorShape, "bins" | "channels"> = {
  latents: 32,
  width: 48,
  heads: 4,
  blocks: 1,
  history: 1,
  sensoryBins: 1,
};

export type Normaliser<Leaf> = { mean: Leaf; deviation: Leaf };

/** All that is learned. A tree of tensors: it goes to safetensors as it is. */
export type EmulatorParameters = {
  autoencoder: Autoencoder<Tensor>;
  normaliser: Normaliser<Tensor>;
  dynamics: Dynamics<Tensor>;
};

export function autoencoderShape({
  bins,
  channels,
  latents,
  width,
  heads,
  blocks,
}: EmulatorShape): AutoencoderShape {
  return { bins, channels, latents, width, heads, blocks };
}

export function dynamicsShape({
  latents,
  width,
  heads,
  blocks,
  history,
}: Omit<EmulatorShape, "bins" | "channels">): DynamicsShape {
  return { latents, width, heads, blocks, context: 2 * history + 1 };
}

/** A fresh emulator; the decoder starts at the recording's mean rates. */
export function initEmulator(random: Random, shape: EmulatorShape, states: NeuralStates): EmulatorParameters {
  const { latents } = shape;
  return {
    autoencoder: initAutoencoder(random.split("autoencoder"), autoencoderShape(shape), meanLogRate(states)),
    normaliser: {
      mean: tensor([latents], new Float32Array(latents)),
      deviation: tensor([latents], new Float32Array(latents).fill(1)),
    },
    dynamics: initDynamics(random.split("dynamics"), dynamicsShape(shape)),
  };
}

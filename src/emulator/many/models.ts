/** What the joint emulator is made of, and how a fresh one begins. Legend in shape.ts. */
import { type Tensor, tensor, zeros } from "../../compute/index.ts";
import type { Random } from "../../math/random.ts";
import type { States } from "../contract.ts";
import type { Normaliser } from "../one/emulator.ts";
import { initDynamics, type JointDynamics } from "./dynamics.ts";
import { initAutoencoder, type JointAutoencoder } from "./patches.ts";
import { initReading, type JointReading } from "./reading.ts";
import type { JointShape } from "./shape.ts";

/** All that is learned. A tree of tensors: it goes to safetensors as it is. */
export type JointModels = {
  autoencoder: JointAutoencoder<Tensor>;
  normaliser: Normaliser<Tensor>;
  dynamics: JointDynamics<Tensor>;
  reading: JointReading<Tensor>;
};

export function initModels(random: Random, shape: JointShape, states: States): JointModels {
  const { latents } = shape;
  return {
    autoencoder: initAutoencoder(random.split("autoencoder"), shape, meanLogCounts(states, shape)),
    normaliser: { mean: zeros([latents]), deviation: tensor([latents], new Float32Array(latents).fill(1)) },
    dynamics: initDynamics(random.split("dynamics"), shape),
    reading: initReading(random.split("reading"), shape),
  };
}

function meanLogCounts({ counts, steps }: States, { brains, bins, channels }: JointShape): Float32Array {
  const row = brains * bins * channels;
  const sums = new Float64Array(row);
  for (let i = 0; i < counts.length; i++) sums[i % row] += counts[i];
  return Float32Array.from(sums, (sum) => Math.log(sum / Math.max(1, steps) + 0.01));
}

/**
 * The context of every step, `[R, N, Z + P]`: each brain's patch of the step before (zero at the beginning), and what it is
 * given now.
 */
export function contextsOf(patches: Float32Array, data: Float32Array, shape: JointShape): Float32Array {
  const { brains: N, latents: Z, places: P } = shape;
  const rows = data.length / P;
  const out = new Float32Array(rows * (Z + P));
  for (let row = 0; row < rows; row++) {
    if (row >= N) out.set(patches.subarray((row - N) * Z, (row - N + 1) * Z), row * (Z + P));
    out.set(data.subarray(row * P, (row + 1) * P), row * (Z + P) + Z);
  }
  return out;
}

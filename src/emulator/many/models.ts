/** What the joint emulator is made of, and how a fresh one begins. Legend in shape.ts. */
import { type Tensor, tensor, zeros } from "../../compute/index.ts";
import type { Random } from "../../math/random.ts";
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

/** Steps of a whole vat, in order: what was given to each brain, and what it did. */
export interface VatStates {
  readonly steps: number;
  /** `[R, N, B C]` spike counts in roles, efference copies included. */
  readonly counts: Float32Array;
  /** `[R, N, P]` 1 where a place of the datum was pulsed. */
  readonly data: Float32Array;
  /** `[R, N]` 1 where the brain was written to. */
  readonly written: Float32Array;
}

export function initModels(random: Random, shape: JointShape, states: VatStates): JointModels {
  const { latents } = shape;
  return {
    autoencoder: initAutoencoder(random.split("autoencoder"), shape, meanLogCounts(states, shape)),
    normaliser: { mean: zeros([latents]), deviation: tensor([latents], new Float32Array(latents).fill(1)) },
    dynamics: initDynamics(random.split("dynamics"), shape),
    reading: initReading(random.split("reading"), shape),
  };
}

function meanLogCounts({ counts, steps }: VatStates, { brains, bins, channels }: JointShape): Float32Array {
  const row = brains * bins * channels;
  const sums = new Float64Array(row);
  for (let i = 0; i < counts.length; i++) sums[i % row] += counts[i];
  return Float32Array.from(sums, (sum) => Math.log(sum / Math.max(1, steps) + 0.01));
}

export function concatenateSteps(parts: readonly VatStates[]): VatStates {
  const join = (pick: (part: VatStates) => Float32Array) => {
    const whole = new Float32Array(parts.reduce((sum, part) => sum + pick(part).length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(pick(part), at);
      at += pick(part).length;
    }
    return whole;
  };
  return {
    steps: parts.reduce((sum, { steps }) => sum + steps, 0),
    counts: join((part) => part.counts),
    data: join((part) => part.data),
    written: join((part) => part.written),
  };
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

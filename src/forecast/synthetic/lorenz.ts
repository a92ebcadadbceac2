/**
 * A population of spiking channels driven by a stochastic Lorenz system: the benchmark on which the true rates are known
 * and the best achievable forecast can be computed (oracles.ts).
 *
 * Lorenz 1963, https://doi.org/10.1175/1520-0469(1963)020<0130:DNF>2.0.CO;2: sigma 10, rho 28, beta 8/3, Euler-Maruyama
 * with steps of 0.002 and unit diffusion, ten steps to a 20-ms bin. Log rate of a channel = gain . z + offset, with z the
 * state scaled by fixed constants; offsets make the mean rates lognormal about 5 Hz.
 *
 * Legend: T bins, C channels.
 */
import { drawPoisson } from "../../math/poisson.ts";
import { Random } from "../../math/random.ts";
import type { CountSequences } from "../windows/forecaster.ts";

export const LORENZ_STEP = 0.002;
export const STEPS_PER_BIN = 10;
export const LORENZ_CENTRE = [0, 0, 23.55] as const;
export const LORENZ_SCALE = [7.92, 9.01, 8.62] as const;
const BIN_SECONDS = 0.02;
const SETTLING_BINS = 300;

export interface LorenzOptions {
  readonly seed: number;
  readonly trials: number;
  /** Bins per trial. */
  readonly bins: number;
  readonly channels: number;
}

/** The benchmark's size: 500 trials of 6 s, of which 400 to train, 50 to validate, 50 to test. */
export const LORENZ_BENCHMARK: LorenzOptions = { seed: 7, trials: 500, bins: 300, channels: 64 };

export interface LorenzPopulation {
  readonly counts: CountSequences;
  /** Expected counts per bin `[T, C]`, one array per trial. */
  readonly rates: readonly Float32Array[];
  /** `[C, 3]` */
  readonly gains: Float64Array;
  /** `[C]` */
  readonly offsets: Float64Array;
}

export function lorenzPopulation({ seed, trials, bins, channels }: LorenzOptions): LorenzPopulation {
  const random = Random.of(seed, "lorenz population");
  const gains = new Float64Array(3 * channels);
  for (let c = 0; c < channels; c++) {
    const direction = [random.normal(), random.normal(), random.normal()];
    const gain = 0.4 + 0.8 * random.uniform();
    for (let d = 0; d < 3; d++) gains[3 * c + d] = (gain * direction[d]) / Math.hypot(...direction);
  }
  const states = Array.from({ length: trials }, (_, trial) =>
    lorenzPath(random.split(`path ${trial}`), bins),
  );
  const offsets = Float64Array.from({ length: channels }, (_, c) => {
    let sum = 0;
    for (const z of states) for (let t = 0; t < bins; t++) sum += Math.exp(drive(gains, c, z, 3 * t));
    const meanCount = 5 * BIN_SECONDS * Math.exp(0.6 * random.normal() - 0.18);
    return Math.log(meanCount / (sum / (trials * bins)));
  });
  const rates = states.map((z) =>
    Float32Array.from({ length: bins * channels }, (_, i) => {
      const c = i % channels;
      return Math.exp(drive(gains, c, z, 3 * ((i - c) / channels)) + offsets[c]);
    }),
  );
  const spikes = random.split("spikes");
  const sequences = rates.map((rate) =>
    Uint8Array.from(rate, (mean) => Math.min(255, drawPoisson(spikes, mean))),
  );
  return { counts: { binSeconds: BIN_SECONDS, channels, sequences }, rates, gains, offsets };
}

/** gain of channel c . z at `at`. */
function drive(gains: Float64Array, c: number, z: Float64Array, at: number): number {
  return gains[3 * c] * z[at] + gains[3 * c + 1] * z[at + 1] + gains[3 * c + 2] * z[at + 2];
}

/** Scaled states `[T, 3]` of one trial, begun on the attractor. */
function lorenzPath(random: Random, bins: number): Float64Array {
  const state = Float64Array.of(5 * random.normal(), 5 * random.normal(), 23 + 5 * random.normal());
  const path = new Float64Array(3 * bins);
  for (let t = -SETTLING_BINS; t < bins; t++) {
    const noise = random.normals(3 * STEPS_PER_BIN);
    for (let k = 0; k < STEPS_PER_BIN; k++) stepLorenz(state, 0, noise, 3 * k);
    if (t >= 0) for (let d = 0; d < 3; d++) path[3 * t + d] = (state[d] - LORENZ_CENTRE[d]) / LORENZ_SCALE[d];
  }
  return path;
}

/** One Euler-Maruyama step of the state at `states[at..at + 3]`, in place. */
export function stepLorenz(states: Float64Array, at: number, noise: Float32Array, from: number): void {
  const [x, y, z] = [states[at], states[at + 1], states[at + 2]];
  const spread = Math.sqrt(LORENZ_STEP);
  states[at] = x + LORENZ_STEP * 10 * (y - x) + spread * noise[from];
  states[at + 1] = y + LORENZ_STEP * (x * (28 - z) - y) + spread * noise[from + 1];
  states[at + 2] = z + LORENZ_STEP * (x * y - (8 / 3) * z) + spread * noise[from + 2];
}

/** Training, validation and test trials: 80, 10 and 10 %. */
export function splitTrials(counts: CountSequences) {
  const n = counts.sequences.length;
  const [first, second] = [Math.round(0.8 * n), Math.round(0.9 * n)];
  const part = (from: number, to: number): CountSequences => ({
    ...counts,
    sequences: counts.sequences.slice(from, to),
  });
  return { train: part(0, first), validation: part(first, second), test: part(second, n), testFrom: second };
}

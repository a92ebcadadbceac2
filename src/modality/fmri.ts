/**
 * What functional MRI sees of a tissue laid as a patch of cortex: firing per voxel through the canonical double-gamma
 * haemodynamic response, one volume per repetition time. 1 % of signal for 9 spikes/s per neuron (Rees et al. 2000,
 * https://doi.org/10.1038/76673); thermal and physiological noise together as the temporal signal-to-noise ratio.
 */
import { Random } from "../math/random.ts";
import type { Seen, TissueActivity } from "./activity.ts";

export interface FmriOptions {
  readonly seed: number;
  /** Side of the patch of cortex that the tissue is laid out on. */
  readonly patchMm: number;
  readonly voxelMm?: number;
  readonly repetitionSeconds?: number;
  readonly temporalSnr?: number;
}

const PERCENT_PER_HZ = 1 / 9;
/** The response is computed at this step. */
const STEP_SECONDS = 0.1;
const RESPONSE_SECONDS = 32;

/** The double-gamma response of unit area at `seconds`: peak at 5 s, undershoot a sixth (Friston et al. 1998; SPM's canonical). */
export function haemodynamicResponse(seconds: number): number {
  if (seconds <= 0) return 0;
  const gamma = (shape: number) =>
    Math.exp((shape - 1) * Math.log(seconds) - seconds - logFactorial(shape - 1));
  return (gamma(6) - gamma(16) / 6) / (1 - 1 / 6);
}

/** Per cent of the mean signal. */
export function throughFmri(activity: TissueActivity, options: FmriOptions): Seen {
  const { seed, patchMm, voxelMm = 2, repetitionSeconds = 0.8, temporalSnr = 80 } = options;
  const perSide = Math.max(1, Math.round(patchMm / voxelMm));
  const channels = perSide * perSide;
  const { positionsMm, sideMm, spikeSeconds, spikeCells, seconds } = activity;
  const cells = positionsMm.length / 2;
  const voxelOf = Uint16Array.from({ length: cells }, (_, cell) => {
    const at = (i: number) =>
      Math.min(perSide - 1, Math.max(0, Math.floor((positionsMm[2 * cell + i] / sideMm) * perSide)));
    return at(0) * perSide + at(1);
  });
  const population = new Float64Array(channels);
  for (const voxel of voxelOf) population[voxel]++;
  const steps = Math.ceil(seconds / STEP_SECONDS);
  const rate = new Float64Array(steps * channels);
  for (let i = 0; i < spikeSeconds.length; i++) {
    const step = Math.floor(spikeSeconds[i] / STEP_SECONDS);
    const voxel = voxelOf[spikeCells[i]];
    if (step < steps) rate[step * channels + voxel] += 1 / (STEP_SECONDS * population[voxel]);
  }
  const kernel = Array.from(
    { length: RESPONSE_SECONDS / STEP_SECONDS },
    (_, k) => haemodynamicResponse((k + 0.5) * STEP_SECONDS) * STEP_SECONDS,
  );
  const samples = Math.floor(seconds / repetitionSeconds);
  const values = new Float32Array(samples * channels);
  const noise = Random.of(seed, "fmri");
  for (let k = 0; k < samples; k++) {
    const now = Math.floor(((k + 1) * repetitionSeconds) / STEP_SECONDS + 1e-9) - 1;
    for (let v = 0; v < channels; v++) {
      let sum = 0;
      for (let lag = 0; lag < kernel.length && lag <= now; lag++)
        sum += kernel[lag] * rate[(now - lag) * channels + v];
      values[k * channels + v] = PERCENT_PER_HZ * sum + (100 / temporalSnr) * noise.normal();
    }
  }
  return { rateHz: 1 / repetitionSeconds, channels, values };
}

function logFactorial(n: number): number {
  let sum = 0;
  for (let k = 2; k <= n; k++) sum += Math.log(k);
  return sum;
}

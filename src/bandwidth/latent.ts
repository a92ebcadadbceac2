/**
 * The latent state of the tissue: the leading principal components of all cells' activity, presentation by
 * presentation, less what the presentation before already told (a linear regression on it): innovations, whose
 * information adds up over presentations.
 */
import { principalAxes, project } from "../math/principal.ts";
import type { TissueActivity } from "../modality/activity.ts";
import { predictRidges, RidgeProblem } from "./ridge.ts";

export const LATENTS = 6;
/** Cells are pooled into this many places per side: the population state, not single cells. */
const PLACES = 10;

/** Innovations of the latent state `[trials, LATENTS]`; the first `trainTrials` fit the axes and the regression. */
export function latentInnovations(
  activity: TissueActivity,
  trials: number,
  trainTrials: number,
): Float64Array {
  const { positionsMm, sideMm, spikeSeconds, spikeCells, seconds } = activity;
  const width = PLACES * PLACES;
  const place = (cell: number) => {
    const at = (i: number) =>
      Math.min(PLACES - 1, Math.max(0, Math.floor((positionsMm[2 * cell + i] / sideMm) * PLACES)));
    return at(0) * PLACES + at(1);
  };
  const counts = new Float32Array(trials * width);
  for (let i = 0; i < spikeSeconds.length; i++) {
    const trial = Math.min(trials - 1, Math.floor((spikeSeconds[i] / seconds) * trials));
    counts[trial * width + place(spikeCells[i])]++;
  }
  for (let i = 0; i < counts.length; i++) counts[i] = Math.sqrt(counts[i]); // steadies the variance of counts
  const { mean, axes } = principalAxes(counts.subarray(0, trainTrials * width), width, LATENTS);
  const states = new Float64Array(trials * LATENTS);
  for (let t = 0; t < trials; t++)
    states.set(project(counts.subarray(t * width, (t + 1) * width), mean, axes), t * LATENTS);
  const past = states.subarray(0, (trials - 1) * LATENTS);
  const before = past.subarray(0, (trainTrials - 1) * LATENTS);
  const after = states.subarray(LATENTS, trainTrials * LATENTS);
  const fit = new RidgeProblem(before, LATENTS, after, LATENTS).solve(1e-3);
  const expected = predictRidges(fit, past);
  const innovations = states.slice();
  for (let i = 0; i < expected.length; i++) innovations[LATENTS + i] -= expected[i];
  return innovations;
}

/** The modalities side by side, each with what has been published of it with people. */
import type { TissueActivity } from "../modality/activity.ts";
import { throughArray } from "../modality/array.ts";
import { throughEeg } from "../modality/eeg.ts";
import { throughFmri } from "../modality/fmri.ts";
import { binned } from "./features.ts";
import { TRIALS_PER_SECOND } from "./tissue.ts";

export interface Published {
  readonly bitsPerSecond: number;
  readonly what: string;
  readonly source: string;
}

export interface Modality {
  readonly name: string;
  readonly label: string;
  readonly published?: Published;
  features(activity: TissueActivity, trials: number, seed: number): { features: Float32Array; D: number };
}

const TRIAL = 1 / TRIALS_PER_SECOND;
/** 10^7 cells of cortex: as much as one square centimetre holds. */
const PATCH_MM = 10;
/** The culture's own extent. */
const CULTURE_MM = 1.6;

const typing: Published = {
  bitsPerSecond: 3.7,
  what: "typing by a person with two 96-electrode arrays",
  source: "Pandarinath et al. 2017, https://doi.org/10.7554/eLife.18554",
};
const speller: Published = {
  bitsPerSecond: 5.32,
  what: "spelling by steady-state visual evoked potentials",
  source: "Chen et al. 2015, https://doi.org/10.1073/pnas.1508080112",
};
const fmriSpeller: Published = {
  bitsPerSecond: 0.06,
  what: "spelling, one of 27 signs in about a minute, over 80 % right",
  source: "Sorger et al. 2012, https://doi.org/10.1016/j.cub.2012.05.022 (Wolpaw's rate of such figures)",
};

const array = (perSide: number): Modality => ({
  name: `array-${perSide * perSide}`,
  label: `array, ${perSide * perSide} electrodes`,
  ...(perSide === 8 ? { published: typing } : {}),
  features: (activity, trials, seed) =>
    binned(
      throughArray(activity, { perSide, rateHz: 100, seed }),
      { trials, trialSeconds: TRIAL },
      { bins: 2 },
    ),
});

const eeg = (name: string, label: string, patchMm: number): Modality => ({
  name,
  label,
  published: speller,
  features: (activity, trials, seed) =>
    binned(
      throughEeg(activity, { seed, rateHz: 500, patchMm }),
      { trials, trialSeconds: TRIAL },
      { bins: 5 },
    ),
});

const fmri = (name: string, label: string, patchMm: number): Modality => ({
  name,
  label,
  published: fmriSpeller,
  // The response peaks 5 s after the firing: volumes from 3.2 to 7.2 s after the presentation.
  features: (activity, trials, seed) =>
    binned(
      throughFmri(activity, { seed, patchMm }),
      { trials, trialSeconds: TRIAL },
      { bins: 5, delaySeconds: 3.2, spanSeconds: 4 },
    ),
});

export const MODALITIES: readonly Modality[] = [
  array(16),
  array(8),
  array(4),
  array(2),
  eeg("eeg-patch", "EEG, 1 cm² of cortex", PATCH_MM),
  eeg("eeg-culture", "EEG, this culture", CULTURE_MM),
  fmri("fmri-patch", "fMRI, 1 cm² of cortex", PATCH_MM),
  fmri("fmri-culture", "fMRI, this culture", CULTURE_MM),
];

/**
 * What an invasive array of n x n electrodes sees of a tissue: each cell is detected by its nearest electrode only, the
 * less surely the farther it lies, and electrodes make spikes up. The numbers are those of the simulated device.
 */
import { Random } from "../math/random.ts";
import type { Seen, TissueActivity } from "./activity.ts";

export interface ArrayOptions {
  /** Electrodes per side. */
  readonly perSide: number;
  readonly rateHz: number;
  readonly seed: number;
  readonly radiusMm?: number;
  /** Share of a cell's spikes detected on the electrode; at distance d times exp(-(d / fall)^2). */
  readonly probability?: number;
  readonly fallMm?: number;
  readonly noiseHz?: number;
  /** How long the array sees nothing after a stimulus. */
  readonly blankSeconds?: number;
}

/** Electrode of each cell (-1: none) and the chance that a spike of it is seen. */
export function nearestElectrodes(
  { positionsMm, sideMm }: Pick<TissueActivity, "positionsMm" | "sideMm">,
  { perSide, radiusMm = 0.09, probability = 0.95, fallMm = 0.08 }: ArrayOptions,
): { electrode: Int32Array; chance: Float64Array } {
  const pitch = sideMm / perSide;
  const cells = positionsMm.length / 2;
  const electrode = new Int32Array(cells).fill(-1);
  const chance = new Float64Array(cells);
  for (let cell = 0; cell < cells; cell++) {
    const [x, y] = [positionsMm[2 * cell], positionsMm[2 * cell + 1]];
    const [column, row] = [x, y].map((at) => Math.min(perSide - 1, Math.max(0, Math.floor(at / pitch)))) as [
      number,
      number,
    ];
    const distance = Math.hypot(x - (column + 0.5) * pitch, y - (row + 0.5) * pitch);
    if (distance > radiusMm) continue;
    electrode[cell] = column * perSide + row;
    chance[cell] = probability * Math.exp(-((distance / fallMm) ** 2));
  }
  return { electrode, chance };
}

/** Counts of detected spikes. */
export function throughArray(activity: TissueActivity, options: ArrayOptions): Seen {
  const { perSide, rateHz, seed, noiseHz = 0.3, blankSeconds = 0.002 } = options;
  const channels = perSide * perSide;
  const samples = Math.floor(activity.seconds * rateHz);
  const values = new Float32Array(samples * channels);
  const { electrode, chance } = nearestElectrodes(activity, options);
  const random = Random.of(seed, "array", perSide);
  const { spikeSeconds, spikeCells, stimulusSeconds = new Float64Array(0) } = activity;
  let stimuli = 0;
  for (let i = 0; i < spikeSeconds.length; i++) {
    const cell = spikeCells[i];
    const draw = random.uniform();
    while (stimuli < stimulusSeconds.length && stimulusSeconds[stimuli] <= spikeSeconds[i]) stimuli++;
    if (stimuli > 0 && spikeSeconds[i] - stimulusSeconds[stimuli - 1] < blankSeconds) continue;
    const sample = Math.floor(spikeSeconds[i] * rateHz);
    if (electrode[cell] < 0 || draw >= chance[cell] || sample >= samples) continue;
    values[sample * channels + electrode[cell]]++;
  }
  const noise = Random.of(seed, "array noise", perSide);
  for (let i = 0; i < values.length; i++) if (noise.uniform() < noiseHz / rateHz) values[i]++;
  return { rateHz, channels, values };
}

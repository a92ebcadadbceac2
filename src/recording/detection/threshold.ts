/**
 * Spikes in raw samples: negative crossings of a multiple of the noise, which is estimated as median(|x|) / 0.6745.
 * Quiroga, Nadasdy & Ben-Shaul 2004, "Unsupervised spike detection and sorting", section 3.1,
 * https://doi.org/10.1162/089976604774201631. The noise of one window sets the threshold of the next, so that the
 * spikes do not depend on how the samples are cut into pieces; in the first window none are found.
 */
import { median } from "../../math/statistics.ts";

/** A sample by its number. */
type Frame = number;

import { HighPass } from "./high-pass.ts";

export interface ThresholdParameters {
  /** The threshold, as a multiple of the noise's standard deviation. */
  readonly factor: number;
  /** Cut-off of the high-pass before the threshold; 0: none. */
  readonly highPassHz: number;
  /** After a spike none is found for this long. */
  readonly deadTimeUs: number;
  /** How much signal the noise is estimated on. */
  readonly windowS: number;
}

/** Action potentials on an electrode; on anything slower than 2 kHz (EEG), large deflections. */
export function thresholdDefaults(samplesPerSecond: number): ThresholdParameters {
  return { factor: 5, highPassHz: samplesPerSecond >= 2000 ? 300 : 0.5, deadTimeUs: 1000, windowS: 1 };
}

/** MAD to standard deviation of a Gaussian. */
const MEDIAN_TO_SIGMA = 0.6745;
/** The median is taken over this many samples, evenly spread over the window. */
const MEDIAN_SAMPLES = 1000;

/** One electrode's detector. */
export class ThresholdDetector {
  private readonly filter: HighPass | undefined;
  private readonly factor: number;
  private readonly deadFrames: number;
  private readonly windowFrames: number;
  private readonly stride: number;
  private magnitudes: number[] = [];
  private inWindow = 0;
  private threshold = Number.POSITIVE_INFINITY;
  private last = 0;
  private sound = 0;
  private started = false;
  private lastSpike = Number.NEGATIVE_INFINITY;

  constructor(samplesPerSecond: number, parameters = thresholdDefaults(samplesPerSecond)) {
    const { factor, highPassHz, deadTimeUs, windowS } = parameters;
    this.filter = highPassHz > 0 ? new HighPass(highPassHz, samplesPerSecond) : undefined;
    this.factor = factor;
    this.deadFrames = Math.max(1, Math.round((deadTimeUs * samplesPerSecond) / 1e6));
    this.windowFrames = Math.max(1, Math.round(windowS * samplesPerSecond));
    this.stride = Math.max(1, Math.floor(this.windowFrames / MEDIAN_SAMPLES));
  }

  /** Takes in the sample of a frame; true where a spike begins. A sample that is no number counts as the last one. */
  next(frame: Frame, sample: number): boolean {
    if (Number.isFinite(sample)) this.sound = sample;
    if (!this.started) this.restart();
    const value = this.filter ? this.filter.next(this.sound) : this.sound;
    if (this.inWindow % this.stride === 0) this.magnitudes.push(Math.abs(value));
    const crossed = value <= -this.threshold && this.last > -this.threshold;
    this.last = value;
    if (++this.inWindow === this.windowFrames) this.turnWindow();
    if (!crossed || frame - this.lastSpike < this.deadFrames) return false;
    this.lastSpike = frame;
    return true;
  }

  /** Samples were lost: the filter starts afresh at the next one, the threshold stays. */
  gap(): void {
    this.started = false;
  }

  private restart(): void {
    this.started = true;
    this.filter?.settle(this.sound);
    this.last = 0;
  }

  private turnWindow(): void {
    const noise = median(this.magnitudes) / MEDIAN_TO_SIGMA;
    // A flat line has no noise to stand out from.
    this.threshold = noise > 0 ? this.factor * noise : Number.POSITIVE_INFINITY;
    this.magnitudes = [];
    this.inWindow = 0;
  }
}

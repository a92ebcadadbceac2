/** What goes to electrodes and comes from them: pulses and spikes, in frames of the device clock. */

/** One tick of the device clock, counted from its start. An integer; int64 in files. */
export type Frame = number;

/** One constant-current phase of a pulse. */
export interface Phase {
  /** Negative is cathodic; zero is a gap between phases. */
  readonly currentUa: number;
  readonly durationUs: number;
}

/** Light on a channel of light. */
export interface Light {
  readonly irradianceMwPerMm2: number;
  readonly durationUs: number;
}

/** One stimulation pulse on one electrode, beginning at `frame`. */
export interface Pulse {
  readonly frame: Frame;
  readonly channel: number;
  /** None on a channel of light. */
  readonly phases: readonly Phase[];
  /** On a channel of light alone. */
  readonly light?: Light;
}

/** Detected spikes in frame order: `frames[i]` on `channels[i]`. */
export interface Spikes {
  readonly frames: Float64Array;
  readonly channels: Uint16Array;
}

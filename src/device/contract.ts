/**
 * The device contract: what reads and writes a culture.
 *
 * A driver implements `Driver`; the rest of wetgrad only ever holds a `Device`, which `openDevice` (gate.ts)
 * makes from a driver by putting the safety gate in front of its `deliver`. All times are frames of the device
 * clock (integers; 40 us each at 25 kHz), never wall-clock.
 */

/** One tick of the device clock, counted from its start. An integer; int64 in files. */
export type Frame = number;

/** One electrode of the scaffold. `areaUm2` and `material` are what the safety gate judges charge density by. */
export interface Electrode {
  readonly channel: number;
  readonly xUm: number;
  readonly yUm: number;
  readonly areaUm2: number;
  readonly material:
    | "platinum"
    | "platinum-black"
    | "titanium-nitride"
    | "iridium-oxide"
    | "pedot"
    | "unknown";
}

/** What the device is attached to. Only `simulated` and `in-vitro` can ever be stimulated. */
export type Preparation = "simulated" | "in-vitro" | "person";

export interface DeviceProfile {
  readonly name: string;
  readonly preparation: Preparation;
  readonly framesPerSecond: number;
  readonly electrodes: readonly Electrode[];
  /** Channels that must never be stimulated (ground, reference). */
  readonly reservedChannels: readonly number[];
}

/** One constant-current phase of a pulse. */
export interface Phase {
  readonly currentUa: number;
  readonly durationUs: number;
}

/** One stimulation pulse on one electrode, beginning at `frame`. */
export interface Pulse {
  readonly frame: Frame;
  readonly channel: number;
  readonly phases: readonly Phase[];
}

/** Detected spikes in frame order: `frames[i]` on `channels[i]`. */
export interface Spikes {
  readonly frames: Float64Array;
  readonly channels: Uint16Array;
}

/** The reading half, which every device has. */
export interface ReadableDevice {
  readonly profile: DeviceProfile;
  /** The frame up to which the device has been read. */
  now(): Frame;
  /** Spikes in `[now(), untilFrame)`; afterwards `now() === untilFrame`. */
  read(untilFrame: Frame): Promise<Spikes>;
  close(): Promise<void>;
}

/** A device that can be stimulated. Made only by `openDevice`, so that every pulse passes the safety gate. */
export interface Device extends ReadableDevice {
  /** Sends pulses, all at frames >= now(). Throws `UnsafePulse` (and sends none of them) if the gate refuses one. */
  stimulate(pulses: readonly Pulse[]): Promise<void>;
  /** Cancels every pulse not yet delivered and refuses all further ones. */
  stop(): Promise<void>;
}

/**
 * The device contract: what reads and writes a culture.
 *
 * A driver implements `Driver` (or `ReadOnlyDriver`); the rest of wetgrad only ever holds a `Device`, which
 * `openDevice` (gate/open.ts) makes from a driver by putting the safety gate in front of its `deliver`. All times
 * are frames of the device clock (integers; 40 us each at 25 kHz), never wall-clock.
 */
import type { ClearedPulses } from "./gate/cleared.ts";
import type { LedgerReport, LedgerSnapshot } from "./gate/ledger.ts";
import type { SimulatedControls } from "./simulated/controls.ts";

/** One tick of the device clock, counted from its start. An integer; int64 in files. */
export type Frame = number;

export type ElectrodeMaterial =
  | "platinum"
  | "platinum-black"
  | "titanium-nitride"
  | "iridium-oxide"
  | "pedot"
  | "unknown";

/** One electrode of the scaffold. `areaUm2` and `material` are what the safety gate judges charge density by. */
export interface Electrode {
  readonly channel: number;
  readonly xUm: number;
  readonly yUm: number;
  /** Geometric area. */
  readonly areaUm2: number;
  readonly material: ElectrodeMaterial;
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
  /** What the hardware itself can send; the gate takes the lower of these and its own limits. */
  readonly hardware?: { readonly maxCurrentUa: number; readonly maxChargePerPhaseNc: number };
}

/** The profile of something that may be stimulated. */
export type StimulableProfile = DeviceProfile & { readonly preparation: Exclude<Preparation, "person"> };

/** One constant-current phase of a pulse. */
export interface Phase {
  /** Negative is cathodic; zero is a gap between phases. */
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

/** A driver that cannot stimulate: a recording, or anything on a person. */
export interface ReadOnlyDriver extends ReadableDevice {
  readonly deliver?: never;
  readonly cancel?: never;
}

/** A driver that can stimulate. Its type admits no preparation `person`. Only the gate can call `deliver`. */
export interface Driver extends ReadableDevice {
  readonly profile: StimulableProfile;
  /** Sends pulses that the gate has cleared. Must begin with `assertCleared(pulses)`. */
  deliver(pulses: ClearedPulses): Promise<void>;
  /** Cancels every pulse not yet begun, i.e. at frames >= now(). */
  cancel(): Promise<void>;
  readonly simulated?: SimulatedControls;
}

/** A device that can be stimulated. Made only by `openDevice`, so that every pulse passes the safety gate. */
export interface Device extends ReadableDevice {
  readonly profile: StimulableProfile;
  /** Sends pulses, all at frames >= now(). Throws `UnsafePulse` (and sends none of them) if the gate refuses one. */
  stimulate(pulses: readonly Pulse[]): Promise<void>;
  /** Cancels every pulse not yet begun and refuses all further ones, for as long as this device is open. */
  stop(): Promise<void>;
  /** What each electrode has received, and what was refused. */
  ledger(): LedgerReport;
  /** The ledger as plain data: give it to `openDevice` when a run is resumed. */
  ledgerSnapshot(): LedgerSnapshot;
  /** What only a simulated culture can do; absent on real devices. */
  readonly simulated?: SimulatedControls;
}

/**
 * The device contract: what reads and writes a culture.
 *
 * A driver implements `Driver` (or `ReadOnlyDriver`); the rest of wetgrad only ever holds a `Device`, which
 * `openDevice` (gate/open.ts) makes from a driver by putting the safety gate in front of its `deliver`. All times
 * are frames of the device clock (integers; 40 us each at 25 kHz), never wall-clock.
 */
import type { ClearedPulses } from "./gate/cleared.ts";
import type { LedgerReport, LedgerSnapshot } from "./gate/ledger.ts";
import type { DeviceProfile, StimulableProfile } from "./profile.ts";
import type { Frame, Pulse, Spikes } from "./signals.ts";
import type { SimulatedControls } from "./simulated/controls.ts";
import type { Time } from "./time.ts";

export type * from "./profile.ts";
export type * from "./signals.ts";

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
  /** The tissue, where several drivers of this process can have the same: they share one gate and one ledger. */
  readonly tissue?: object;
  /**
   * What names a physical device on this machine, whoever drives it: its books on disk stand under this name. Its
   * profile's name, if it does not say.
   */
  readonly deviceId?: string;
  /** The frame that the device's clock has come to (at least), where it runs by itself or in another process. */
  present?(): Frame;
  /** Whether its clock runs by itself. True where it has `present`, if it does not say; a served culture's moves only by reading. */
  isLive?(): boolean;
  /** The clock and timers that the driver lives by; this machine's, if it does not say. */
  readonly time?: Time;
  /**
   * Sends pulses that the gate has cleared. Must begin with `takeCleared(this, pulses)`; a driver that sends each pulse
   * when it is due asks `admit` before it does.
   */
  deliver(pulses: ClearedPulses): Promise<void>;
  /** Cancels every pulse not yet begun, i.e. at frames >= now(). */
  cancel(): Promise<void>;
  readonly simulated?: SimulatedControls;
}

/** A device that can be stimulated. Made only by `openDevice`, so that every pulse passes the safety gate. */
export interface Device extends ReadableDevice {
  readonly profile: StimulableProfile;
  /**
   * The frame that the device's clock has come to: plan pulses of a live device from here, with a little time to spare.
   * `now()` where the clock moves only by reading.
   */
  present(): Frame;
  /** Whether the device's clock runs by itself, or only by reading. */
  isLive(): boolean;
  /**
   * Sends pulses, all at frames >= present(), at most a minute ahead and 10,000 at once. Throws `UnsafePulse` (and sends
   * none of them) if the gate refuses one. A pulse that comes to be late before it is sent is dropped, counted and told
   * to `onRefused`.
   */
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

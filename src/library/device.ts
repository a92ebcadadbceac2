/**
 * `wetgrad/device`: one contract for every interface to tissue, and the safety gate. `openAddress` connects a driver, `openDevice` puts
 * the gate in front of it; nothing stimulates without the gate.
 */
export type {
  Device,
  DeviceProfile,
  Driver,
  Electrode,
  Frame,
  Phase,
  Preparation,
  Pulse,
  ReadableDevice,
  ReadOnlyDriver,
  Spikes,
} from "../device/contract.ts";
export { DRIVERS, type DriverEntry } from "../device/drivers.ts";
export type { LedgerReport } from "../device/gate/ledger.ts";
export { DEFAULT_LIMITS, defaultLimits, parseLimits, type StimulationLimits } from "../device/gate/limits.ts";
export { type OpenOptions, openDevice, takeCleared } from "../device/gate/open.ts";
export { type Fault, type Refusal, type SafetyRule, UnsafePulse } from "../device/gate/unsafe-pulse.ts";
export { DeviceError, DeviceLost } from "../device/lost.ts";
export { type OpenAddressOptions, openAddress, stopAddress } from "../device/open-address.ts";
export { FULL_CURRENT_UA, pulsesFor } from "../device/stimulation.ts";

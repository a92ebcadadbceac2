/**
 * Opens a driver as a device: the one place where a driver's `deliver` is called, always behind the safety gate.
 *
 * A driver keeps its ledger for life: opening it again (after `stop`) goes on with the same books. A new process
 * goes on with `options.ledger`, the `ledgerSnapshot()` of the last one.
 */
import type {
  Device,
  Driver,
  Frame,
  Pulse,
  ReadableDevice,
  ReadOnlyDriver,
  Spikes,
  StimulableProfile,
} from "../contract.ts";
import type { SimulatedControls } from "../simulated/controls.ts";
import { SafetyGate } from "./gate.ts";
import type { LedgerReport, LedgerSnapshot } from "./ledger.ts";
import { DEFAULT_LIMITS, parseLimits, type StimulationLimits } from "./limits.ts";
import type { Refusal } from "./unsafe-pulse.ts";

export interface OpenOptions {
  /** Checked by the schema of gate/limits.ts. Default: `DEFAULT_LIMITS`. */
  readonly limits?: StimulationLimits;
  /** The ledger of an earlier process to go on with. */
  readonly ledger?: LedgerSnapshot;
  /** Called at each refusal, before `UnsafePulse` is thrown. */
  readonly onRefused?: (refusal: Refusal) => void;
  /**
   * Asked at every call and, while a read is under way, every few milliseconds: true stops the device for good. It
   * lets another thread turn stimulation off (a flag in shared memory).
   */
  readonly isStopped?: () => boolean;
  /** How many refusals the gate's own log keeps. */
  readonly refusalLogSize?: number;
}

/** How often a flag of another thread is looked at while a read is under way. */
const STOP_POLL_MS = 5;

const gates = new WeakMap<ReadableDevice, SafetyGate>();
const opened = new WeakMap<ReadableDevice, GatedDevice>();

export function openDevice(driver: Driver, options?: OpenOptions): Device;
export function openDevice(driver: ReadOnlyDriver, options?: OpenOptions): ReadableDevice;
export function openDevice(driver: Driver | ReadOnlyDriver, options: OpenOptions = {}): ReadableDevice {
  const { preparation, name } = driver.profile;
  if (!canDeliver(driver)) return new ReadGuard(driver);
  if (preparation !== "simulated" && preparation !== "in-vitro")
    throw new Error(
      `device ${name}: expected a simulated or in-vitro preparation for a driver that stimulates, got ${JSON.stringify(preparation)}; a device on a person is read-only`,
    );
  if (opened.get(driver)?.isOpen)
    throw new Error(`device ${name}: already open; stop or close it before opening it again`);
  let gate = gates.get(driver);
  if (gate && (options.limits ?? options.ledger ?? options.onRefused ?? options.refusalLogSize) !== undefined)
    throw new Error(
      `device ${name}: this driver already has a gate and a ledger; open it again without options`,
    );
  if (!gate) {
    const limits = parseLimits(options.limits ?? DEFAULT_LIMITS);
    gate = new SafetyGate(driver.profile, limits, options.onRefused, options.refusalLogSize ?? 1000);
    if (options.ledger) gate.restore(options.ledger);
    gates.set(driver, gate);
  }
  const device = new GatedDevice(driver, gate, options.isStopped);
  opened.set(driver, device);
  return device;
}

function canDeliver(driver: Driver | ReadOnlyDriver): driver is Driver {
  return typeof driver.deliver === "function";
}

/** The reading half of a driver, and nothing else of it. */
class ReadGuard implements ReadableDevice {
  readonly #driver: ReadableDevice;
  constructor(driver: ReadableDevice) {
    this.#driver = driver;
  }
  get profile() {
    return this.#driver.profile;
  }
  now(): Frame {
    return this.#driver.now();
  }
  read(untilFrame: Frame): Promise<Spikes> {
    return this.#driver.read(untilFrame);
  }
  close(): Promise<void> {
    return this.#driver.close();
  }
}

class GatedDevice implements Device {
  readonly #driver: Driver;
  readonly #gate: SafetyGate;
  #state: "open" | "stopped" | "closed" = "open";
  readonly simulated?: SimulatedControls;

  readonly #isStopped: (() => boolean) | undefined;

  constructor(driver: Driver, gate: SafetyGate, isStopped: (() => boolean) | undefined) {
    this.#isStopped = isStopped;
    this.#driver = driver;
    this.#gate = gate;
    if (driver.simulated) this.simulated = withLedger(driver.simulated, gate);
  }

  get profile(): StimulableProfile {
    return this.#driver.profile;
  }

  get isOpen(): boolean {
    return this.#state === "open";
  }

  now(): Frame {
    return this.#driver.now();
  }

  async read(untilFrame: Frame): Promise<Spikes> {
    if (!this.#isStopped) return this.#driver.read(untilFrame);
    if (this.#isStopped()) await this.stop();
    const watch = setInterval(() => {
      if (this.#isStopped?.()) void this.stop();
    }, STOP_POLL_MS);
    try {
      return await this.#driver.read(untilFrame);
    } finally {
      clearInterval(watch);
    }
  }

  async stimulate(pulses: readonly Pulse[]): Promise<void> {
    if (this.#isStopped?.()) await this.stop();
    const now = this.#driver.now();
    if (this.#state !== "open") this.#gate.refuse(pulses[0], { rule: "stopped", measured: 0, limit: 0 }, now);
    if (pulses.length === 0) return;
    await this.#driver.deliver(this.#gate.judge(pulses, now));
  }

  async stop(): Promise<void> {
    if (this.#state !== "open") return;
    this.#state = "stopped";
    this.#gate.cancelFrom(this.#driver.now());
    await this.#driver.cancel();
  }

  async close(): Promise<void> {
    if (this.#state === "closed") return;
    await this.stop();
    this.#state = "closed";
    await this.#driver.close();
  }

  ledger(): LedgerReport {
    return this.#gate.report();
  }

  ledgerSnapshot(): LedgerSnapshot {
    return this.#gate.snapshot();
  }
}

/** A simulated culture put back to an earlier moment has the ledger of that moment. */
function withLedger(controls: SimulatedControls, gate: SafetyGate): SimulatedControls {
  return {
    culture: controls.culture,
    ultrastructure: controls.ultrastructure,
    plasticity: (scale) => controls.plasticity(scale),
    snapshot: () => ({ ...controls.snapshot(), ledger: gate.snapshot() }),
    restore: (snapshot) => {
      if (!snapshot.ledger)
        throw new Error("restore: expected a snapshot taken from an open device, got one without its ledger");
      controls.restore(snapshot);
      gate.restore(snapshot.ledger);
    },
  };
}

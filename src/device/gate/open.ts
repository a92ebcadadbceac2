/**
 * Opens a driver as a device: the one place where a driver's `deliver` is called, always behind the safety gate.
 *
 * A driver keeps its ledger for life: opening it again (after `stop`) goes on with the same books. A new process
 * goes on with `options.ledger`, the `ledgerSnapshot()` of the last one.
 */
import type { Device, Driver, Frame, Pulse, ReadableDevice, ReadOnlyDriver, Spikes } from "../contract.ts";
import type { SimulatedControls } from "../simulated/controls.ts";
import { SafetyGate } from "./gate.ts";
import type { LedgerSnapshot } from "./ledger.ts";
import { defaultLimits, parseLimits, type StimulationLimits } from "./limits.ts";
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
const opened = new WeakMap<ReadableDevice, ReturnType<typeof gated>>();

export function openDevice(driver: Driver, options?: OpenOptions): Device;
export function openDevice(driver: ReadOnlyDriver, options?: OpenOptions): ReadableDevice;
export function openDevice(driver: Driver | ReadOnlyDriver, options: OpenOptions = {}): ReadableDevice {
  const { preparation, name } = driver.profile;
  if (!canDeliver(driver)) return guarded(driver);
  if (preparation !== "simulated" && preparation !== "in-vitro")
    throw new Error(
      `device ${name}: expected a simulated or in-vitro preparation for a driver that stimulates, got ${JSON.stringify(preparation)}; a device on a person is read-only`,
    );
  if (opened.get(driver)?.isOpen())
    throw new Error(`device ${name}: already open; stop or close it before opening it again`);
  let gate = gates.get(driver);
  if (gate && (options.limits ?? options.ledger ?? options.onRefused ?? options.refusalLogSize) !== undefined)
    throw new Error(
      `device ${name}: this driver already has a gate and a ledger; open it again without options`,
    );
  if (!gate) {
    const limits = parseLimits(options.limits ?? defaultLimits(driver.profile));
    gate = new SafetyGate(driver.profile, limits, options.onRefused, options.refusalLogSize ?? 1000);
    if (options.ledger) gate.restore(options.ledger);
    gates.set(driver, gate);
  }
  const open = gated(driver, gate, options.isStopped);
  opened.set(driver, open);
  return open.device;
}

function canDeliver(driver: Driver | ReadOnlyDriver): driver is Driver {
  return typeof driver.deliver === "function";
}

/**
 * The reading half of a driver, and nothing else of it. Like `gated`, a closure: neither driver nor gate can be reached
 * from what is handed out, not even by a program without types.
 */
function guarded(driver: ReadableDevice): ReadableDevice {
  return {
    get profile() {
      return driver.profile;
    },
    now: () => driver.now(),
    read: (untilFrame) => driver.read(untilFrame),
    close: () => driver.close(),
  };
}

function gated(driver: Driver, gate: SafetyGate, isStopped: (() => boolean) | undefined) {
  let state: "open" | "stopped" | "closed" = "open";

  async function stop(): Promise<void> {
    if (state !== "open") return;
    state = "stopped";
    gate.cancelFrom(driver.now());
    await driver.cancel();
  }

  async function read(untilFrame: Frame): Promise<Spikes> {
    if (!isStopped) return driver.read(untilFrame);
    if (isStopped()) await stop();
    const watch = setInterval(() => {
      if (isStopped()) void stop();
    }, STOP_POLL_MS);
    try {
      return await driver.read(untilFrame);
    } finally {
      clearInterval(watch);
    }
  }

  async function stimulate(pulses: readonly Pulse[]): Promise<void> {
    if (isStopped?.()) await stop();
    const now = driver.now();
    if (state !== "open") gate.refuse(pulses[0], { rule: "stopped", measured: 0, limit: 0 }, now);
    if (pulses.length === 0) return;
    await driver.deliver(gate.judge(pulses, now));
  }

  const device: Device = {
    get profile() {
      return driver.profile;
    },
    now: () => driver.now(),
    read,
    stimulate,
    stop,
    async close() {
      if (state === "closed") return;
      await stop();
      state = "closed";
      await driver.close();
    },
    ledger: () => gate.report(),
    ledgerSnapshot: () => gate.snapshot(),
    ...(driver.simulated ? { simulated: withLedger(driver.simulated, gate) } : {}),
  };
  return { device, isOpen: () => state === "open" };
}

/** A simulated culture put back to an earlier moment has the ledger of that moment. */
function withLedger(controls: SimulatedControls, gate: SafetyGate): SimulatedControls {
  return {
    ...controls,
    snapshot: () => ({ ...controls.snapshot(), ledger: gate.snapshot() }),
    restore: (snapshot) => {
      if (!snapshot.ledger)
        throw new Error("restore: expected a snapshot taken from an open device, got one without its ledger");
      controls.restore(snapshot);
      gate.restore(snapshot.ledger);
    },
  };
}

/**
 * Opens a driver as a device: the one place where a driver's `deliver` is called, always behind the safety gate.
 *
 * A tissue keeps its gate and ledger for life: opening it again (after `stop`), by whatever driver, goes on with the
 * same books. What only this file can do is to seal a judged list: for one driver, to be taken once.
 */

import { giveBackBook, takeBook } from "#device-books";
import type { Device, Driver, Frame, Pulse, ReadableDevice, ReadOnlyDriver, Spikes } from "../contract.ts";
import type { SimulatedControls } from "../simulated/controls.ts";
import { systemTime } from "../time.ts";
import { DeviceBody } from "./body.ts";
import type { Booked, ClearedPulses, Delivery } from "./cleared.ts";
import { LATE_US, SafetyGate } from "./gate.ts";
import type { LedgerSnapshot } from "./ledger.ts";
import { defaultLimits, parseLimits, type StimulationLimits } from "./limits.ts";
import { DeliveryLine } from "./line.ts";
import type { Fault, Refusal } from "./unsafe-pulse.ts";

export interface OpenOptions {
  /** Checked by the schema of gate/limits.ts. Default: `defaultLimits` of the device. */
  readonly limits?: StimulationLimits;
  /** The ledger of an earlier process to go on with: of simulated tissue only. */
  readonly ledger?: LedgerSnapshot;
  /** Called at each refusal, before `UnsafePulse` is thrown, and for each pulse that is dropped later. */
  readonly onRefused?: (refusal: Refusal) => void;
  /**
   * Asked at every call, between the slices of a long one, before a pulse is sent and, while a read is under way, every
   * few milliseconds: true stops the device for good. It lets another thread turn stimulation off (a flag in shared
   * memory).
   */
  readonly isStopped?: () => boolean;
  /** How many refusals the gate's own log keeps. */
  readonly refusalLogSize?: number;
}

/** How often a flag of another thread is looked at while a read is under way. */
const STOP_POLL_MS = 5;
/** Books that could not be had are asked for again after this. */
const BOOKS_AGAIN_MS = 5000;
/** Calls that may wait for the end of a long one. */
const MOST_WAITING = 64;

/** What belongs to a tissue, whoever drives it. */
interface Guard {
  readonly gate: SafetyGate;
  /** Of what is sent, where the tissue is no physical device. */
  readonly line: DeliveryLine;
  /** The books of a physical device, from its first plan until it is closed. */
  body: DeviceBody | undefined;
  /** Why they could not be had, and until when that is not tried again. */
  noBooks: { readonly why: Error; readonly untilMs: number } | undefined;
  isOpen: () => boolean;
  /** A long call that is being judged in slices, and how many calls wait for its end. */
  judging: Promise<void> | undefined;
  waiting: number;
}

const guards = new WeakMap<object, Guard>();
const sealed = new WeakMap<readonly Pulse[], { readonly driver: Driver; take(): Delivery }>();

/** Takes the pulses that the gate has cleared for this driver; throws unless they are, and at a second taking. */
export function takeCleared(driver: Driver, pulses: ClearedPulses): Delivery {
  const found = sealed.get(pulses);
  if (found?.driver !== driver)
    throw new Error(
      "deliver: expected pulses that the safety gate has cleared for this driver, and not taken before; stimulate through openDevice(driver)",
    );
  sealed.delete(pulses);
  return found.take();
}

/**
 * Puts the safety gate in front of a driver: the only way to stimulate. A driver that can only read gives a device that can only be read. Throws
 * where the profile or the limits make no sense, or where the same driver is open already.
 */
export function openDevice(driver: Driver, options?: OpenOptions): Device;
export function openDevice(driver: ReadOnlyDriver, options?: OpenOptions): ReadableDevice;
export function openDevice(driver: Driver | ReadOnlyDriver, options: OpenOptions = {}): ReadableDevice {
  if (!canDeliver(driver)) return guarded(driver);
  const { preparation, name } = driver.profile;
  if (!mayStimulate(preparation))
    throw new Error(
      `device ${name}: expected a simulated or in-vitro preparation for a driver that stimulates, got ${JSON.stringify(preparation)}; a device on a person is read-only`,
    );
  const tissue = driver.tissue ?? driver;
  let guard = guards.get(tissue);
  if (guard?.isOpen())
    throw new Error(`device ${name}: already open; stop or close it before opening it again`);
  if (
    guard &&
    (options.limits ?? options.ledger ?? options.onRefused ?? options.refusalLogSize) !== undefined
  )
    throw new Error(
      `device ${name}: this tissue already has a gate and a ledger; open it again without options`,
    );
  if (!guard) {
    guard = newGuard(driver, options);
    guards.set(tissue, guard);
  }
  return gated(driver, guard, options.isStopped);
}

function newGuard({ profile, time }: Driver, options: OpenOptions): Guard {
  if (options.ledger && profile.preparation !== "simulated")
    throw new Error(
      `device ${profile.name}: the ledger of living tissue cannot be put back to an earlier one; open it without a ledger`,
    );
  const limits = parseLimits(options.limits ?? defaultLimits(profile));
  const gate = new SafetyGate(profile, limits, options.onRefused, options.refusalLogSize ?? 1000);
  if (options.ledger) gate.restore(options.ledger);
  return {
    gate,
    line: new DeliveryLine(gate, () => (time ?? systemTime).nowMs()),
    body: undefined,
    noBooks: undefined,
    isOpen: () => false,
    judging: undefined,
    waiting: 0,
  };
}

function canDeliver(driver: Driver | ReadOnlyDriver): driver is Driver {
  return typeof driver.deliver === "function";
}

function mayStimulate(preparation: unknown): boolean {
  return preparation === "simulated" || preparation === "in-vitro";
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

function gated(driver: Driver, guard: Guard, isStopped: (() => boolean) | undefined): Device {
  const { gate, line } = guard;
  let state: "open" | "stopped" | "closed" = "open";
  const isOpen = () => state === "open";
  guard.isOpen = isOpen;

  const present = () => Math.max(driver.now(), driver.present?.() ?? driver.now());
  const moment = () => ({ now: driver.now(), present: present() });

  /** Again if it is asked again: the device may not have heard the first. Unless somebody has opened it anew since. */
  async function stop(): Promise<void> {
    if (state === "closed" || guard.isOpen !== isOpen) return;
    if (state === "open") {
      state = "stopped";
      clearInterval(watch);
      gate.cancelFrom(present());
    }
    await driver.cancel();
  }

  async function stopIfAsked(): Promise<void> {
    if (isOpen() && isStopped?.()) await stop();
  }

  /** Looks at the flag, again and again. A device that cannot be told is lost, which reading it says. */
  const watchFlag = () => setInterval(() => void stopIfAsked().catch(() => {}), STOP_POLL_MS);

  /** A driver of a live clock may hold pulses while nobody reads: the flag is looked at all the time. */
  const watch = isStopped && driver.present && watchFlag().unref();

  async function read(untilFrame: Frame): Promise<Spikes> {
    if (!isStopped) return driver.read(untilFrame);
    await stopIfAsked();
    const poll = watchFlag();
    try {
      return await driver.read(untilFrame);
    } finally {
      clearInterval(poll);
    }
  }

  /** Why no pulse at all may be sent, if so. Asked anew each time: what a device is attached to may change. */
  function barrier(): Fault | undefined {
    if (!mayStimulate(driver.profile.preparation)) return { rule: "preparation", measured: 0, limit: 0 };
    return state !== "open" || isStopped?.() ? { rule: "stopped", measured: 0, limit: 0 } : undefined;
  }

  async function assertAllowed(pulses: unknown): Promise<void> {
    await stopIfAsked();
    const fault = barrier();
    if (fault) gate.refusePlan(pulses, fault, driver.now());
  }

  /** Judges the rest of a long call. Others have their turn meanwhile, but no other call is judged. */
  async function inSlices(judging: ReturnType<SafetyGate["judge"]>, pulses: unknown): Promise<Booked[]> {
    let release = () => {};
    guard.judging = new Promise((resolve) => {
      release = resolve;
    });
    try {
      for (;;) {
        await new Promise<void>((turn) => systemTime.soon(turn));
        await assertAllowed(pulses);
        const step = judging.next();
        if (step.done) return step.value;
      }
    } finally {
      judging.return([]); // whatever ended it, nothing stays half booked
      guard.judging = undefined;
      release();
    }
  }

  async function stimulate(pulses: readonly Pulse[]): Promise<void> {
    while (guard.judging) {
      const measured = guard.waiting + 1;
      if (measured > MOST_WAITING)
        gate.refusePlan(pulses, { rule: "busy", measured, limit: MOST_WAITING }, driver.now());
      guard.waiting++;
      await guard.judging.finally(() => guard.waiting--);
    }
    if (barrier()) await assertAllowed(pulses);
    takeBooks(driver, guard);
    const judging = gate.judge(pulses, moment);
    const step = judging.next();
    const booked = step.done ? step.value : await inSlices(judging, pulses);
    if (booked.length === 0) return;
    // Judging takes its time, and copying a plan runs its caller's code: what was asked before it is old.
    const stopped = barrier();
    if (stopped) {
      for (const each of booked) gate.drop(each, stopped, present());
      await assertAllowed(pulses);
    }
    await driver.deliver(seal(driver, booked, () => lastLook(booked)));
  }

  /** Decides on pulses when they are due. */
  function lastLook(booked: readonly Booked[]): Pick<Delivery, "admit" | "withdraw"> {
    let found: Map<Pulse, Booked> | undefined; // simulated tissue never asks
    const unsent = () => (found ??= new Map(booked.map((each) => [each.pulse, each])));
    const held = new Map<Booked, Fault>();
    const drop = (dropped: readonly Booked[], fault: Fault) => {
      for (const each of dropped) {
        unsent().delete(each.pulse);
        gate.drop(each, fault, present());
      }
    };
    const find = (pulses: readonly Pulse[]) => pulses.flatMap((pulse) => unsent().get(pulse) ?? []);
    return {
      admit(pulses, lateUs) {
        const asked = find(pulses);
        if (asked.length < pulses.length) return "drop"; // sent before, or never judged
        const late = { rule: "late", measured: lateUs, limit: LATE_US } as const;
        const never = barrier() ?? (lateUs <= LATE_US ? undefined : (held.get(asked[0]) ?? late));
        if (never) {
          drop(asked, never);
          return "drop";
        }
        const forbids = (guard.body?.line ?? line).begin(asked);
        if (forbids) held.set(asked[0], forbids);
        else {
          for (const pulse of pulses) unsent().delete(pulse);
          gate.began(asked);
        }
        return forbids ? "wait" : "send";
      },
      withdraw: (pulses) => drop(find(pulses), barrier() ?? { rule: "lost", measured: 0, limit: 0 }),
    };
  }

  return {
    get profile() {
      return driver.profile;
    },
    now: () => driver.now(),
    present,
    isLive: () => driver.isLive?.() ?? driver.present !== undefined,
    read,
    stimulate,
    stop,
    async close() {
      if (state === "closed") return;
      try {
        if (state === "open") await stop();
      } finally {
        state = "closed";
        await driver.close().finally(() => leaveBooks(guard));
      }
    },
    ledger: () => gate.report(),
    ledgerSnapshot: () => gate.snapshot(),
    ...(driver.simulated ? { simulated: withLedger(driver.simulated, gate) } : {}),
  };
}

/** Takes up the books of a physical device, or refuses the call. */
function takeBooks(driver: Driver, guard: Guard): void {
  if (guard.body || driver.profile.preparation === "simulated") return;
  const { gate, noBooks } = guard;
  const time = driver.time ?? systemTime;
  const refuse = (why: Error) => gate.refuseBooks({ channel: -1, frame: -1 }, why, driver.now());
  if (noBooks && time.nowMs() < noBooks.untilMs) refuse(noBooks.why);
  try {
    const book = takeBook(driver.deviceId ?? driver.profile.name, time);
    guard.body = new DeviceBody(book, gate);
    gate.attach(guard.body);
  } catch (error) {
    guard.noBooks = { why: error as Error, untilMs: time.nowMs() + BOOKS_AGAIN_MS };
    refuse(error as Error);
  }
}

/** Unless the tissue has been opened again meanwhile. */
function leaveBooks(guard: Guard): void {
  const { gate, body } = guard;
  if (!body || guard.isOpen()) return;
  gate.attach(undefined);
  guard.body = undefined;
  giveBackBook(body.book);
}

/** Freezes and seals judged pulses: for one driver, to be taken once. */
function seal(
  driver: Driver,
  booked: readonly Booked[],
  lastLook: () => Pick<Delivery, "admit" | "withdraw">,
): ClearedPulses {
  const pulses = booked.map(({ pulse }) => {
    for (const phase of pulse.phases) Object.freeze(phase);
    if (pulse.light) Object.freeze(pulse.light);
    Object.freeze(pulse.phases);
    return Object.freeze(pulse);
  });
  const cleared = Object.freeze(pulses) as readonly Pulse[] as ClearedPulses;
  sealed.set(cleared, { driver, take: () => ({ pulses: cleared, ...lastLook() }) });
  return cleared;
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

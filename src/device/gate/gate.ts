/**
 * The safety gate: judges every pulse of a call before any of them is sent. Either all pass, and are booked in the
 * ledger, or the first (in order of frames) that breaks a rule is refused and nothing of the call is sent. A long call is
 * judged in slices, between which others have their turn: a stop, above all.
 */
import type { DeviceProfile, Frame, Pulse } from "../contract.ts";
import type { DeviceBody } from "./body.ts";
import type { Booked } from "./cleared.ts";
import { Ledger, type LedgerReport, type LedgerSnapshot } from "./ledger.ts";
import type { StimulationLimits } from "./limits.ts";
import { copyPulse, textOf } from "./measure.ts";
import { PulseRules } from "./pulse-rules.ts";
import { RollingRules } from "./rolling.ts";
import { type Fault, type Refusal, UnsafePulse } from "./unsafe-pulse.ts";

/** Pulses of one call. */
export const MOST_PULSES = 10_000;
/** A pulse may be planned this far ahead. */
export const HORIZON_S = 60;
/** What the device's clock has passed by more than this is late. */
export const LATE_US = 1000;
/** Pulses judged before others have their turn: a few milliseconds. */
const SLICE = 128;

/** The device's clock, seen by the gate: what has been read, and what it has come to (at least that). */
export interface Moment {
  readonly now: Frame;
  readonly present: Frame;
}

/** When a call is judged, and by which books. */
interface Weighing extends Moment {
  readonly body: DeviceBody | undefined;
  /** The books' time at that moment. */
  readonly bodyUs: number;
}

export class SafetyGate {
  readonly limits: StimulationLimits;
  readonly maxAtOnce: number;
  readonly lightChannels: ReadonlySet<number>;
  private readonly framesPerSecond: number;
  private readonly rules: PulseRules;
  private readonly ledger: Ledger;
  private readonly rolling: RollingRules;
  /** Of a physical device, from its first plan on. */
  private body: DeviceBody | undefined;

  constructor(
    profile: DeviceProfile,
    limits: StimulationLimits,
    private readonly onRefused: ((refusal: Refusal) => void) | undefined,
    logSize: number,
  ) {
    const { framesPerSecond } = profile;
    if (!(framesPerSecond > 0 && framesPerSecond < Number.POSITIVE_INFINITY))
      throw new Error(`device ${profile.name}: expected framesPerSecond > 0, got ${framesPerSecond}`);
    this.framesPerSecond = framesPerSecond;
    this.rules = new PulseRules(profile, limits);
    this.limits = this.rules.limits;
    this.maxAtOnce = this.rules.maxAtOnce;
    this.lightChannels = this.rules.lightChannels;
    this.rolling = new RollingRules(this.rules, framesPerSecond);
    this.ledger = new Ledger(this.rules.channels, this.rolling, logSize);
  }

  /** Judges by the books of a physical device, too; `undefined`: no more. */
  attach(body: DeviceBody | undefined): void {
    this.body?.leave();
    this.body = body;
  }

  /**
   * Judges a call's pulses and books them; gives plain copies of them in frame order. Throws `UnsafePulse`, having
   * booked none, if one breaks a rule. Yields between slices; whoever does not go on has nothing booked either.
   * `moment` is asked once the caller's objects, which may run code of theirs, have been copied, and again where others
   * had their turn.
   */
  *judge(plan: unknown, moment: () => Moment): Generator<void, Booked[], void> {
    const pulses = this.copy(plan, moment().now);
    if (pulses.length === 0) return [];
    const { now, present } = moment();
    const { body } = this;
    const at: Weighing = { now, present, body, bodyUs: body?.nowUs() ?? 0 };
    if (!(now >= this.ledger.clock))
      this.refuse(pulses[0], { rule: "clock", measured: now, limit: this.ledger.clock }, now);
    this.ledger.clock = now;
    this.rolling.forgetArray(now);
    pulses.sort((a, b) => a.frame - b.frame);
    const booked: Booked[] = [];
    const undo: (() => void)[] = [];
    let accepted = false;
    try {
      for (const [i, pulse] of pulses.entries()) {
        if (i > 0 && i % SLICE === 0) yield;
        const fault = this.clockFault(pulse, at) ?? this.weigh(pulse, at, booked, undo);
        if (fault) this.refuse(pulse, fault, now);
      }
      if (pulses.length > SLICE) {
        const fault = this.clockFault(pulses[0], moment());
        if (fault) this.refuse(pulses[0], fault, now);
      }
      this.write(booked, at);
      accepted = true;
    } finally {
      if (!accepted) for (const takeBack of undo.reverse()) takeBack();
    }
    for (const { pulse, entry } of booked) this.ledger.accept(pulse.channel, entry);
    return booked.sort((a, b) => a.pulse.frame - b.pulse.frame || a.pulse.channel - b.pulse.channel);
  }

  /** Refuses a call without judging it; `plan` is what its caller gave. */
  refusePlan(plan: unknown, fault: Fault, now: Frame): never {
    let first: unknown;
    try {
      first = Array.isArray(plan) ? (plan[0] as unknown) : undefined;
    } catch {
      first = undefined; // the rule says why, whatever the plan is
    }
    const copied = copyPulse(first);
    this.refuse("pulse" in copied ? copied.pulse : copied, fault, now);
  }

  /** Accepted pulses are sent now. */
  began(booked: readonly Booked[]): void {
    for (const { entry } of booked) this.ledger.begin(entry);
    this.body?.tellBegun(booked);
  }

  /** A pulse that was accepted will not begin. */
  drop({ pulse, entry }: Booked, fault: Fault, atFrame: Frame): void {
    if (entry.cancelled) return;
    this.ledger.cancel(pulse.channel, entry);
    this.body?.dropped(pulse.channel, entry, fault.rule);
    this.note({ atFrame, channel: pulse.channel, frame: pulse.frame, ...fault, dropped: true });
  }

  cancelFrom(now: Frame): void {
    this.ledger.cancelFrom(now);
    this.body?.stopped();
  }

  report(): LedgerReport {
    return this.ledger.report();
  }

  snapshot(): LedgerSnapshot {
    return this.ledger.snapshot();
  }

  restore(snapshot: LedgerSnapshot): void {
    this.ledger.restore(snapshot);
  }

  private copy(plan: unknown, now: Frame): Pulse[] {
    const fault = { rule: "malformed", measured: 0, limit: 0 } as const;
    const malformed = (got: string, at = { channel: -1, frame: -1 }): never =>
      this.refuse(at, { ...fault, got }, now);
    let given: readonly unknown[] = [];
    let count = 0;
    try {
      if (Array.isArray(plan)) given = plan;
      else malformed(textOf(plan));
      count = given.length;
    } catch (error) {
      if (error instanceof UnsafePulse) throw error;
      malformed("a list that cannot be read");
    }
    if (!(count <= MOST_PULSES))
      this.refusePlan(plan, { rule: "size", measured: count, limit: MOST_PULSES }, now);
    const pulses: Pulse[] = [];
    for (let i = 0; i < count; i++) {
      const copied = copyPulse(elementOf(given, i));
      if ("pulse" in copied) pulses.push(copied.pulse);
      else malformed(copied.got, copied);
    }
    return pulses;
  }

  private refuse(
    { channel, frame }: Pick<Pulse, "channel" | "frame">,
    fault: Fault & { readonly got?: string },
    atFrame: Frame,
  ): never {
    const refusal: Refusal = { atFrame, channel, frame, ...fault };
    this.note(refusal);
    throw new UnsafePulse(refusal);
  }

  private note(refusal: Refusal): void {
    this.ledger.refuse(refusal);
    this.body?.refused(refusal.rule);
    try {
      this.onRefused?.(refusal);
    } catch (error) {
      // Whoever is told must not come between a stop and the device.
      process.emitWarning(error instanceof Error ? error : new Error(textOf(error)));
    }
  }

  private clockFault({ frame }: Pulse, { now, present }: Moment): Fault | undefined {
    if (frame < now) return { rule: "past", measured: frame, limit: now };
    const lateUs = ((present - frame) * 1e6) / this.framesPerSecond;
    if (!(lateUs <= LATE_US)) return { rule: "late", measured: lateUs, limit: LATE_US };
    const aheadS = -lateUs / 1e6;
    if (!(aheadS <= HORIZON_S)) return { rule: "horizon", measured: aheadS, limit: HORIZON_S };
    return undefined;
  }

  /** Writes what was weighed to the books of the device, if it has any. */
  private write(booked: readonly Booked[], { body, now }: Weighing): void {
    try {
      body?.accept(booked);
    } catch (error) {
      this.refuseBooks(booked[0].pulse, error as Error, now);
    }
  }

  /** Refuses a call because the device's books cannot be held or written. */
  refuseBooks(first: Pick<Pulse, "channel" | "frame">, { message }: Error, now: Frame): never {
    const got = message.replace(/\s+/g, " ");
    this.refuse(first, { rule: "books", measured: 0, limit: 0, got }, now);
  }

  /** Weighs one pulse, or says which rule it breaks. */
  private weigh(pulse: Pulse, at: Weighing, booked: Booked[], undo: (() => void)[]): Fault | undefined {
    const judged = this.rules.judge(pulse);
    if ("fault" in judged) return judged.fault;
    const { entry } = judged;
    this.rolling.forget(pulse.channel, at.now);
    const weighed = this.ledger.weigh(pulse.channel, entry);
    undo.push(weighed.undo);
    booked.push({ pulse, entry });
    if (weighed.fault || !at.body) return weighed.fault;
    const aheadUs = ((pulse.frame - at.present) * 1e6) / this.framesPerSecond;
    const shared = at.body.weigh(pulse.channel, entry, at.bodyUs + Math.round(aheadUs));
    undo.push(shared.takeBack);
    return shared.fault;
  }
}

/** An element of a caller's list; what cannot be read is no pulse. */
function elementOf(list: readonly unknown[], i: number): unknown {
  try {
    return list[i];
  } catch {
    return undefined;
  }
}

/**
 * The safety gate: judges every pulse of a call before any of them is sent. Either all pass, and are booked in the
 * ledger and sealed for delivery, or the first that breaks a rule is refused and nothing of the call is sent.
 */
import type { DeviceProfile, Electrode, Frame, Pulse } from "../contract.ts";
import { type ClearedPulses, sealPulses } from "./cleared.ts";
import { Ledger, type LedgerReport, type LedgerSnapshot } from "./ledger.ts";
import type { StimulationLimits } from "./limits.ts";
import { copyPulse, type Fault, faultOfPulse, isWellFormed, measurePulse } from "./measure.ts";
import { type Refusal, UnsafePulse } from "./unsafe-pulse.ts";

const FC_PER_NC = 1e6;

export class SafetyGate {
  private readonly limits: StimulationLimits;
  private readonly framesPerSecond: number;
  private readonly electrodes: ReadonlyMap<number, Electrode>;
  private readonly reserved: ReadonlySet<number>;
  private readonly ledger: Ledger;
  /** How long a pulse matters to later ones. */
  private readonly memoryFrames: number;
  private readonly longestFrames: number;
  private readonly maxElectrodesAtOnce: number;

  constructor(
    profile: DeviceProfile,
    limits: StimulationLimits,
    private readonly onRefused: ((refusal: Refusal) => void) | undefined,
    logSize: number,
  ) {
    const { electrodes, framesPerSecond, reservedChannels } = structuredClone(profile);
    this.limits = lower(limits, profile);
    if (!(framesPerSecond > 0 && framesPerSecond < Number.POSITIVE_INFINITY))
      throw new Error(`device ${profile.name}: expected framesPerSecond > 0, got ${framesPerSecond}`);
    this.framesPerSecond = framesPerSecond;
    this.electrodes = new Map(electrodes.map((electrode) => [electrode.channel, electrode]));
    if (this.electrodes.size !== electrodes.length)
      throw new Error(`device ${profile.name}: expected one electrode per channel, got a channel twice`);
    this.reserved = new Set(reservedChannels);
    this.ledger = new Ledger([...this.electrodes.keys()], logSize);
    const longestUs = Math.max(limits.minIntervalUs, limits.maxPhases * limits.maxPhaseUs);
    this.longestFrames = Math.ceil(((limits.maxPhases * limits.maxPhaseUs) / 1e6) * framesPerSecond);
    this.maxElectrodesAtOnce = profile.hardware?.maxElectrodesAtOnce ?? Number.POSITIVE_INFINITY;
    this.memoryFrames = Math.ceil(Math.max(1, limits.budget.windowS, longestUs / 1e6) * framesPerSecond);
  }

  /** Judges pulses at `now` and books them; throws `UnsafePulse`, having booked none, if one breaks a rule. */
  judge(pulses: readonly Pulse[], now: Frame): ClearedPulses {
    const copies = pulses.map(copyPulse);
    if (!(now >= this.ledger.clock))
      this.refuse(copies[0], { rule: "clock", measured: now, limit: this.ledger.clock }, now);
    this.ledger.clock = now;
    this.ledger.arrayTimeline.forgetUntil(now - this.framesPerSecond);
    const booked: (() => void)[] = [];
    for (const pulse of copies) {
      const fault = this.book(pulse, now, booked);
      if (fault === undefined) continue;
      for (const undo of booked.reverse()) undo();
      this.refuse(pulse, fault, now);
    }
    return sealPulses(copies.sort((a, b) => a.frame - b.frame || a.channel - b.channel));
  }

  /** Refuses a call without judging it. */
  refuse(pulse: Pulse | undefined, fault: Fault, now: Frame): never {
    const { channel, frame } = pulse ?? { channel: -1, frame: now };
    const refusal: Refusal = { atFrame: now, channel, frame, ...fault };
    this.ledger.refuse(refusal);
    this.onRefused?.(refusal);
    throw new UnsafePulse(refusal);
  }

  cancelFrom(now: Frame): void {
    this.ledger.cancelFrom(now);
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

  /** Books one pulse, or says which rule it breaks. The booking is pushed to `booked` even when a rule is broken. */
  private book(pulse: Pulse, now: Frame, booked: (() => void)[]): Fault | undefined {
    if (!isWellFormed(pulse)) return { rule: "malformed", measured: 0, limit: 0 };
    const { frame, channel } = pulse;
    if (frame < now) return { rule: "past", measured: frame, limit: now };
    const electrode = this.electrodes.get(channel);
    if (electrode === undefined) return { rule: "electrode", measured: 0, limit: 0 };
    if (this.reserved.has(channel)) return { rule: "reserved", measured: 0, limit: 0 };
    const measure = measurePulse(pulse.phases, electrode.areaUm2);
    const fault = faultOfPulse(pulse, electrode, measure, this.limits);
    if (fault) return fault;

    this.ledger.timelineOf(channel).forgetUntil(now - this.memoryFrames);
    const { at, arrayAt, undo } = this.ledger.accept(channel, {
      frame,
      durationUs: measure.durationUs,
      chargeFc: Math.round(measure.chargeNc * FC_PER_NC),
      netFc: Math.round(Math.abs(measure.netChargeNc) * FC_PER_NC),
      cancelled: false,
    });
    booked.push(undo);
    return this.intervalFault(channel, at) ?? this.loadFault(channel, at, arrayAt);
  }

  private intervalFault(channel: number, at: number): Fault | undefined {
    const { all } = this.ledger.timelineOf(channel);
    for (const earlier of [at - 1, at]) {
      if (earlier < 0 || earlier + 1 >= all.length) continue;
      const gap = all[earlier + 1].frame - all[earlier].frame;
      const measured = (gap * 1e6) / this.framesPerSecond;
      const limit = Math.max(this.limits.minIntervalUs, all[earlier].durationUs);
      if (!(measured >= limit)) return { rule: "interval", measured, limit };
    }
    return undefined;
  }

  private loadFault(channel: number, at: number, arrayAt: number): Fault | undefined {
    const { limits, framesPerSecond } = this;
    const timeline = this.ledger.timelineOf(channel);
    const second = timeline.heaviest(at, framesPerSecond);
    const array = this.ledger.arrayTimeline.heaviest(arrayAt, framesPerSecond);
    const atOnce =
      this.maxElectrodesAtOnce < this.electrodes.size
        ? this.ledger.arrayTimeline.mostAtOnce(arrayAt, framesPerSecond / 1e6, this.longestFrames)
        : 0;
    const window = timeline.heaviest(at, limits.budget.windowS * framesPerSecond);
    const { maxPulses, maxChargeNc, maxNetChargeNc } = limits.budget;
    const loads = [
      ["rate", second.pulses, limits.maxPulsesPerSecondPerElectrode],
      ["at-once", atOnce, this.maxElectrodesAtOnce],
      ["array-rate", array.pulses, limits.maxPulsesPerSecondOnArray],
      ["budget-pulses", window.pulses, maxPulses],
      ["budget-charge", window.chargeFc / FC_PER_NC, maxChargeNc],
      ["budget-net", window.netFc / FC_PER_NC, maxNetChargeNc],
    ] as const;
    for (const [rule, measured, limit] of loads) if (!(measured <= limit)) return { rule, measured, limit };
    return undefined;
  }
}

/** The limits, lowered to those of the hardware. */
function lower(limits: StimulationLimits, { name, hardware }: DeviceProfile): StimulationLimits {
  if (!hardware) return limits;
  const { maxCurrentUa, maxChargePerPhaseNc, maxElectrodesAtOnce = 1 } = hardware;
  if (!(maxCurrentUa > 0 && maxChargePerPhaseNc > 0 && maxElectrodesAtOnce > 0))
    throw new Error(`device ${name}: expected hardware limits > 0, got ${JSON.stringify(hardware)}`);
  return {
    ...limits,
    maxCurrentUa: Math.min(limits.maxCurrentUa, maxCurrentUa),
    maxChargePerPhaseNc: Math.min(limits.maxChargePerPhaseNc, maxChargePerPhaseNc),
  };
}

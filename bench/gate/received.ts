/**
 * What a device received, by its own clock, judged as it comes in: every rule once more, by plain queues, sharing no code
 * with the gate but the limits. Times are microseconds of the tissue: they only run forward, whatever anybody's clock says.
 */
import type { DeviceProfile, Pulse } from "../../src/device/contract.ts";
import type { StimulationLimits } from "../../src/device/gate/limits.ts";
import { charges, pulseViolation } from "../../src/device/gate/testing/judge.ts";

/** Two clocks that tick in microseconds differ by as much. */
const TICK_US = 1;

interface One {
  readonly atUs: number;
  readonly durationUs: number;
  readonly chargeNc: number;
  readonly netNc: number;
}

/** What began within a window that ends now. */
class Window {
  private readonly ones: One[] = [];
  private head = 0;
  chargeNc = 0;
  netNc = 0;

  constructor(private readonly us: number) {}

  get count(): number {
    return this.ones.length - this.head;
  }

  get last(): One | undefined {
    return this.ones.at(-1);
  }

  add(one: One): void {
    this.ones.push(one);
    this.chargeNc += one.chargeNc;
    this.netNc += one.netNc;
    for (; this.ones[this.head].atUs <= one.atUs - this.us; this.head++) {
      this.chargeNc -= this.ones[this.head].chargeNc;
      this.netNc -= this.ones[this.head].netNc;
    }
    if (this.head < 10_000) return;
    this.ones.splice(0, this.head);
    this.head = 0;
  }
}

interface Electrode {
  readonly second: Window;
  readonly budget: Window;
}

export class Received {
  pulses = 0;
  violations = 0;
  /** The first ones, in words. */
  readonly faults: string[] = [];
  private readonly electrodes = new Map<number, Electrode>();
  private readonly array: Window;
  private lastUs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly profile: DeviceProfile,
    private readonly limits: StimulationLimits,
    /** How much shorter an interval or a window may be than the limits say. */
    private readonly toleranceUs = TICK_US,
  ) {
    this.array = new Window(1e6 - toleranceUs);
  }

  add(pulse: Pick<Pulse, "channel" | "phases">, atUs: number): void {
    this.pulses++;
    const { limits } = this;
    const { budget } = limits;
    if (atUs < this.lastUs) this.fault(atUs, pulse.channel, "time runs backwards");
    this.lastUs = atUs;
    const alone = pulseViolation({ ...pulse, frame: 0 }, this.profile, limits);
    if (alone) this.fault(atUs, pulse.channel, alone);
    const own = this.electrode(pulse.channel);
    const { last } = own.budget;
    if (last && atUs - last.atUs < Math.max(limits.minIntervalUs, last.durationUs) - this.toleranceUs)
      this.fault(atUs, pulse.channel, `interval of ${atUs - last.atUs} us`);
    const { peakNc, netNc } = charges(pulse);
    const durationUs = pulse.phases.reduce((sum, phase) => sum + phase.durationUs, 0);
    const one = { atUs, durationUs, chargeNc: peakNc, netNc: Math.abs(netNc) };
    for (const window of [own.second, own.budget, this.array]) window.add(one);
    const loads = [
      ["rate", own.second.count, limits.maxPulsesPerSecondPerElectrode],
      ["array-rate", this.array.count, limits.maxPulsesPerSecondOnArray],
      ["budget-pulses", own.budget.count, budget.maxPulses],
      ["budget-charge", own.budget.chargeNc, budget.maxChargeNc + 1e-6],
      ["budget-net", own.budget.netNc, budget.maxNetChargeNc + 1e-6],
    ] as const;
    for (const [rule, load, limit] of loads)
      if (load > limit) this.fault(atUs, pulse.channel, `${rule} ${load}`);
  }

  private electrode(channel: number): Electrode {
    let own = this.electrodes.get(channel);
    if (!own) {
      const windowUs = this.limits.budget.windowS * 1e6 - this.toleranceUs;
      own = { second: new Window(1e6 - this.toleranceUs), budget: new Window(windowUs) };
      this.electrodes.set(channel, own);
    }
    return own;
  }

  private fault(atUs: number, channel: number, what: string): void {
    this.violations++;
    if (this.faults.length < 5) this.faults.push(`channel ${channel} at ${atUs} us: ${what}`);
  }
}

/**
 * The second line of defence: interval, rates and budgets once more, at the moment when pulses are really sent and by
 * this machine's own clock, whatever the device says of its clock and however late its timers are.
 */
import type { Booked } from "./cleared.ts";
import { type RollingLimits, RollingRules, type Weighed } from "./rolling.ts";
import type { TimelineEntry } from "./timeline.ts";
import type { Fault } from "./unsafe-pulse.ts";

const US_PER_S = 1e6;

export class DeliveryLine {
  private readonly rolling: RollingRules;

  constructor(
    limits: RollingLimits,
    private readonly nowMs: () => number,
  ) {
    this.rolling = new RollingRules(limits, US_PER_S);
  }

  /** Goes on from what has been sent before, in microseconds. */
  restore(sent: ReadonlyMap<number, readonly TimelineEntry[]>): void {
    this.rolling.restore(sent);
  }

  /** Counts a pulse that has begun, or that may, at `atMs`. */
  put(channel: number, entry: TimelineEntry, atMs: number): Weighed {
    const nowUs = Math.floor(this.nowMs() * 1000);
    this.rolling.forgetArray(nowUs);
    this.rolling.forget(channel, nowUs);
    return this.rolling.weigh(channel, { ...entry, frame: Math.ceil(atMs * 1000), cancelled: false });
  }

  /** Counts pulses as beginning together now; or says which rule forbids it, and counts none. */
  begin(pulses: readonly Booked[]): Fault | undefined {
    const nowUs = Math.floor(this.nowMs() * 1000);
    this.rolling.forgetArray(nowUs);
    const weighed: Weighed[] = [];
    for (const { pulse, entry } of pulses) {
      this.rolling.forget(pulse.channel, nowUs);
      weighed.push(this.rolling.weigh(pulse.channel, { ...entry, frame: nowUs, cancelled: false }));
    }
    const fault = weighed.find((each) => each.fault)?.fault;
    if (fault) for (const { takeBack } of weighed.reverse()) takeBack();
    return fault;
  }
}

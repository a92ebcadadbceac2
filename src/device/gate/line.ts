/**
 * The second line of defence: interval, rates and budgets once more, at the moment when pulses are really sent and by
 * this machine's own clock, whatever the device says of its clock and however late its timers are.
 */
import { systemTime, type Time } from "../time.ts";
import type { Booked } from "./gate.ts";
import type { StimulationLimits } from "./limits.ts";
import { RollingRules, type Weighed } from "./rolling.ts";
import type { Fault } from "./unsafe-pulse.ts";

const US_PER_S = 1e6;

export class DeliveryLine {
  private readonly rolling: RollingRules;

  constructor(
    limits: StimulationLimits,
    private readonly time: Time = systemTime,
  ) {
    this.rolling = new RollingRules(limits, US_PER_S);
  }

  /** Counts pulses as beginning together now; or says which rule forbids it, and counts none. */
  begin(pulses: readonly Booked[]): Fault | undefined {
    const nowUs = Math.floor(this.time.nowMs() * 1000);
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

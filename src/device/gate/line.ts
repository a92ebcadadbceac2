/**
 * The second line of defence: interval, rates and budgets once more, at the moment when pulses are really sent and by
 * this machine's own clock, whatever the device says of its clock and however late its timers are.
 */
import { systemTime, type Time } from "../time.ts";
import type { StimulationLimits } from "./limits.ts";
import { RollingRules } from "./rolling.ts";
import type { TimelineEntry } from "./timeline.ts";
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

  /** Counts a pulse as beginning now; or says which rule forbids it, and counts nothing. */
  begin(channel: number, { durationUs, chargeFc, netFc }: TimelineEntry): Fault | undefined {
    const nowUs = Math.floor(this.time.nowMs() * 1000);
    this.rolling.forgetArray(nowUs);
    this.rolling.forget(channel, nowUs);
    const entry = { frame: nowUs, durationUs, chargeFc, netFc, cancelled: false };
    const { fault, takeBack } = this.rolling.weigh(channel, entry);
    if (fault) takeBack();
    return fault;
  }
}

/**
 * Pulses that wait for their frame, for peers that only know "now". Each is sent within a millisecond of its frame by
 * the device's clock, and only if the gate still admits it; what is late is dropped, and the gate counts and tells it.
 */
import type { Frame, Pulse } from "../contract.ts";
import type { Delivery } from "../gate/cleared.ts";
import type { LiveClock } from "./clock.ts";

/** Pulses that begin together, or not at all. */
interface Group {
  readonly frame: Frame;
  readonly pulses: readonly Pulse[];
  readonly delivery: Delivery;
}

/** Timers come up to some milliseconds late: the last of a wait is spent in turns of the event loop. */
const COARSE_MS = 3;

export class PulseSchedule {
  /** In order of frames. */
  private waiting: Group[] = [];
  private timer: unknown;

  constructor(
    private readonly clock: LiveClock,
    /** Sends pulses that begin now, a group for each call. */
    private readonly send: (pulses: readonly Pulse[]) => void,
  ) {}

  /** Takes in groups of pulses, each of one frame. */
  add(delivery: Delivery, groups: readonly (readonly Pulse[])[]): void {
    for (const pulses of groups) this.waiting.push({ frame: pulses[0].frame, pulses, delivery });
    this.waiting.sort((a, b) => a.frame - b.frame);
    this.run();
  }

  /** Drops every pulse that waits. */
  cancel(): void {
    this.clear();
    for (const { pulses, delivery } of this.waiting.splice(0)) delivery.withdraw(pulses);
  }

  private run(): void {
    this.clear();
    const held: Group[] = [];
    let next = 0;
    for (; next < this.waiting.length; next++) {
      const group = this.waiting[next];
      const lateUs = ((this.clock.present() - group.frame) * 1e6) / this.clock.framesPerSecond;
      if (lateUs < 0) break;
      const answer = group.delivery.admit(group.pulses, lateUs);
      if (answer === "send") this.send(group.pulses);
      else if (answer === "wait") held.push(group);
    }
    this.waiting = [...held, ...this.waiting.slice(next)];
    if (this.waiting.length > 0) this.wait(held.length > 0);
  }

  private wait(isHeld: boolean): void {
    const { time, framesPerSecond } = this.clock;
    const ms = isHeld ? 0 : ((this.waiting[0].frame - this.clock.present()) * 1e3) / framesPerSecond;
    const run = () => this.run();
    this.timer = ms > COARSE_MS + 1 ? time.after(ms - COARSE_MS, run) : time.soon(run);
  }

  private clear(): void {
    if (this.timer !== undefined) this.clock.time.cancel(this.timer);
    this.timer = undefined;
  }
}

/**
 * Pulses that wait for their frame, for peers that only know "now". Each is sent within a millisecond of its frame by
 * the device's clock, and only if the gate still admits it; what is late is dropped, and the gate counts and tells it.
 */
import type { Frame, Pulse } from "../contract.ts";
import type { Delivery } from "../gate/cleared.ts";
import type { LiveClock } from "./clock.ts";

/** Pulses that begin together, or not at all; a driver may have more to say of them. */
export interface PulseGroup {
  readonly pulses: readonly Pulse[];
}

interface Waiting<Group> {
  readonly frame: Frame;
  readonly group: Group;
  readonly delivery: Delivery;
}

/** Timers come up to some milliseconds late: the last of a wait is spent in turns of the event loop. */
const COARSE_MS = 3;

export class PulseSchedule<Group extends PulseGroup = PulseGroup> {
  /** In order of frames. */
  private waiting: Waiting<Group>[] = [];
  private timer: unknown;

  constructor(
    private readonly clock: LiveClock,
    /** Sends a group, which begins now. */
    private readonly send: (group: Group) => void,
  ) {}

  /** Takes in groups of pulses, each of one frame. */
  add(delivery: Delivery, groups: readonly Group[]): void {
    for (const group of groups) this.waiting.push({ frame: group.pulses[0].frame, group, delivery });
    this.waiting.sort((a, b) => a.frame - b.frame);
    this.run();
  }

  /** Drops every pulse that waits. */
  cancel(): void {
    this.clear();
    for (const { group, delivery } of this.waiting.splice(0)) delivery.withdraw(group.pulses);
  }

  private run(): void {
    this.clear();
    const held: Waiting<Group>[] = [];
    let next = 0;
    for (; next < this.waiting.length; next++) {
      const one = this.waiting[next];
      const lateUs = ((this.clock.present() - one.frame) * 1e6) / this.clock.framesPerSecond;
      if (lateUs < 0) break;
      const answer = one.delivery.admit(one.group.pulses, lateUs);
      if (answer === "send") this.send(one.group);
      else if (answer === "wait") held.push(one);
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

/** Pulses of one key together, in the order in which the keys come first. */
export function groupPulses(pulses: readonly Pulse[], keyOf: (pulse: Pulse) => string | number): Pulse[][] {
  const groups = new Map<string | number, Pulse[]>();
  for (const pulse of pulses) {
    const key = keyOf(pulse);
    const group = groups.get(key);
    if (group) group.push(pulse);
    else groups.set(key, [pulse]);
  }
  return [...groups.values()];
}

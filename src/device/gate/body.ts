/**
 * A physical device as one gate sees it: rates and budgets over everything that it has been given, by the time of its
 * books (`src/device/books`), not by the frames of one connection.
 */
import type { BookReader, DeviceBook } from "../books/book.ts";
import type { BookedPulse } from "../books/entries.ts";
import type { Booked } from "./cleared.ts";
import { DeliveryLine } from "./line.ts";
import { type RollingLimits, RollingRules, type Weighed } from "./rolling.ts";
import type { TimelineEntry } from "./timeline.ts";

const US_PER_S = 1e6;
/**
 * When a frame will be is known to a millisecond or two: so much shorter are the windows by which pulses are refused before
 * they are sent. When they are sent the line looks again, at whole ones.
 */
const SLACK_US = 2000;

export class DeviceBody implements BookReader {
  /** Of what is sent. */
  readonly line: DeliveryLine;
  private readonly planned: RollingRules;
  private readonly pulses = new WeakMap<TimelineEntry, BookedPulse>();
  /** Where the line counts what other drivers of the device are to send. */
  private readonly expected = new WeakMap<BookedPulse, Weighed>();

  constructor(
    readonly book: DeviceBook,
    limits: RollingLimits,
  ) {
    this.planned = new RollingRules(
      {
        limits: limits.limits,
        maxAtOnce: Number.POSITIVE_INFINITY,
        ...(limits.lightChannels && { lightChannels: limits.lightChannels }),
      },
      US_PER_S,
      SLACK_US,
    );
    this.line = new DeliveryLine(limits, () => book.nowMs());
    const recent = new Map<number, TimelineEntry[]>();
    for (const [channel, atMs, ...weights] of book.recent(this.planned.memoryS * 1000)) {
      const entry = entryAt(Math.round(atMs * 1000), weights);
      const own = recent.get(channel);
      if (own) own.push(entry);
      else recent.set(channel, [entry]);
    }
    this.planned.restore(recent);
    this.line.restore(recent);
    book.join(this);
  }

  /** The time of the books. */
  nowUs(): number {
    return Math.floor(this.book.nowMs() * 1000);
  }

  /** Weighs a pulse that begins at `atUs`, by the time of the books. */
  weigh(channel: number, entry: TimelineEntry, atUs: number): Weighed {
    this.forget(channel);
    const { durationUs, chargeFc, netFc } = entry;
    this.pulses.set(entry, [channel, atUs / 1000, durationUs, chargeFc, netFc]);
    return this.planned.weigh(channel, { ...entry, frame: atUs });
  }

  /** Writes pulses that were weighed; where that throws they must not be sent. */
  accept(booked: readonly Booked[]): void {
    this.book.accept(
      booked.map(({ entry }) => this.pulseOf(entry)),
      this,
    );
  }

  /** Also the line counts what others will send: not every driver tells when it does. */
  accepted(pulses: readonly BookedPulse[]): void {
    for (const pulse of pulses) {
      const [channel, atMs, ...weights] = pulse;
      this.forget(channel);
      this.planned.weigh(channel, entryAt(Math.round(atMs * 1000), weights));
      this.expected.set(pulse, this.line.put(channel, entryAt(0, weights), atMs));
    }
  }

  began(pulse: BookedPulse, atMs: number): void {
    const [channel, , ...weights] = pulse;
    this.expected.get(pulse)?.takeBack();
    this.expected.delete(pulse);
    this.line.put(channel, entryAt(0, weights), atMs);
  }

  /** Tells the other drivers of the device. */
  tellBegun(booked: readonly Booked[]): void {
    for (const { entry } of booked) this.book.began(this.pulseOf(entry), this);
  }

  dropped(channel: number, entry: TimelineEntry, rule: string): void {
    const [, dueMs] = this.pulseOf(entry);
    this.book.note({ kind: "dropped", atMs: this.book.nowMs(), channel, dueMs, rule });
  }

  refused(rule: string): void {
    this.book.refused(rule);
  }

  stopped(): void {
    this.book.note({ kind: "stop", atMs: this.book.nowMs() });
  }

  leave(): void {
    this.book.leave(this);
  }

  /** Forgets what no pulse planned from now on can share a window with. */
  private forget(channel: number): void {
    const nowUs = this.nowUs();
    this.planned.forgetArray(nowUs);
    this.planned.forget(channel, nowUs);
  }

  private pulseOf(entry: TimelineEntry): BookedPulse {
    const pulse = this.pulses.get(entry);
    if (!pulse) throw new Error("internal: DeviceBody: expected a pulse that was weighed");
    return pulse;
  }
}

function entryAt(
  frame: number,
  [durationUs, chargeFc, netFc]: readonly [number, number, number],
): TimelineEntry {
  return { frame, durationUs, chargeFc, netFc, cancelled: false };
}

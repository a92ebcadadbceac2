/**
 * The recent pulses of one electrode (or of the whole array) in frame order, with running sums, so that the load
 * of any time window is a difference of two numbers. Charges are whole femtocoulombs: sums are exact.
 */
import type { Frame } from "../signals.ts";

/** One pulse as the timeline keeps it. */
export interface TimelineEntry {
  readonly frame: Frame;
  readonly durationUs: number;
  readonly chargeFc: number;
  readonly netFc: number;
  /** Stopped before it began. It goes on counting in the windows, as if it had reached the tissue. */
  cancelled: boolean;
}

/** The heaviest load of any window that contains a given entry; each maximum is taken on its own. */
export interface WindowLoad {
  readonly pulses: number;
  readonly chargeFc: number;
  readonly netFc: number;
}

export class Timeline {
  private entries: TimelineEntry[] = [];
  /** Sums over the entries before each one, so `charge[i + 1] - charge[i]` is entry i's. */
  private charge: number[] = [0];
  private net: number[] = [0];

  /** The timeline of entries in any order. */
  static of(entries: Iterable<TimelineEntry>): Timeline {
    const timeline = new Timeline();
    timeline.entries = [...entries].sort((a, b) => a.frame - b.frame);
    timeline.resum(0);
    return timeline;
  }

  get all(): readonly TimelineEntry[] {
    return this.entries;
  }

  /** Puts an entry after all those at its frame or earlier; returns its position. */
  insert(entry: TimelineEntry): number {
    const at = this.firstAfter(entry.frame);
    this.entries.splice(at, 0, entry);
    this.resum(at);
    return at;
  }

  /** Takes out an entry that was put in. */
  remove(entry: TimelineEntry): void {
    const at = this.entries.lastIndexOf(entry);
    if (at < 0) throw new Error("internal: Timeline.remove: no such entry");
    this.entries.splice(at, 1);
    this.resum(at);
  }

  /** Forgets entries at frames <= `frame`, now and then: cheap when called often. */
  forgetUntil(frame: Frame): void {
    const count = this.firstAfter(frame);
    if (count < 64 && count < this.entries.length) return;
    if (count === 0) return;
    this.entries = this.entries.slice(count);
    this.charge = [0];
    this.net = [0];
    this.resum(0);
  }

  /** The heaviest load of the windows `[s, s + frames)` that contain the entry at position `at`. */
  heaviest(at: number, frames: number): WindowLoad {
    const pulse = this.entries[at].frame;
    let pulses = 0;
    let chargeFc = 0;
    let netFc = 0;
    let end = at;
    for (let start = this.firstAfter(pulse - frames); start <= at; start++) {
      const windowEnd = this.entries[start].frame + frames;
      while (end < this.entries.length && this.entries[end].frame < windowEnd) end++;
      pulses = Math.max(pulses, end - start);
      chargeFc = Math.max(chargeFc, this.charge[end] - this.charge[start]);
      netFc = Math.max(netFc, this.net[end] - this.net[start]);
      // Nothing lies beyond this window: a later start only loses pulses.
      if (end === this.entries.length) break;
    }
    return { pulses, chargeFc, netFc };
  }

  /**
   * The most pulses that are under way at one moment of the pulse at position `at`, itself among them; of the whole array,
   * where no electrode has two at a time. None is longer than `longestFrames`.
   */
  mostAtOnce(at: number, framesPerUs: number, longestFrames: number): number {
    const pulse = this.entries[at];
    const end = (entry: TimelineEntry) => entry.frame + entry.durationUs * framesPerUs;
    const near = this.entries.slice(
      this.firstAfter(pulse.frame - longestFrames),
      this.firstAfter(end(pulse)),
    );
    let most = 0;
    for (const { frame } of near) {
      if (frame < pulse.frame || frame >= end(pulse)) continue;
      most = Math.max(most, near.filter((other) => other.frame <= frame && frame < end(other)).length);
    }
    return most;
  }

  /** Index of the first entry later than `frame`. */
  private firstAfter(frame: Frame): number {
    let low = 0;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.entries[middle].frame <= frame) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private resum(from: number): void {
    this.charge.length = from + 1;
    this.net.length = from + 1;
    for (let i = from; i < this.entries.length; i++) {
      this.charge.push(this.charge[i] + this.entries[i].chargeFc);
      this.net.push(this.net[i] + this.entries[i].netFc);
    }
  }
}

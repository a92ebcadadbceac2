/**
 * The recent pulses of one electrode (or of the whole array) in frame order, and the load of every window that begins
 * at one of them. A pulse is put in, taken out and weighed in a number of steps logarithmic in the number kept, in
 * whatever order pulses come. Charges are whole femtocoulombs: sums are exact.
 */
import type { Frame } from "../signals.ts";
import {
  addTo,
  build,
  countUntil,
  leaf,
  merge,
  split,
  splitLast,
  sumBetween,
  type TrackGroup,
  type Tree,
} from "./load-tree.ts";

/** One pulse as the timeline keeps it. */
export interface TimelineEntry {
  readonly frame: Frame;
  readonly durationUs: number;
  readonly chargeFc: number;
  readonly netFc: number;
  /** Stopped before it began. It goes on counting in the windows, as if it had reached the tissue. */
  cancelled: boolean;
}

/** A kind of window, `[s, s + frames)` for the frame s of every entry, and what is summed in it. */
export interface Track {
  readonly frames: number;
  amount(entry: TimelineEntry): number;
}

/** Fewer than these are not worth forgetting, unless they are all. */
const FORGET_AT_ONCE = 64;

export class Timeline {
  private root: Tree<TimelineEntry>;
  /** Neighbouring tracks of one length are weighed together. */
  private readonly groups: readonly (TrackGroup & { readonly frames: number })[];

  /** Takes entries in any order. */
  constructor(
    private readonly tracks: readonly Track[],
    entries: readonly TimelineEntry[] = [],
  ) {
    const begins = tracks.flatMap(({ frames }, k) => (frames === tracks[k - 1]?.frames ? [] : [k]));
    this.groups = begins.map((from, i) => ({
      from,
      to: begins[i + 1] ?? tracks.length,
      frames: tracks[from].frames,
    }));
    if (entries.length === 0) return;
    const sorted = [...entries].sort((a, b) => a.frame - b.frame);
    const loads = tracks.map((track) => loadsOf(sorted, track));
    this.root = build(
      sorted.map((entry, i) =>
        leaf(
          entry,
          this.amountsOf(entry),
          loads.map((own) => own[i]),
        ),
      ),
    );
  }

  get size(): number {
    return this.root?.size ?? 0;
  }

  /** In frame order. */
  get all(): TimelineEntry[] {
    const all: TimelineEntry[] = [];
    const walk = (node: Tree<TimelineEntry>) => {
      if (!node) return;
      walk(node.left);
      all.push(node.entry);
      walk(node.right);
    };
    walk(this.root);
    return all;
  }

  /** Entries at frames strictly between two, in frame order. */
  between(after: Frame, before: Frame): TimelineEntry[] {
    const found: TimelineEntry[] = [];
    const walk = (node: Tree<TimelineEntry>) => {
      if (!node || node.last <= after || node.first >= before) return;
      walk(node.left);
      if (node.frame > after && node.frame < before) found.push(node.entry);
      walk(node.right);
    };
    walk(this.root);
    return found;
  }

  /** The latest entry at `frame` or before. */
  before(frame: Frame): TimelineEntry | undefined {
    let found: TimelineEntry | undefined;
    for (let node = this.root; node; node = node.frame <= frame ? node.right : node.left)
      if (node.frame <= frame) found = node.entry;
    return found;
  }

  /** The earliest entry after `frame`. */
  after(frame: Frame): TimelineEntry | undefined {
    let found: TimelineEntry | undefined;
    for (let node = this.root; node; node = node.frame > frame ? node.left : node.right)
      if (node.frame > frame) found = node.entry;
    return found;
  }

  /**
   * Puts an entry after all those at its frame or earlier; returns, by track, the heaviest load of any window that
   * contains it, each maximum taken on its own.
   */
  insert(entry: TimelineEntry): number[] {
    const { frame } = entry;
    const amounts = this.amountsOf(entry);
    const own = [...amounts];
    for (const group of this.groups) sumBetween(this.root, group, [frame, frame + group.frames], own);
    const most = [...own];
    for (const group of this.groups)
      addTo(this.root, { after: frame - group.frames, to: frame }, { group, amounts, most });
    const [earlier, later] = split(this.root, frame);
    this.root = merge(merge(earlier, leaf(entry, amounts, own)), later);
    return most;
  }

  /** Takes out an entry, if it is there. */
  remove(entry: TimelineEntry): void {
    const { frame } = entry;
    let [kept, later] = split(this.root, frame);
    // What was put in after it at its frame does not count it.
    while (kept && kept.last === frame) {
      const [rest, taken] = splitLast(kept);
      kept = rest;
      if (taken.entry === entry) {
        const amounts = taken.amounts.map((amount) => -amount);
        for (const group of this.groups)
          addTo(kept, { after: frame - group.frames, to: frame }, { group, amounts, most: [] });
        break;
      }
      later = merge(taken, later);
    }
    this.root = merge(kept, later);
  }

  /** Forgets entries at frames <= `frame`, now and then: cheap when called often. */
  forgetUntil(frame: Frame): void {
    const count = countUntil(this.root, frame);
    if (count >= FORGET_AT_ONCE || count === this.size) this.root = split(this.root, frame)[1];
  }

  private amountsOf(entry: TimelineEntry): number[] {
    return this.tracks.map((track) => track.amount(entry));
  }
}

/** The load of the window that begins at each entry. */
function loadsOf(sorted: readonly TimelineEntry[], { frames, amount }: Track): number[] {
  let end = 0;
  let load = 0;
  return sorted.map((entry) => {
    for (; end < sorted.length && sorted[end].frame < entry.frame + frames; end++)
      load += amount(sorted[end]);
    const own = load;
    load -= amount(entry);
    return own;
  });
}

/**
 * What is on show of one run. Whatever runs (an organoid, a vat, a game) says messages and shows frames; whoever watches
 * is first told what still holds. Saying and showing never wait for a watcher.
 */

import type { Tuning } from "../experiment/control/tuning.ts";
import { cultureOfFrame } from "../experiment/live/frames.ts";
import { type ServerMessage, WHOLE } from "./protocol.ts";

export interface FeedListener {
  message(message: ServerMessage): void;
  frame(bytes: Uint8Array): void;
}

/** What a watcher asks of the run. Absent: the run cannot do that. */
export interface FeedControls {
  pause?(): void;
  resume?(): void;
  tune?(tuning: Tuning): void;
  /** The binary frames of a stretch of a saved recording; rejects once `signal` is aborted before its turn comes. */
  segment?(index: number, signal: AbortSignal): Promise<readonly Uint8Array[]>;
}

/** Most messages that are kept of a kind of which every one counts. */
const KEPT: Readonly<Partial<Record<ServerMessage["kind"], number>>> = {
  write: 20_000,
  log: 500,
  stage: 4000,
  fit: 2000,
  timing: 20,
};

/** Under which name a message replaces an earlier one. */
function keyOf(message: ServerMessage): string {
  switch (message.kind) {
    case "place":
    case "roles":
    case "ledger":
    case "stopped":
      return `${message.kind}:${message.culture}`;
    case "probe":
      return `probe:${message.culture}:${message.arm}`;
    case "lesson":
      return `lesson:${message.culture}`;
    case "heard":
      return `heard:${message.culture}:${message.arm}:${message.phase}`;
    case "vatProbe":
    case "court":
      return `${message.kind}:${message.seed}:${message.arm}:${message.cycle}`;
    default:
      return message.kind;
  }
}

export class Feed {
  private readonly latest = new Map<string, ServerMessage>();
  private readonly all = new Map<ServerMessage["kind"], ServerMessage[]>();
  private readonly listeners = new Map<FeedListener, ReadonlySet<number>>();
  private watched = false;

  constructor(
    readonly controls: FeedControls = {},
    /** Called when frames begin to be wanted, and when nobody wants them any more. */
    private readonly onWatched: (isWatched: boolean) => void = () => {},
  ) {}

  say(message: ServerMessage): void {
    const most = KEPT[message.kind];
    if (most === undefined) {
      const key = keyOf(message);
      this.latest.delete(key); // To the end of the order.
      this.latest.set(key, message);
    } else {
      const kept = this.all.get(message.kind) ?? [];
      if (kept.length === 0) this.all.set(message.kind, kept);
      kept.push(message);
      if (kept.length > 1.1 * most) kept.splice(0, kept.length - most);
    }
    for (const listener of this.listeners.keys()) listener.message(message);
  }

  show(bytes: Uint8Array): void {
    const culture = cultureOfFrame(bytes);
    for (const [listener, cultures] of this.listeners)
      if (cultures.has(culture) || (culture === WHOLE && cultures.size > 0)) listener.frame(bytes);
  }

  /** The latest message of a kind of which one replaces the other. */
  last<Kind extends ServerMessage["kind"]>(kind: Kind): Extract<ServerMessage, { kind: Kind }> | undefined {
    return this.latest.get(kind) as Extract<ServerMessage, { kind: Kind }> | undefined;
  }

  /** Everything that still holds, the run itself first. */
  retained(): ServerMessage[] {
    const run = this.latest.get("run");
    const others = [...this.latest.values()].filter((message) => message !== run);
    return [...(run ? [run] : []), ...[...this.all.values()].flat(), ...others];
  }

  /** Listens from now on. The listener has not been told what still holds: see `retained`. */
  subscribe(listener: FeedListener): void {
    this.listeners.set(listener, new Set());
  }

  /** Which cultures' frames a listener wants. */
  want(listener: FeedListener, cultures: Iterable<number>): void {
    if (this.listeners.has(listener)) this.listeners.set(listener, new Set(cultures));
    this.tellWatched();
  }

  /** Whether anybody wants the frames of a culture. */
  wants(culture: number): boolean {
    for (const cultures of this.listeners.values()) if (cultures.has(culture)) return true;
    return false;
  }

  unsubscribe(listener: FeedListener): void {
    this.listeners.delete(listener);
    this.tellWatched();
  }

  private tellWatched(): void {
    const watched = [...this.listeners.values()].some((cultures) => cultures.size > 0);
    if (watched === this.watched) return;
    this.watched = watched;
    this.onWatched(watched);
  }
}

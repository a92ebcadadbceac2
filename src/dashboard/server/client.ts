/**
 * One page at the other end of a WebSocket. What it is too slow for waits here, briefly: of frames the newest few of
 * each kind, the oldest are dropped; of messages all, until they are too many, and then the page is told afresh what
 * holds once it has caught up. The run never waits.
 */
import type { WebSocket } from "ws";
import { frameKey } from "../../experiment/live/frames.ts";
import type { Feed, FeedListener } from "../feed.ts";
import type { ServerMessage } from "../protocol.ts";

/** Bytes under way above which nothing more is handed to the socket. */
const FULL_BYTES = 256 * 1024;
/** Frames of one kind that wait. */
const WAITING_FRAMES = 6;
const WAITING_MESSAGES = 5000;
const RETRY_MS = 20;

type Socket = Pick<WebSocket, "send" | "bufferedAmount" | "readyState" | "OPEN">;

export class Client implements FeedListener {
  private messages: ServerMessage[] = [];
  private frames: { key: string; bytes: Uint8Array }[] = [];
  private isBehind = false;
  private retry: NodeJS.Timeout | null = null;
  /** Frames that were not sent because newer ones came. */
  dropped = 0;

  constructor(
    private readonly socket: Socket,
    private readonly feed: Feed,
  ) {
    feed.subscribe(this);
    this.tellAfresh();
  }

  message(message: ServerMessage): void {
    if (this.isBehind) return; // Kept by the feed.
    this.messages.push(message);
    if (this.messages.length > WAITING_MESSAGES) {
      this.messages = [];
      this.isBehind = true;
    }
    this.flush();
  }

  frame(bytes: Uint8Array): void {
    const key = frameKey(bytes);
    if (this.frames.filter((waiting) => waiting.key === key).length >= WAITING_FRAMES) {
      this.frames.splice(
        this.frames.findIndex((waiting) => waiting.key === key),
        1,
      );
      this.dropped++;
    }
    this.frames.push({ key, bytes });
    this.flush();
  }

  close(): void {
    if (this.retry) clearTimeout(this.retry);
    this.retry = null;
    this.feed.unsubscribe(this);
  }

  private tellAfresh(): void {
    this.isBehind = false;
    this.messages = this.feed.retained();
    this.flush();
  }

  private get isFull(): boolean {
    return this.socket.bufferedAmount > FULL_BYTES;
  }

  private flush(): void {
    if (this.socket.readyState !== this.socket.OPEN) return;
    let sent = 0;
    // Written out only now: thousands at once would keep the server's thread from hearing a stop.
    while (sent < this.messages.length && !this.isFull)
      this.socket.send(JSON.stringify(this.messages[sent++]));
    if (sent > 0) this.messages.splice(0, sent);
    while (this.frames.length > 0 && !this.isFull) this.socket.send(this.frames.shift()!.bytes);
    if (this.isBehind && !this.isFull) this.tellAfresh();
    else if (this.messages.length + this.frames.length > 0 || this.isBehind)
      this.retry ??= setTimeout(() => {
        this.retry = null;
        this.flush();
      }, RETRY_MS).unref();
  }
}

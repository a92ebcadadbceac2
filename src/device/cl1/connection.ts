/**
 * The client's end of the link to a host (messages.ts): ticks come in and are kept until they are taken, pulses go
 * out and are answered, a heartbeat says that this process is alive. Whatever ends the link ends every wait.
 */
import { connect, type Socket } from "node:net";
import type { Frame, Pulse, Spikes } from "../contract.ts";
import { DeviceLost } from "./lost.ts";
import { encodeMessage, LINK_VERSION, type Message, MessageReader } from "./messages.ts";

/** The host stops stimulation when it hears nothing for 100 ms. */
const HEARTBEAT_MS = 20;
/** A host that sends nothing for this long is lost. */
const SILENCE_MS = 5000;
/** Unread spikes of more than this mean that nobody reads. */
const MAX_UNREAD = 1_000_000;

export interface LinkAddress {
  readonly host: string;
  readonly port: number;
  /** The host's secret, where it asks for one. */
  readonly token?: string;
}

export interface Welcome {
  readonly channels: number;
  readonly framesPerSecond: number;
  readonly startFrame: Frame;
  readonly live: boolean;
}

interface Wait {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export class LinkConnection {
  /** The frame up to which spikes have come in. */
  untilFrame: Frame = 0;
  welcome: Welcome | undefined;
  private readonly ticks: Spikes[] = [];
  private unread = 0;
  private lost: DeviceLost | undefined;
  private stopped: string | undefined;
  private nextId = 1;
  private readonly answers = new Map<number, Wait>();
  private readonly arrivals = new Set<Wait>();
  private lastHeard = performance.now();
  private readonly timer: NodeJS.Timeout;

  private constructor(
    private readonly socket: Socket,
    private readonly address: LinkAddress,
  ) {
    socket.setNoDelay(true);
    const reader = new MessageReader();
    socket.on("data", (bytes) => {
      this.lastHeard = performance.now();
      try {
        for (const message of reader.feed(bytes)) {
          const fault = this.take(message);
          if (fault !== undefined) this.end(fault);
        }
      } catch (error) {
        this.end(`sent what is no message: ${(error as Error).message}`);
      }
    });
    socket.on("error", (error) => this.end(`cannot be reached (${error.message})`));
    socket.on("close", () => this.end("closed the link"));
    this.timer = setInterval(() => this.beat(), HEARTBEAT_MS);
    this.timer.unref();
  }

  /** Connects and waits for the host's welcome. */
  static async open(address: LinkAddress): Promise<LinkConnection> {
    const connection = new LinkConnection(connect(address.port, address.host), address);
    connection.send({ type: "hello", version: LINK_VERSION, token: address.token ?? "" });
    await connection.until(() => connection.welcome !== undefined);
    return connection;
  }

  /** Waits until every spike before `frame` has come in. */
  async arrived(frame: Frame): Promise<void> {
    if (!this.welcome!.live) this.send({ type: "credit", untilFrame: frame });
    await this.until(() => this.untilFrame >= frame);
  }

  /** Takes the spikes before `frame` out of what has come in. */
  takeUntil(frame: Frame): Spikes {
    const parts: Spikes[] = [];
    for (let tick = this.ticks[0]; tick !== undefined; tick = this.ticks[0]) {
      let end = tick.frames.length;
      while (end > 0 && tick.frames[end - 1]! >= frame) end--;
      if (end > 0)
        parts.push({ frames: tick.frames.subarray(0, end), channels: tick.channels.subarray(0, end) });
      if (end < tick.frames.length) {
        this.ticks[0] = { frames: tick.frames.subarray(end), channels: tick.channels.subarray(end) };
        break;
      }
      this.ticks.shift();
    }
    const spikes = joined(parts);
    this.unread -= spikes.frames.length;
    return spikes;
  }

  /** Sends pulses and waits until the host has accepted them. */
  async stimulate(pulses: readonly Pulse[]): Promise<void> {
    this.assertThere();
    if (this.stopped !== undefined)
      throw new DeviceLost(`${this.name} stopped stimulation: ${this.stopped}; connect again`);
    const id = this.nextId++;
    this.send({ type: "stimulate", id, pulses });
    await new Promise<void>((resolve, reject) => this.answers.set(id, { resolve, reject }));
  }

  cancel(): void {
    if (!this.lost) this.send({ type: "cancel" });
  }

  close(): void {
    this.end("was closed");
  }

  private get name(): string {
    return `the device at ${this.address.host}:${this.address.port}`;
  }

  private send(message: Message): void {
    this.socket.write(encodeMessage(message));
  }

  private assertThere(): void {
    if (this.lost) throw this.lost;
  }

  private async until(met: () => boolean): Promise<void> {
    for (;;) {
      this.assertThere();
      if (met()) return;
      let wait: Wait | undefined;
      await new Promise<void>((resolve, reject) => {
        wait = { resolve, reject };
        this.arrivals.add(wait);
      }).finally(() => this.arrivals.delete(wait!));
    }
  }

  /** Acts on a message; gives what is wrong with it, if anything. */
  private take(message: Message): string | undefined {
    switch (message.type) {
      case "welcome":
        if (message.version !== LINK_VERSION)
          return `speaks version ${message.version} of the link, not ${LINK_VERSION}`;
        this.welcome = message;
        this.untilFrame = message.startFrame;
        break;
      case "tick":
        if (message.fromFrame !== this.untilFrame)
          return `sent spikes from frame ${message.fromFrame} after frame ${this.untilFrame}`;
        this.untilFrame = message.untilFrame;
        if (message.spikes.frames.length > 0) this.ticks.push(message.spikes);
        this.unread += message.spikes.frames.length;
        if (this.unread > MAX_UNREAD) return `has sent ${this.unread} spikes that were never read`;
        break;
      case "answer": {
        const wait = this.answers.get(message.id);
        this.answers.delete(message.id);
        if (message.refused) wait?.reject(new DeviceLost(`${this.name} refused pulses: ${message.text}`));
        else wait?.resolve();
        break;
      }
      case "stopped":
        this.stopped = message.text;
        break;
      case "error":
        return message.text;
      case "heartbeat":
        break;
      default:
        return `sent a message "${message.type}", which is a client's`;
    }
    for (const wait of this.arrivals) wait.resolve();
    return undefined;
  }

  private beat(): void {
    const silentMs = performance.now() - this.lastHeard;
    if (silentMs > SILENCE_MS) this.end(`has been silent for ${Math.round(silentMs / 1000)} s`);
    else if (this.socket.readyState === "open") this.send({ type: "heartbeat" });
  }

  private end(why: string): void {
    if (this.lost) return;
    this.lost = new DeviceLost(`${this.name} ${why}`);
    clearInterval(this.timer);
    this.socket.destroy();
    for (const wait of [...this.arrivals, ...this.answers.values()]) wait.reject(this.lost);
    this.answers.clear();
  }
}

function joined(parts: readonly Spikes[]): Spikes {
  const length = parts.reduce((sum, { frames }) => sum + frames.length, 0);
  const spikes = { frames: new Float64Array(length), channels: new Uint16Array(length) };
  let at = 0;
  for (const { frames, channels } of parts) {
    spikes.frames.set(frames, at);
    spikes.channels.set(channels, at);
    at += frames.length;
  }
  return spikes;
}

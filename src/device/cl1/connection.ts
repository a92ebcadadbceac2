/**
 * The client's end of the link to a host (messages.ts): ticks come in and are kept until they are taken, pulses go
 * out and are answered, a heartbeat says that this process is alive. Whatever ends the link ends every wait.
 */
import { connect, type Socket } from "node:net";
import type { Frame, Pulse, Spikes } from "../contract.ts";
import { LiveClock } from "../live/clock.ts";
import { Inbox } from "../live/inbox.ts";
import { Watchdog } from "../live/watchdog.ts";
import { DeviceLost, DeviceStopped } from "../lost.ts";
import { encodeMessage, LINK_VERSION, type Message, MessageReader, STOPPED_ELSEWHERE } from "./messages.ts";

/** The host stops stimulation when it hears nothing for 100 ms. */
const HEARTBEAT_MS = 20;
/** A host that sends nothing for this long is lost. */
const SILENCE_MS = 5000;
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
  welcome: Welcome | undefined;
  private readonly inbox = new Inbox();
  /** Of a host whose clock runs by itself. */
  private clock: LiveClock | undefined;
  private stopped: string | undefined;
  private nextId = 1;
  private readonly answers = new Map<number, Wait>();
  private readonly watchdog: Watchdog;
  private readonly timer: NodeJS.Timeout;

  private constructor(
    private readonly socket: Socket,
    private readonly address: LinkAddress,
  ) {
    socket.setNoDelay(true);
    const reader = new MessageReader();
    socket.on("data", (bytes) => {
      this.watchdog.heard();
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
    this.watchdog = new Watchdog(SILENCE_MS, (ms) =>
      this.end(`has been silent for ${Math.round(ms / 1000)} s`),
    );
    this.timer = setInterval(() => this.beat(), HEARTBEAT_MS);
    this.timer.unref();
  }

  /** Connects and waits for the host's welcome. */
  static async open(address: LinkAddress): Promise<LinkConnection> {
    const connection = new LinkConnection(connect(address.port, address.host), address);
    connection.send({ type: "hello", version: LINK_VERSION, token: address.token ?? "" });
    await connection.inbox.until(() => connection.welcome !== undefined);
    return connection;
  }

  /** Waits until every spike before `frame` has come in. */
  async arrived(frame: Frame): Promise<void> {
    if (!this.welcome!.live) this.send({ type: "credit", untilFrame: frame });
    await this.inbox.arrived(frame);
  }

  /** The frame that the host has come to, at least. */
  present(): Frame {
    return Math.max(this.inbox.untilFrame, Math.floor(this.clock?.present() ?? 0));
  }

  /** Takes the spikes before `frame` out of what has come in. */
  takeUntil(frame: Frame): Spikes {
    return this.inbox.takeUntil(frame);
  }

  /** Sends pulses and waits until the host has accepted them. */
  async stimulate(pulses: readonly Pulse[]): Promise<void> {
    this.inbox.assertThere();
    if (this.stopped !== undefined)
      throw new (this.stopped === STOPPED_ELSEWHERE ? DeviceStopped : DeviceLost)(
        `${this.name} stopped stimulation: ${this.stopped}; connect again`,
      );
    const id = this.nextId++;
    this.send({ type: "stimulate", id, pulses });
    await new Promise<void>((resolve, reject) => this.answers.set(id, { resolve, reject }));
  }

  cancel(): void {
    if (!this.inbox.ended) this.send({ type: "cancel" });
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

  /** Acts on a message; gives what is wrong with it, if anything. */
  private take(message: Message): string | undefined {
    switch (message.type) {
      case "welcome":
        if (message.version !== LINK_VERSION)
          return `speaks version ${message.version} of the link, not ${LINK_VERSION}`;
        this.welcome = message;
        this.inbox.untilFrame = message.startFrame;
        if (message.live) this.clock = new LiveClock(message.framesPerSecond);
        this.inbox.wake();
        break;
      case "tick":
        if (message.fromFrame !== this.inbox.untilFrame)
          return `sent spikes from frame ${message.fromFrame} after frame ${this.inbox.untilFrame}`;
        this.inbox.add(message.spikes, message.untilFrame);
        this.clock?.heard(message.untilFrame);
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
    return undefined;
  }

  private beat(): void {
    if (this.socket.readyState === "open") this.send({ type: "heartbeat" });
  }

  private end(why: string): void {
    if (this.inbox.ended) return;
    const lost = new DeviceLost(`${this.name} ${why}`);
    clearInterval(this.timer);
    this.watchdog.stop();
    this.socket.destroy();
    this.inbox.end(lost);
    for (const wait of this.answers.values()) wait.reject(lost);
    this.answers.clear();
  }
}

/**
 * A culture served over TCP on this machine, to one client at a time (messages.ts says what is spoken). The client
 * holds the clock: the culture lives only as far as it has been given credit, so that whatever it sends waits to be
 * read for at most that long. Every pulse passes the safety gate; what the gate refuses is answered. When a client
 * leaves, its pending pulses are cancelled, and the culture waits for the next.
 */
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import {
  encodeMessage,
  LINK_VERSION,
  type Message,
  MessageReader,
  STOPPED_ELSEWHERE,
} from "../cl1/messages.ts";
import type { Device, Driver } from "../contract.ts";
import type { LedgerReport } from "../gate/ledger.ts";
import type { StimulationLimits } from "../gate/limits.ts";
import { openDevice } from "../gate/open.ts";
import { UnsafePulse } from "../gate/unsafe-pulse.ts";

export interface ServingOptions {
  readonly driver: Driver;
  /** 0: any free port. */
  readonly port?: number;
  readonly limits?: StimulationLimits;
  readonly onEvent?: (event: ServingEvent) => void;
}

export type ServingEvent =
  | { readonly event: "connected" | "disconnected"; readonly frame: number }
  | { readonly event: "refused" | "stopped"; readonly frame: number; readonly reason: string }
  | { readonly event: "fault"; readonly frame: number; readonly reason: string };

export interface CultureServer {
  readonly port: number;
  /** Lets the client go, and gives the ledger of all that was done. */
  close(): Promise<LedgerReport>;
}

const HOST = "127.0.0.1";
/** The culture lives this long at a time; then pulses that came meanwhile are taken in. 1 ms at 25 kHz. */
const STEP_FRAMES = 25;
/** A pulse for a frame that the culture has lived begins at once if that is not longer ago: what a client had not read yet. */
const LATE_FRAMES = 125;
/** How long a new client waits for the one before to have left. */
const LEAVING_MS = 100;

export async function serveCulture(options: ServingOptions): Promise<CultureServer> {
  const { driver, port = 0, limits, onEvent = () => {} } = options;
  // The first opening makes the gate; later ones go on with it.
  let device = openDevice(driver, limits ? { limits } : {});
  await device.stop();
  const reopen = () => {
    device = openDevice(driver);
    return device;
  };
  let session: Session | undefined;
  const server = createServer({ noDelay: true }, async (socket) => {
    socket.on("error", () => {});
    if (session) await Promise.race([session.ended, pause(LEAVING_MS)]);
    if (session) {
      const asked = await asksToStop(socket);
      if (asked) await session?.halt(STOPPED_ELSEWHERE);
      const text = asked ? "stimulation was stopped" : "serves another client; try again when it has left";
      const frame = device.now();
      socket.end(encodeMessage(asked ? { type: "stopped", frame, text } : { type: "error", text }));
      return;
    }
    const own = new Session(socket, reopen, onEvent);
    session = own;
    await own.ended;
    session = undefined;
  });
  server.listen(port, HOST);
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : port,
    async close() {
      server.close();
      const ended = session?.ended;
      session?.end();
      await ended;
      const ledger = device.ledger();
      await device.close();
      return ledger;
    },
  };
}

/** Whether a second client says hello and cancel, which anyone may: to stop needs no turn. */
async function asksToStop(socket: Socket): Promise<boolean> {
  const reader = new MessageReader();
  let greeted = false;
  const asked = new Promise<boolean>((resolve) => {
    socket.on("data", (bytes) => {
      try {
        for (const message of reader.feed(bytes)) {
          if (message.type === "hello") greeted = message.version === LINK_VERSION;
          else resolve(greeted && message.type === "cancel");
        }
      } catch {
        resolve(false);
      }
    });
    socket.on("close", () => resolve(false));
  });
  return Promise.race([asked, pause(LEAVING_MS).then(() => false)]);
}

/** One client, from its connection to its end. */
class Session {
  /** Resolves when the client has gone and the device is stopped. */
  readonly ended: Promise<void>;
  private greeted = false;
  private credit: number;
  private living: Promise<void> | undefined;
  private alive = false;
  private over = false;
  private halted = false;
  /** Stops that have come, and whose turn has not. */
  private stopsAhead = 0;
  private device: Device;

  constructor(
    private readonly socket: Socket,
    private readonly reopen: () => Device,
    private readonly onEvent: (event: ServingEvent) => void,
  ) {
    this.device = reopen();
    this.credit = this.device.now();
    const reader = new MessageReader();
    // One after the other: a pulse is judged before what the client sent after it. A stop waits for nothing.
    let queue = Promise.resolve();
    const inTurn = (act: () => Promise<void> | void) => {
      queue = queue.then(act).catch((error: Error) => this.refuseClient(error.message));
    };
    socket.on("data", (bytes) => {
      try {
        for (const message of reader.feed(bytes)) {
          if (message.type === "cancel") this.stopAhead();
          inTurn(() => (this.over ? undefined : this.take(message)));
        }
      } catch (error) {
        inTurn(() => Promise.reject(error));
      }
    });
    this.ended = new Promise((resolve) => {
      socket.on("close", async () => {
        this.over = true;
        await queue;
        await this.living;
        await this.device.stop();
        if (this.greeted) this.tell("disconnected");
        resolve();
      });
    });
  }

  end(): void {
    this.over = true;
    this.socket.destroy();
  }

  /** Ends this client's stimulation for good. */
  async halt(reason: string): Promise<void> {
    this.halted = true;
    await this.device.stop();
    this.send({ type: "stopped", frame: this.device.now(), text: reason });
    this.onEvent({ event: "stopped", frame: this.device.now(), reason });
  }

  private tell(event: "connected" | "disconnected"): void {
    this.onEvent({ event, frame: this.device.now() });
  }

  private refuseClient(reason: string): void {
    if (this.over) return;
    this.over = true;
    this.onEvent({ event: "fault", frame: this.device.now(), reason });
    this.socket.end(encodeMessage({ type: "error", text: reason }));
  }

  private async take(message: Message): Promise<void> {
    if (!this.greeted && message.type !== "hello")
      throw new Error(`expected a hello first, got ${message.type}`);
    switch (message.type) {
      case "hello":
        return this.greet(message.version);
      case "credit":
        this.credit = Math.max(this.credit, message.untilFrame);
        if (!this.alive) this.living = this.live().catch((error: Error) => this.refuseClient(error.message));
        return;
      case "stimulate":
        return this.stimulate(message);
      case "cancel":
        await this.device.stop();
        if (--this.stopsAhead === 0 && !this.halted) this.device = this.reopen();
        return;
      case "heartbeat":
        return void this.send(message);
      default:
        throw new Error(`a message "${message.type}" is a host's`);
    }
  }

  /** What came before it and has not been judged is refused. */
  private stopAhead(): void {
    this.stopsAhead++;
    void this.device.stop();
  }

  private greet(version: number): void {
    if (this.greeted) throw new Error("expected one hello, got another");
    if (version !== LINK_VERSION)
      throw new Error(`speaks version ${LINK_VERSION} of the link, the client version ${version}`);
    this.greeted = true;
    const { electrodes, framesPerSecond } = this.device.profile;
    this.send({
      type: "welcome",
      version: LINK_VERSION,
      channels: electrodes.length,
      framesPerSecond,
      startFrame: this.device.now(),
      live: false,
    });
    this.tell("connected");
  }

  /** Lives up to the credit. */
  private async live(): Promise<void> {
    this.alive = true;
    while (!this.over && this.device.now() < this.credit) {
      const fromFrame = this.device.now();
      const untilFrame = Math.min(this.credit, fromFrame + STEP_FRAMES);
      const spikes = await this.device.read(untilFrame);
      if (!this.send({ type: "tick", fromFrame, untilFrame, spikes })) await this.drained();
      await new Promise(setImmediate);
    }
    this.alive = false;
  }

  private async stimulate({ id, pulses }: Extract<Message, { type: "stimulate" }>): Promise<void> {
    const now = this.device.now();
    const due = pulses.map((pulse) =>
      pulse.frame < now - LATE_FRAMES ? pulse : { ...pulse, frame: Math.max(now, pulse.frame) },
    );
    const frame = due[0]?.frame ?? now;
    try {
      await this.device.stimulate(due);
      this.send({ type: "answer", id, refused: false, frame, text: "" });
    } catch (error) {
      if (!(error instanceof UnsafePulse)) throw error;
      this.onEvent({ event: "refused", frame, reason: error.message });
      this.send({ type: "answer", id, refused: true, frame, text: error.message });
    }
  }

  /** False when the client is slower than the culture. */
  private send(message: Message): boolean {
    return this.over || this.socket.write(encodeMessage(message));
  }

  private async drained(): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = () => {
        this.socket.off("drain", done).off("close", done);
        resolve();
      };
      this.socket.on("drain", done).on("close", done);
      if (this.socket.destroyed) done();
    });
  }
}

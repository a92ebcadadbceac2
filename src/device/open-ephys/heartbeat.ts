/**
 * Tells the GUI every two seconds that this client is alive, as its ZMQ Interface asks. A request that is not
 * answered is given up and a new socket takes its place ("lazy pirate", https://zguide.zeromq.org/docs/chapter4/).
 */
import { randomUUID } from "node:crypto";
import { Request } from "zeromq";

const EVERY_MS = 2000;
const PATIENCE_MS = 1500;

export class Heartbeat {
  private readonly identity = randomUUID();
  private socket: Request | undefined;
  private over = false;
  private timer: NodeJS.Timeout | undefined;
  /** How many beats have been answered. */
  answered = 0;

  constructor(private readonly address: string) {
    void this.beat();
  }

  stop(): void {
    this.over = true;
    clearTimeout(this.timer);
    this.socket?.close();
  }

  private async beat(): Promise<void> {
    if (this.over) return;
    if (!this.socket) {
      this.socket = new Request({ sendTimeout: PATIENCE_MS, receiveTimeout: PATIENCE_MS, linger: 0 });
      this.socket.connect(this.address);
    }
    try {
      await this.socket.send(
        JSON.stringify({ application: "wetgrad", uuid: this.identity, type: "heartbeat" }),
      );
      await this.socket.receive();
      this.answered++;
    } catch {
      this.socket?.close();
      this.socket = undefined;
    }
    if (this.over) return;
    this.timer = setTimeout(() => void this.beat(), EVERY_MS);
    this.timer.unref();
  }
}

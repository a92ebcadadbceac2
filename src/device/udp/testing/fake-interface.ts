/** A stand-in for the CL1's end of the UDP interface: sends made-up spikes in ticks, keeps the feedback it gets. */
import type { PeerControls } from "../../conformance.ts";
import { decodeFeedback, encodeSpikes, type FeedbackPacket } from "../packets.ts";
import { bindUdp, closeUdp } from "../sockets.ts";

const TICK_MS = 5;
/** What it tells as its time when it begins. */
const BEGIN_US = 1_764_000_000_000_000;

export class FakeInterface implements PeerControls {
  readonly feedback: FeedbackPacket[] = [];
  private timer: NodeJS.Timeout | undefined;
  private held = 0;
  private tick = 0;

  private constructor(
    private readonly socket: Awaited<ReturnType<typeof bindUdp>>,
    private readonly spikePort: number,
  ) {
    this.begin();
  }

  static async start(spikePort: number): Promise<FakeInterface> {
    const fake: { it?: FakeInterface } = {};
    const socket = await bindUdp(0, "127.0.0.1", (bytes) => fake.it!.feedback.push(decodeFeedback(bytes)));
    fake.it = new FakeInterface(socket, spikePort);
    return fake.it;
  }

  get port(): number {
    return this.socket.address().port;
  }

  send(bytes: Uint8Array): void {
    this.socket.send(bytes, this.spikePort, "127.0.0.1");
  }

  begin(): void {
    clearInterval(this.timer);
    this.timer = setInterval(() => {
      const timeUs = BEGIN_US + Math.round(1000 * performance.now());
      const counts = Array.from({ length: 8 }, (_, set) => (this.tick + set) % 4);
      this.tick++;
      if (performance.now() >= this.held) this.send(encodeSpikes({ timeUs, counts }));
    }, TICK_MS);
  }

  hold(ms: number): void {
    this.held = performance.now() + ms;
  }

  cut(): void {
    clearInterval(this.timer);
  }

  async stop(): Promise<void> {
    this.cut();
    await closeUdp(this.socket);
  }
}

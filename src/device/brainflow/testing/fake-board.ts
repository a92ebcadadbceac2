/** A stand-in for BrainFlow's streamer: three rows to a packet, as the synthetic board's, many times faster than life. */
import type { PeerControls } from "../../conformance.ts";
import { NoisySpikes } from "../../testing/noise.ts";
import { bindUdp, closeUdp } from "../../udp/sockets.ts";
import { BOARDS } from "../boards.ts";
import { encodeRows } from "../packets.ts";

const ROWS_PER_PACKET = 3;
const PACKETS_PER_BEAT = 5;
const BEAT_MS = 5;
export const board = BOARDS["synthetic"];

export class FakeBoard implements PeerControls {
  private readonly noise = new NoisySpikes(3, 125);
  private frame = 0;
  private timer: NodeJS.Timeout | undefined;
  private held = 0;
  private late: Uint8Array[] = [];

  private constructor(
    private readonly socket: Awaited<ReturnType<typeof bindUdp>>,
    private readonly port: number,
    private readonly address: string,
  ) {}

  static async start(port: number, address: string): Promise<FakeBoard> {
    const socket = await bindUdp(0, "0.0.0.0", () => {});
    socket.setMulticastInterface("127.0.0.1"); // nothing leaves this machine
    const fake = new FakeBoard(socket, port, address);
    fake.begin();
    return fake;
  }

  send(bytes: Uint8Array): void {
    this.socket.send(bytes, this.port, this.address);
  }

  begin(): void {
    clearInterval(this.timer);
    this.timer = setInterval(() => {
      for (let i = 0; i < PACKETS_PER_BEAT; i++) this.late.push(this.packet());
      if (performance.now() < this.held) return;
      for (const packet of this.late.splice(0)) this.send(packet);
    }, BEAT_MS);
  }

  skip(frames: number): void {
    this.frame += frames;
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

  private packet(): Uint8Array {
    return encodeRows(
      Array.from({ length: ROWS_PER_PACKET }, () => {
        const frame = this.frame++;
        return Array.from({ length: board.rows }, (_, row) => {
          if (row === board.timeRow) return 1_764_000_000 + frame / board.samplesPerSecond;
          return board.channels.includes(row) ? this.noise.at(frame, row) : frame % 256;
        });
      }),
    );
  }
}

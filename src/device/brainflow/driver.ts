/**
 * Any board that BrainFlow streams (`streaming_board://225.1.1.1:6677`), as a device that can only be read: most of
 * them are on people. Spikes are crossings of a threshold (recording/detection); the raw samples go to `onSamples`.
 * https://brainflow.readthedocs.io/en/stable/SupportedBoards.html#streaming-board
 */
import type { Socket } from "node:dgram";
import type { DeviceProfile, ReadOnlyDriver } from "../contract.ts";
import { type DeviceFile, profileOf } from "../device-file.ts";
import { Inbox } from "../live/inbox.ts";
import { LiveReader } from "../live/reader.ts";
import { type Row, RowStream } from "../live/row-stream.ts";
import { type SampleBlock, SpikeFinder } from "../live/spike-finder.ts";
import { Watchdog } from "../live/watchdog.ts";
import { DeviceError, DeviceLost, PacketFault } from "../lost.ts";
import { bindUdp, closeUdp } from "../udp/sockets.ts";
import { type BoardLayout, checkLayout } from "./boards.ts";
import { decodeRows } from "./packets.ts";

export interface BrainflowOptions {
  readonly board: BoardLayout;
  /** A multicast group, or an address of this machine that the board sends to. */
  readonly group?: string;
  readonly port?: number;
  /** Address of the network interface on which to join the group. */
  readonly networkInterface?: string;
  readonly file?: DeviceFile;
  readonly onSamples?: (block: SampleBlock) => void;
  /** How long to wait for the first rows. */
  readonly connectMs?: number;
  /** A board that sends nothing for this long is lost. */
  readonly silenceMs?: number;
}

export class BrainflowDriver extends LiveReader<DeviceProfile> implements ReadOnlyDriver {
  private readonly board: BoardLayout;
  private readonly stream: RowStream;
  private readonly where: string;
  private socket: Socket | undefined;
  private watchdog: Watchdog | undefined;
  private dropped = 0;
  private lastFault = "";

  private constructor({ board, group, port, file = {}, onSamples }: BrainflowOptions) {
    const { preparation = "person" } = file;
    const about = { name: "BrainFlow board", preparation, framesPerSecond: board.samplesPerSecond };
    const inbox = new Inbox();
    super(profileOf(about, board.channels, file), inbox);
    this.board = board;
    this.where = `the board at ${group}:${port}`;
    const finder = new SpikeFinder(board.channels, board.samplesPerSecond, undefined, onSamples);
    this.stream = new RowStream(board.channels, board.samplesPerSecond, finder, inbox);
  }

  /** Listens, and waits for the board's first rows. */
  static async open(options: BrainflowOptions): Promise<BrainflowDriver> {
    const { group = "225.1.1.1", port = 6677, connectMs = 5000, silenceMs = 2000 } = options;
    checkLayout(options.board);
    const driver = new BrainflowDriver({ ...options, group, port });
    const multicast = isMulticast(group);
    try {
      driver.socket = await bindUdp(port, multicast ? "0.0.0.0" : group, (bytes) => driver.hear(bytes), true);
      if (multicast) driver.socket.addMembership(group, options.networkInterface);
    } catch (error) {
      await closeUdp(driver.socket);
      throw new DeviceError(
        `brainflow: cannot listen at ${group}:${port} (${(error as NodeJS.ErrnoException).code}); expected a multicast group or an address of this machine`,
      );
    }
    const patience = setTimeout(() => driver.lose("sends no rows"), connectMs);
    try {
      await driver.inbox.arrived(1);
    } finally {
      clearTimeout(patience);
    }
    driver.watchdog = new Watchdog(silenceMs, (ms) =>
      driver.lose(`has sent no rows for ${(ms / 1000).toFixed(1)} s`),
    );
    return driver;
  }

  /** Packets that were no rows of this board. */
  get droppedPackets(): number {
    return this.dropped;
  }

  protected async hangUp(): Promise<void> {
    this.lose("was closed");
    await closeUdp(this.socket);
  }

  private hear(bytes: Uint8Array): void {
    if (this.inbox.ended) return;
    let rows: Row[];
    try {
      rows = decodeRows(bytes, this.board);
      this.stream.add(rows);
      this.watchdog?.heard();
    } catch (error) {
      if (!(error instanceof PacketFault)) throw error;
      this.dropped++;
      this.lastFault = error.message;
    }
  }

  private lose(why: string): void {
    if (this.inbox.ended) return;
    this.watchdog?.stop();
    const hint = this.lastFault && ` (${this.dropped} packets dropped, the last: ${this.lastFault})`;
    this.inbox.end(new DeviceLost(`${this.where} ${why}${hint}`));
    if (!this.watchdog) void closeUdp(this.socket); // never opened, so never closed
  }
}

function isMulticast(address: string): boolean {
  const first = Number(address.split(".")[0]);
  return first >= 224 && first < 240;
}

/** Reads one stream: asks for the feed, checks its test pattern, hands on samples in batches. */
import { connect, type Socket } from "node:net";
import { DeviceLost, PacketFault } from "../lost.ts";
import { feedRequest, readFeedHead } from "./feed.ts";
import type { FoundStream } from "./resolve.ts";
import { type Sample, SampleReader, testPattern } from "./samples.ts";

export interface InletHandlers {
  /** Samples with their times: deduced where the sender left them out. */
  readonly onSamples: (samples: readonly Required<Sample>[]) => void;
  readonly onLost: (reason: DeviceLost) => void;
}

const CONNECT_MS = 5000;
const BUFFER_S = 60;

export class LslInlet {
  private head: Buffer = Buffer.alloc(0);
  private reader: SampleReader | undefined;
  private patterns: (4 | 2)[] = [4, 2];
  private lastS = 0;
  private over = false;
  private opened: (() => void) | undefined;

  private constructor(
    private readonly socket: Socket,
    private readonly stream: FoundStream,
    private readonly handlers: InletHandlers,
  ) {
    socket.setNoDelay(true);
    socket.on("data", (bytes) => {
      if (this.over) return;
      try {
        this.take(bytes);
      } catch (error) {
        const why =
          error instanceof PacketFault ? error.message : `cannot be read: ${(error as Error).message}`;
        this.end(why);
      }
    });
    socket.on("error", (error) => this.end(`cannot be reached (${error.message})`));
    socket.on("close", () => this.end("closed the feed"));
  }

  /** Connects, and waits for the test pattern. */
  static async open(stream: FoundStream, handlers: InletHandlers): Promise<LslInlet> {
    const { info, host } = stream;
    const inlet = new LslInlet(connect(info.dataPort, host), stream, handlers);
    inlet.socket.write(feedRequest(info, Math.ceil(Math.max(1, info.samplesPerSecond) * BUFFER_S)));
    const patience = setTimeout(() => inlet.end("does not begin its feed"), CONNECT_MS);
    await new Promise<void>((resolve) => {
      inlet.opened = resolve;
      if (inlet.over) resolve();
    });
    clearTimeout(patience);
    return inlet;
  }

  end(why: string): void {
    if (this.over) return;
    this.over = true;
    this.socket.destroy();
    const { info, host } = this.stream;
    this.handlers.onLost(new DeviceLost(`the stream ${info.name} at ${host}:${info.dataPort} ${why}`));
    this.opened?.();
  }

  private take(bytes: Buffer): void {
    let body = bytes;
    if (!this.reader) {
      this.head = Buffer.concat([this.head, bytes]);
      const head = readFeedHead(this.head, this.stream.info.uid);
      if (!head) return;
      this.reader = new SampleReader(this.stream.info, head.littleEndian);
      body = this.head.subarray(head.bytes);
    }
    const samples: Required<Sample>[] = [];
    for (const sample of this.reader.feed(body)) {
      const offset = this.patterns.shift();
      if (offset !== undefined) this.check(sample, offset);
      else samples.push(this.timed(sample));
    }
    if (samples.length > 0) this.handlers.onSamples(samples);
  }

  private check(sample: Sample, offset: 4 | 2): void {
    const { values } = testPattern(this.stream.info, offset);
    if (!values.every((value, i) => sample.values[i] === value))
      throw new PacketFault("sends a test pattern that is not this format's");
    if (this.patterns.length === 0) this.opened?.();
  }

  private timed({ timeS, values }: Sample): Required<Sample> {
    const rate = this.stream.info.samplesPerSecond;
    this.lastS = timeS ?? this.lastS + (rate > 0 ? 1 / rate : 0);
    return { timeS: this.lastS, values };
  }
}

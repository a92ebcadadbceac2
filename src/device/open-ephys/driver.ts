/**
 * The Open Ephys GUI as a device that can be read, through its ZMQ Interface (messages.ts). Spikes are found here in
 * the continuous data (recording/detection), or taken from the GUI's own spike events. Frame 0 is the first sample of
 * the first buffer that came whole. The GUI's stimulators are not driven by it, so there is no `deliver`.
 */
import { Subscriber } from "zeromq";
import type { DeviceProfile, Frame, ReadOnlyDriver } from "../contract.ts";
import { type DeviceFile, profileOf } from "../device-file.ts";
import { Inbox } from "../live/inbox.ts";
import { LiveReader } from "../live/reader.ts";
import { type SampleBlock, SpikeFinder } from "../live/spike-finder.ts";
import { SpikeList } from "../live/spike-list.ts";
import { Watchdog } from "../live/watchdog.ts";
import { DeviceLost, PacketFault } from "../lost.ts";
import { Heartbeat } from "./heartbeat.ts";
import { decodeGuiMessage, type GuiMessage } from "./messages.ts";

export interface OpenEphysOptions {
  readonly host?: string;
  /** Of the data; heartbeats go to the next one. */
  readonly port?: number;
  readonly file?: DeviceFile;
  /** Whose spikes: found here, or the GUI's own. */
  readonly spikes?: "here" | "gui";
  readonly onSamples?: (block: SampleBlock) => void;
  /** How long to wait for the first data. */
  readonly connectMs?: number;
  /** A GUI that sends nothing for this long is lost. */
  readonly silenceMs?: number;
}

type Data = Extract<GuiMessage, { kind: "data" }>;

const MAX_MESSAGE_BYTES = 16 << 20;
/** A larger step between two buffers of a channel is no gap. */
const MAX_GAP_S = 3600;

/** Which channels the GUI sends, learnt from one whole buffer; and the first sample of the one after it. */
interface Layout {
  readonly stream: string;
  readonly channels: readonly number[];
  readonly samplesPerSecond: number;
  readonly origin: number;
}

export class OpenEphysDriver extends LiveReader<DeviceProfile> implements ReadOnlyDriver {
  private readonly link: GuiLink;
  private readonly layout: Layout;
  private readonly finder: SpikeFinder;
  private readonly fromGui: boolean;
  private readonly channelOf: ReadonlyMap<string, number>;
  /** Spikes of the GUI's own that have come, and how far the channels were before the latest buffer. */
  private readonly own = new SpikeList();
  private before: Frame = 0;
  private unplaced = 0;

  private constructor(link: GuiLink, layout: Layout, options: OpenEphysOptions) {
    const { file = {}, spikes = "here", onSamples } = options;
    const { preparation = "in-vitro" } = file;
    const { channels, samplesPerSecond } = layout;
    const about = { name: "Open Ephys GUI", preparation, framesPerSecond: samplesPerSecond };
    super(profileOf(about, channels, file), link.inbox);
    this.link = link;
    this.layout = layout;
    this.fromGui = spikes === "gui";
    this.finder = new SpikeFinder(channels, samplesPerSecond, undefined, onSamples);
    this.channelOf = new Map(
      (file.electrodes ?? []).flatMap(({ name, channel }) => (name === undefined ? [] : [[name, channel]])),
    );
  }

  /** Subscribes, and waits until it knows which channels are sent. */
  static async open(options: OpenEphysOptions = {}): Promise<OpenEphysDriver> {
    const link = new GuiLink(options);
    const layout = await link.learn();
    const driver = new OpenEphysDriver(link, layout, options);
    link.follow((message) => driver.take(message));
    return driver;
  }

  get droppedMessages(): number {
    return this.link.dropped;
  }

  /** Spikes of the GUI on an electrode whose channel is not known, or too late to be read. */
  get unplacedSpikes(): number {
    return this.unplaced;
  }

  get heartbeatsAnswered(): number {
    return this.link.heartbeatsAnswered;
  }

  protected hangUp(): void {
    this.link.close("was closed");
  }

  private take(message: GuiMessage): void {
    if (message.kind === "other" || message.stream !== this.layout.stream) return;
    const frame = message.sampleNumber - this.layout.origin;
    if (message.kind === "spike") this.takeSpike(message.electrode, frame);
    else this.takeData(message, frame);
  }

  private takeData(message: Data, frame: Frame): void {
    const { channel, samples } = message;
    if (!this.layout.channels.includes(channel))
      throw new PacketFault(`expected channels ${this.layout.channels.join(",")}, got ${channel}`);
    const expected = this.finder.channelUntil(channel) ?? 0;
    if (frame < expected) {
      this.link.close(`began again at sample ${message.sampleNumber}; was acquisition restarted?`);
      return;
    }
    if (frame - expected > MAX_GAP_S * this.layout.samplesPerSecond)
      throw new PacketFault(`sample ${message.sampleNumber} comes more than an hour after the last one`);
    this.finder.feed({ channel, fromFrame: frame, samples });
    const until = this.finder.until(0);
    if (!this.fromGui) {
      if (until > this.inbox.untilFrame) this.inbox.add(this.finder.takeUntil(until), until);
      return;
    }
    // The GUI's spikes of a buffer may come after its samples: one buffer is held back for them.
    if (until <= this.before) return;
    this.pass(this.before);
    this.before = until;
  }

  private takeSpike(electrode: string, frame: Frame): void {
    if (!this.fromGui) return;
    const number = /(\d+)\s*$/.exec(electrode)?.[1];
    const channel = this.channelOf.get(electrode) ?? (number === undefined ? -1 : Number(number) - 1);
    if (!this.layout.channels.includes(channel) || frame < this.inbox.untilFrame) this.unplaced++;
    else this.own.add(frame, channel);
  }

  private pass(until: Frame): void {
    this.finder.takeUntil(until); // its own spikes are not wanted
    this.inbox.add(this.own.takeUntil(until), until);
  }
}

/** The subscription, from its beginning to whatever ends it. */
class GuiLink {
  readonly inbox = new Inbox();
  dropped = 0;
  private readonly socket: Subscriber;
  private readonly heartbeat: Heartbeat;
  private readonly where: string;
  private watchdog: Watchdog | undefined;
  private lastFault = "";
  private take: (message: GuiMessage) => void;
  private layout: Layout | undefined;
  private buffer: { number: number; channels: Set<number> } | undefined;
  private buffers = 0;
  private readonly backlog: GuiMessage[] = [];

  constructor(private readonly options: OpenEphysOptions) {
    const { host = "127.0.0.1", port = 5556 } = options;
    this.where = `the Open Ephys GUI at ${host}:${port}`;
    this.socket = new Subscriber({
      maxMessageSize: MAX_MESSAGE_BYTES,
      receiveHighWaterMark: 100_000,
      linger: 0,
    });
    this.socket.connect(`tcp://${host}:${port}`);
    this.socket.subscribe();
    this.heartbeat = new Heartbeat(`tcp://${host}:${port + 1}`);
    this.take = (message) => this.study(message);
    void this.listen();
  }

  get heartbeatsAnswered(): number {
    return this.heartbeat.answered;
  }

  async learn(): Promise<Layout> {
    const patience = setTimeout(
      () => this.close("sends no data; is acquisition running?"),
      this.options.connectMs ?? 5000,
    );
    try {
      await this.inbox.until(() => this.layout !== undefined);
    } finally {
      clearTimeout(patience);
    }
    this.watchdog = new Watchdog(this.options.silenceMs ?? 5000, (ms) =>
      this.close(`has sent no data for ${(ms / 1000).toFixed(1)} s; has acquisition been stopped?`),
    );
    return this.layout!;
  }

  /** Hands over every message from the origin on. */
  follow(take: (message: GuiMessage) => void): void {
    this.take = take;
    for (const message of this.backlog.splice(0)) take(message);
  }

  close(why: string): void {
    if (this.inbox.ended) return;
    const hint = this.lastFault && ` (${this.dropped} messages dropped, the last: ${this.lastFault})`;
    this.inbox.end(new DeviceLost(`${this.where} ${why}${hint}`));
    this.watchdog?.stop();
    this.heartbeat.stop();
    this.socket.close();
  }

  private async listen(): Promise<void> {
    for await (const parts of this.socket) {
      if (this.inbox.ended) return;
      try {
        const message = decodeGuiMessage(parts);
        this.watchdog?.heard();
        this.take(message);
      } catch (error) {
        this.dropped++;
        this.lastFault = (error as Error).message;
        if (!(error instanceof PacketFault)) this.close("cannot be read");
      }
    }
  }

  /** The first buffer may be cut; the second is whole when the third begins. */
  private study(message: GuiMessage): void {
    if (this.layout) this.backlog.push(message);
    if (message.kind !== "data" || this.layout) return;
    const { stream, channel, sampleNumber, samplesPerSecond }: Data = message;
    if (this.buffer?.number === sampleNumber) {
      this.buffer.channels.add(channel);
      return;
    }
    if (++this.buffers === 3) {
      const channels = [...this.buffer!.channels].sort((a, b) => a - b);
      this.layout = { stream, channels, samplesPerSecond, origin: sampleNumber };
      this.backlog.push(message);
      this.inbox.wake();
      return;
    }
    this.buffer = { number: sampleNumber, channels: new Set([channel]) };
  }
}

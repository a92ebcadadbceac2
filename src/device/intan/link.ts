/**
 * The three connections to RHX as one: commands, waveforms, spikes. Waveforms carry the clock. In `rhx` the spikes
 * are those of RHX's own detector, which come by another connection: what the clock has passed is given out a little
 * later, so that they can arrive. In `here` they are found in the high band of every channel.
 */
import { connect, type Socket } from "node:net";
import type { Frame } from "../contract.ts";
import { Inbox } from "../live/inbox.ts";
import { type SampleBlock, SpikeFinder } from "../live/spike-finder.ts";
import { SpikeList } from "../live/spike-list.ts";
import { Watchdog } from "../live/watchdog.ts";
import { DeviceLost } from "../lost.ts";
import type { Time } from "../time.ts";
import type { RhxCommands } from "./commands.ts";
import { type RhxSpike, SpikeReader, type WaveformBlock, WaveformReader } from "./packets.ts";

export interface RhxLinkOptions {
  readonly host: string;
  readonly waveformPort: number;
  readonly spikePort: number;
  /** Native names, in the order of channel numbers. */
  readonly names: readonly string[];
  readonly framesPerSecond: number;
  readonly spikes: "rhx" | "here";
  readonly onSamples?: (block: SampleBlock) => void;
  readonly silenceMs: number;
  /** The clock has come to a frame. */
  readonly onClock: (frame: Frame) => void;
  readonly onLost: () => void;
  /** What RHX is told at the end. */
  readonly lastWords: readonly string[];
  readonly time: Time;
  readonly dial?: (port: number, host: string) => Socket;
}

/** How long RHX's spikes may come after its clock. */
const GRACE_MS = 10;
const MAX_GAP_S = 60;

export class RhxLink {
  readonly inbox = new Inbox();
  /** Spikes of RHX that came too late, or on channels that were not asked for. */
  lateSpikes = 0;
  private readonly sockets: Socket[] = [];
  private readonly channelOf: ReadonlyMap<string, number>;
  private readonly finder: SpikeFinder;
  private readonly bands: readonly number[];
  private readonly timers = new Set<unknown>();
  private watchdog: Watchdog | undefined;
  private first: number | undefined;
  private next: Frame = 0;
  private readonly own = new SpikeList();

  constructor(
    private readonly options: RhxLinkOptions,
    private readonly commands: () => RhxCommands,
  ) {
    const { names, framesPerSecond, spikes, onSamples } = options;
    const channels = names.map((_, channel) => channel);
    this.channelOf = new Map(names.map((name, channel) => [name, channel]));
    this.bands = spikes === "here" ? channels : channels.slice(0, 1);
    this.finder = new SpikeFinder(this.bands, framesPerSecond, undefined, onSamples);
  }

  /** What RHX must be told to send. */
  outputCommands(): string[] {
    const { names, spikes } = this.options;
    return [
      "execute ClearAllDataOutputs",
      "set TCPNumberDataBlocksPerWrite 1",
      ...this.bands.map((channel) => `set ${names[channel]}.TCPDataOutputEnabledHigh True`),
      ...(spikes === "rhx" ? names.map((name) => `set ${name}.TCPDataOutputEnabledSpike True`) : []),
      "execute ConnectTCPWaveformDataOutput",
      ...(spikes === "rhx" ? ["execute ConnectTCPSpikeDataOutput"] : []),
    ];
  }

  /** Connects to the data ports. */
  async connect(): Promise<void> {
    const { host, waveformPort, spikePort, spikes } = this.options;
    const waveforms = new WaveformReader(this.bands.length);
    await this.attach(host, waveformPort, "waveforms", (bytes) => {
      for (const block of waveforms.feed(bytes)) this.takeBlock(block);
    });
    if (spikes !== "rhx") return;
    const reader = new SpikeReader();
    await this.attach(host, spikePort, "spikes", (bytes) => {
      for (const spike of reader.feed(bytes)) this.takeSpike(spike);
    });
  }

  /** Waits for the first samples after the controller was told to run. */
  async begin(): Promise<void> {
    const { time, silenceMs } = this.options;
    const patience = time.after(silenceMs, () => this.end("sends no waveforms"));
    try {
      await this.inbox.until(() => this.first !== undefined);
    } finally {
      time.cancel(patience);
    }
    this.watchdog = new Watchdog(
      silenceMs,
      (ms) => this.end(`has sent no waveforms for ${(ms / 1000).toFixed(1)} s; has it been stopped?`),
      time,
    );
  }

  /** Whatever ends the link stops the controller, and with it all stimulation. */
  end(why: string): void {
    if (this.inbox.ended) return;
    const { host, waveformPort } = this.options;
    this.inbox.end(new DeviceLost(`RHX at ${host}:${waveformPort} ${why}`));
    this.watchdog?.stop();
    for (const timer of this.timers) this.options.time.cancel(timer);
    this.options.onLost();
    this.commands().close(this.options.lastWords);
    for (const socket of this.sockets) socket.destroy();
  }

  private async attach(
    host: string,
    port: number,
    what: string,
    take: (bytes: Buffer) => void,
  ): Promise<void> {
    const socket = (this.options.dial ?? connect)(port, host);
    this.sockets.push(socket);
    socket.on("data", (bytes) => {
      try {
        take(bytes);
      } catch (error) {
        this.end(`sent what are no ${what}: ${(error as Error).message}`);
      }
    });
    socket.on("error", (error) => this.end(`cannot be reached for ${what} (port ${port}: ${error.message})`));
    socket.on("close", () => this.end(`closed the port of ${what}`));
    if (socket.connecting)
      await new Promise<void>((resolve) => socket.once("connect", resolve).once("close", () => resolve()));
    this.inbox.assertThere();
  }

  private takeBlock({ timestamp, microvolts }: WaveformBlock): void {
    if (this.inbox.ended) return;
    this.watchdog?.heard();
    if (this.first === undefined) {
      this.first = timestamp;
      this.inbox.wake();
    }
    const frame = timestamp - this.first;
    if (frame < this.next || frame - this.next > MAX_GAP_S * this.options.framesPerSecond) {
      this.end(`jumped from frame ${this.next} to ${frame}; was it started again?`);
      return;
    }
    this.bands.forEach((channel, band) => {
      this.finder.feed({ channel, fromFrame: frame, samples: microvolts[band] });
    });
    this.next = frame + microvolts[0].length;
    this.options.onClock(this.next);
    const until = this.next;
    if (this.options.spikes === "here") {
      this.inbox.add(this.finder.takeUntil(until), until);
      return;
    }
    this.finder.takeUntil(until); // its own spikes are not wanted
    const timer = this.options.time.after(GRACE_MS, () => {
      this.timers.delete(timer);
      this.inbox.add(this.own.takeUntil(until), until);
    });
    this.timers.add(timer);
  }

  private takeSpike({ name, timestamp }: RhxSpike): void {
    const frame = timestamp - (this.first ?? 0);
    const channel = this.channelOf.get(name);
    if (channel === undefined || frame < this.inbox.untilFrame) this.lateSpikes++;
    else this.own.add(frame, channel);
  }
}

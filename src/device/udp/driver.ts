/**
 * A CL1 (or `culture serve --udp`) as a device, by the UDP interface that trainers speak (packets.ts, layout.ts).
 * The interface tells spikes as counts per group and tick: they are put on the group's electrodes in turn, evenly
 * over the tick. A pulse goes out as feedback of one pulse when the clock told by the spike packets reaches its
 * frame; the interface fixes its phases, so any other shape is refused. Frame 0 is the first packet.
 */
import {
  CL1_CHANNELS,
  CL1_FRAMES_PER_SECOND,
  CL1_GROUND,
  CL1_REFERENCE,
} from "../../recording/cl1/layout.ts";
import type { Driver, Frame, Pulse, Spikes, StimulableProfile } from "../contract.ts";
import { type DeviceFile, deviceIdOf, profileOf } from "../device-file.ts";
import type { ClearedPulses } from "../gate/cleared.ts";
import { takeCleared } from "../gate/open.ts";
import { LiveClock } from "../live/clock.ts";
import { Inbox } from "../live/inbox.ts";
import { groupPulses, PulseSchedule } from "../live/pulse-schedule.ts";
import { LiveReader } from "../live/reader.ts";
import { SpikeList } from "../live/spike-list.ts";
import { Watchdog } from "../live/watchdog.ts";
import { DeviceError, DeviceLost } from "../lost.ts";
import { systemTime, type Time } from "../time.ts";
import { DEFAULT_PORTS, GROUPS, type InterfacePorts } from "./layout.ts";
import { decodeSpikes, encodeFeedback, type FeedbackKind, type SpikesPacket } from "./packets.ts";
import { bindUdp, closeUdp, type UdpPort } from "./sockets.ts";

export interface UdpOptions {
  readonly host?: string;
  /** `spikes` is where this driver listens. */
  readonly ports?: InterfacePorts;
  /** Of each of a pulse's two phases, as the interface is set up. */
  readonly phaseUs?: number;
  readonly file?: DeviceFile;
  /** An interface that sends no spikes for this long is lost. */
  readonly silenceMs?: number;
  /** The network and the time of a test. */
  readonly bind?: (port: number, host: string, onPacket: (bytes: Buffer) => void) => Promise<UdpPort>;
  readonly time?: Time;
}

const RESERVED = [...CL1_GROUND, CL1_REFERENCE];
const CONNECT_MS = 5000;
/** A larger step between two packets is no tick. */
const MAX_TICK_S = 10;
const PULSES_PER_SECOND = 100; // of a train of one pulse

export class UdpDriver extends LiveReader<StimulableProfile> implements Driver {
  readonly deviceId: string;
  readonly time: Time;
  private readonly options: UdpOptions;
  private readonly clock: LiveClock;
  private readonly schedule: PulseSchedule;
  private watchdog: Watchdog | undefined;
  private socket: UdpPort | undefined;
  private firstUs: number | undefined;
  private lastUs = 0;
  /** Packets that were no spikes, or came out of order. */
  private dropped = 0;
  private ending: Promise<void> | undefined;

  private constructor(options: UdpOptions) {
    super(udpProfile(options.file ?? {}), new Inbox());
    this.options = options;
    this.deviceId = deviceIdOf("cl1", options.host, options.file);
    this.time = options.time ?? systemTime;
    this.clock = new LiveClock(CL1_FRAMES_PER_SECOND, this.time);
    this.schedule = new PulseSchedule(this.clock, ({ pulses }) => this.send(pulses));
  }

  /** Listens, and waits for the interface's first spikes. */
  static async open(options: UdpOptions = {}): Promise<UdpDriver> {
    const driver = new UdpDriver(options);
    const { ports = DEFAULT_PORTS, bind = bindUdp } = options;
    driver.socket = await bind(ports.spikes, "0.0.0.0", (bytes) => driver.hear(bytes)).catch(
      (error: NodeJS.ErrnoException) => {
        throw new DeviceError(
          `udp: cannot listen on port ${ports.spikes} (${error.code}); is another using it?`,
        );
      },
    );
    const patience = driver.time.after(CONNECT_MS, () =>
      driver.lose(`sends no spikes to port ${driver.spikePort} of this machine`),
    );
    try {
      await driver.inbox.until(() => driver.firstUs !== undefined);
    } finally {
      driver.time.cancel(patience);
    }
    return driver;
  }

  get spikePort(): number {
    return this.socket!.address().port;
  }

  present(): Frame {
    return Math.floor(this.clock.present());
  }

  get droppedPackets(): number {
    return this.dropped;
  }

  async deliver(pulses: ClearedPulses): Promise<void> {
    const delivery = takeCleared(this, pulses);
    if (this.closed) throw new Error(`deliver: device ${this.profile.name} is closed`);
    this.inbox.assertThere();
    const { phaseUs = 160 } = this.options;
    for (const { channel, phases } of pulses) {
      const [first, second] = phases;
      const fits =
        phases.length === 2 &&
        phases.every(({ durationUs }) => durationUs === phaseUs) &&
        first!.currentUa < 0 &&
        second!.currentUa === -first!.currentUa;
      if (!fits)
        throw new DeviceError(
          `udp, channel ${channel}: the interface sends ${phaseUs} us negative, ${phaseUs} us positive of the same current, got ${phases.map((phase) => `${phase.currentUa} uA for ${phase.durationUs} us`).join(", ")}`,
        );
    }
    const packets = groupPulses(delivery.pulses, ({ frame, phases }) => `${frame} ${phases[1].currentUa}`);
    this.schedule.add(
      delivery,
      packets.map((together) => ({ pulses: together })),
    );
  }

  async cancel(): Promise<void> {
    this.schedule.cancel();
    if (!this.inbox.ended) await this.interrupt();
  }

  protected async hangUp(): Promise<void> {
    this.lose("was closed");
    await this.ending;
  }

  private hear(bytes: Uint8Array): void {
    let packet: SpikesPacket;
    try {
      packet = decodeSpikes(bytes);
    } catch {
      this.dropped++;
      return;
    }
    const { timeUs, counts } = packet;
    if (this.firstUs === undefined) {
      this.firstUs = this.lastUs = timeUs;
      this.watchdog = new Watchdog(
        this.options.silenceMs ?? 2000,
        (ms) => this.lose(`has sent no spikes for ${(ms / 1000).toFixed(1)} s`),
        this.time,
      );
      this.clock.heard(0);
      this.inbox.wake();
      return;
    }
    const fromFrame = this.inbox.untilFrame;
    const untilFrame = Math.floor(((timeUs - this.firstUs) * CL1_FRAMES_PER_SECOND) / 1e6);
    if (untilFrame <= fromFrame) {
      this.dropped++;
      return;
    }
    if (timeUs - this.lastUs > MAX_TICK_S * 1e6) {
      this.lose(`put its clock forward by ${((timeUs - this.lastUs) / 1e6).toFixed(1)} s`);
      return;
    }
    this.lastUs = timeUs;
    this.watchdog?.heard();
    this.clock.heard(untilFrame);
    this.inbox.add(spread(counts, fromFrame, untilFrame), untilFrame);
  }

  /** Pulses of one frame and current are one packet. */
  private send(pulses: readonly Pulse[]): void {
    void this.feedback(
      "event",
      pulses.map(({ channel }) => channel),
      pulses[0].phases[1].currentUa,
    );
  }

  private interrupt(): Promise<void> {
    const channels = this.profile.electrodes.map(({ channel }) => channel);
    return this.feedback(
      "interrupt",
      channels.filter((channel) => !RESERVED.includes(channel)),
      0,
    );
  }

  /** Resolves when the packet has been handed to the network; an unreachable peer falls silent. */
  private feedback(kind: FeedbackKind, channels: readonly number[], currentUa: number): Promise<void> {
    const { host = "127.0.0.1", ports = DEFAULT_PORTS } = this.options;
    const packet = encodeFeedback({
      timeUs: Date.now() * 1000,
      kind,
      channels,
      currentUa,
      unpredictable: false,
      name: "wetgrad",
      ...(kind === "interrupt" ? { rateHz: 0, pulses: 0 } : { rateHz: PULSES_PER_SECOND, pulses: 1 }),
    });
    return new Promise((resolve) => this.socket!.send(packet, ports.feedback, host, () => resolve()));
  }

  /** Whatever ends the link ends stimulation first. */
  private lose(why: string): void {
    if (this.inbox.ended) return;
    this.schedule.cancel();
    this.watchdog?.stop();
    this.inbox.end(new DeviceLost(`the interface at ${this.options.host ?? "127.0.0.1"} ${why}`));
    this.ending = this.interrupt().then(() => closeUdp(this.socket));
  }
}

function udpProfile(file: DeviceFile): StimulableProfile {
  const { preparation = "in-vitro" } = file;
  if (preparation === "person")
    throw new DeviceError("udp: expected a preparation simulated or in-vitro: this device stimulates");
  const profile = profileOf(
    { name: "CL1 over UDP", preparation, framesPerSecond: CL1_FRAMES_PER_SECOND },
    Array.from({ length: CL1_CHANNELS }, (_, channel) => channel),
    file,
  );
  return {
    ...profile,
    reservedChannels: [...new Set([...RESERVED, ...profile.reservedChannels])],
    hardware: profile.hardware ?? { maxCurrentUa: 3, maxChargePerPhaseNc: 3 },
  };
}

/** Spikes of a tick that only their number is known of: on the electrodes of their group in turn, evenly in time. */
function spread(counts: readonly number[], fromFrame: Frame, untilFrame: Frame): Spikes {
  const spikes = new SpikeList();
  counts.forEach((count, set) => {
    const group = GROUPS[set];
    for (let i = 0; i < count; i++) {
      const frame = fromFrame + Math.floor(((i + 0.5) / count) * (untilFrame - fromFrame));
      spikes.add(frame, group[i % group.length]);
    }
  });
  return spikes.takeUntil(untilFrame);
}

/**
 * A virtual CL1 over UDP: a culture behind the interface that trainers such as doom-neuron speak (packets.ts,
 * layout.ts). In real time and in ticks: at the start of a tick the newest stimulation packet interrupts what was
 * before and begins its trains, feedback begins or interrupts trains, and at the end the spikes of each group are
 * sent. Every pulse passes the safety gate by itself; a refused one is told, the others go on. A trainer that has
 * been silent for a second is gone: its trains end.
 */
import type { Socket } from "node:dgram";
import { setTimeout as pause } from "node:timers/promises";
import type { Device, Driver, Spikes } from "../contract.ts";
import type { LedgerReport } from "../gate/ledger.ts";
import { DEFAULT_LIMITS, type StimulationLimits } from "../gate/limits.ts";
import { openDevice } from "../gate/open.ts";
import { UnsafePulse } from "../gate/unsafe-pulse.ts";
import { DEFAULT_PORTS, ENCODING, GROUPS, type InterfacePorts } from "./layout.ts";
import {
  decodeEvent,
  decodeFeedback,
  decodeStimulation,
  encodeSpikes,
  type FeedbackPacket,
  type StimulationPacket,
} from "./packets.ts";
import { bindUdp, closeUdp } from "./sockets.ts";
import { PulseTrains } from "./trains.ts";

export interface UdpServingOptions {
  readonly driver: Driver;
  /** Where to listen; beyond this machine there is no authentication. */
  readonly host?: string;
  /** Where spikes are sent, and the only address that is listened to. */
  readonly trainer?: string;
  /** 0: any free port (not for spikes, which are sent). */
  readonly ports?: InterfacePorts;
  readonly ticksPerSecond?: number;
  /** Pulses of a stimulation packet's trains, unless the next packet interrupts them. */
  readonly burst?: number;
  readonly phaseUs?: number;
  /** Times real time. */
  readonly speed?: number;
  readonly limits?: StimulationLimits;
  readonly onEvent?: (event: UdpEvent) => void;
}

export type UdpEvent =
  | { readonly event: "heard" | "silent"; readonly frame: number }
  | { readonly event: "refused"; readonly frame: number; readonly pulses: number; readonly reason: string }
  | { readonly event: "fault"; readonly frame: number; readonly packets: number; readonly reason: string }
  | { readonly event: "late"; readonly frame: number; readonly ms: number }
  | { readonly event: "trainer"; readonly frame: number; readonly type: string; readonly data: unknown };

export interface UdpServer {
  readonly ports: InterfacePorts;
  /** Ends every train, and gives the ledger of all that was done. */
  close(): Promise<LedgerReport>;
}

/**
 * The gate's limits for a trainer on simulated tissue: what such trainers send (trains of up to 120 Hz without
 * pause on any electrode) exceeds the rates and the budget that the defaults grant living tissue. Current, charge,
 * density, balance and polarity stay as they are.
 */
const TRAINER_LIMITS: StimulationLimits = {
  ...DEFAULT_LIMITS,
  maxPulsesPerSecondPerElectrode: 200,
  maxPulsesPerSecondOnArray: 5000,
  budget: { windowS: 60, maxPulses: 12_000, maxChargeNc: 12_000, maxNetChargeNc: 120 },
};

const SILENCE_MS = 1000;
/** Later than this, the culture gives up catching up. */
const MAX_LATE_MS = 1000;
const TELL_EVERY_MS = 1000;

export async function serveUdp(options: UdpServingOptions): Promise<UdpServer> {
  const { driver, host = "127.0.0.1", trainer = "127.0.0.1", ports = DEFAULT_PORTS } = options;
  const simulated = driver.profile.preparation === "simulated";
  const device = openDevice(driver, {
    limits: options.limits ?? (simulated ? TRAINER_LIMITS : DEFAULT_LIMITS),
  });
  const session = new Session(device, options);
  const bound: Socket[] = [];
  const listen = async (port: number, take: (bytes: Buffer) => void) => {
    const socket = await bindUdp(port, host, (bytes, from) => {
      if (from.address === trainer) session.hear(() => take(bytes));
    });
    bound.push(socket);
    return socket.address().port;
  };
  try {
    const stimulation = await listen(ports.stimulation, (bytes) =>
      session.stimulation(decodeStimulation(bytes)),
    );
    const events = await listen(ports.events, (bytes) => session.event(decodeEvent(bytes)));
    const feedback = await listen(ports.feedback, (bytes) => session.feedback(decodeFeedback(bytes)));
    const living = session.live((bytes) => bound[0].send(bytes, ports.spikes, trainer));
    return {
      ports: { stimulation, spikes: ports.spikes, events, feedback },
      async close() {
        session.over = true;
        await living;
        await closeUdp(...bound);
        await device.close();
        return device.ledger();
      },
    };
  } catch (error) {
    await closeUdp(...bound);
    await device.close();
    throw error;
  }
}

class Session {
  over = false;
  private readonly trains: PulseTrains;
  private readonly burst: number;
  private newest: StimulationPacket | undefined;
  /** The newest of each channel, which ends what was before: an interrupt is never one too many. */
  private readonly feedbacks = new Map<number, FeedbackPacket>();
  private heardAtMs = Number.NEGATIVE_INFINITY;
  private talking = false;
  private readonly refused: Told;
  private readonly faulty: Told;

  constructor(
    private readonly device: Device,
    private readonly options: UdpServingOptions,
  ) {
    this.trains = new PulseTrains(device.profile.framesPerSecond, options.phaseUs ?? 160);
    this.burst = options.burst ?? 500;
    this.refused = new Told((pulses, reason) =>
      this.tell({ event: "refused", frame: this.frame, pulses, reason }),
    );
    this.faulty = new Told((packets, reason) =>
      this.tell({ event: "fault", frame: this.frame, packets, reason }),
    );
  }

  private get frame(): number {
    return this.device.now();
  }

  private tell(event: UdpEvent): void {
    this.options.onEvent?.(event);
  }

  /** Takes in a packet; one that is none is counted. */
  hear(take: () => void): void {
    try {
      take();
      this.heardAtMs = performance.now();
      if (!this.talking) this.tell({ event: "heard", frame: this.frame });
      this.talking = true;
    } catch (error) {
      this.faulty.add((error as Error).message);
    }
  }

  stimulation(packet: StimulationPacket): void {
    this.newest = packet;
  }

  feedback(packet: FeedbackPacket): void {
    for (const channel of packet.channels) {
      this.feedbacks.delete(channel);
      this.feedbacks.set(channel, packet);
    }
  }

  event({ type, data }: { type: string; data: unknown }): void {
    this.tell({ event: "trainer", frame: this.frame, type, data });
  }

  async live(send: (bytes: Uint8Array) => void): Promise<void> {
    const { ticksPerSecond = 10, speed = 1 } = this.options;
    const tickFrames = Math.round(this.device.profile.framesPerSecond / ticksPerSecond);
    const tickMs = 1000 / (ticksPerSecond * speed);
    let dueMs = performance.now();
    while (!this.over) {
      this.command();
      await this.stimulate(tickFrames);
      const spikes = await this.device.read(this.frame + tickFrames);
      dueMs += tickMs;
      const waitMs = dueMs - performance.now();
      if (waitMs < -MAX_LATE_MS) {
        this.tell({ event: "late", frame: this.frame, ms: Math.round(-waitMs) });
        dueMs = performance.now();
      }
      await pause(Math.max(0, waitMs));
      if (!this.over) send(encodeSpikes({ timeUs: Date.now() * 1000, counts: countsOf(spikes) }));
    }
    await this.device.stop();
    this.refused.tell();
    this.faulty.tell();
  }

  /** What the trainer has commanded since the last tick. */
  private command(): void {
    if (this.newest) {
      this.trains.interrupt();
      const { ratesHz, currentsUa } = this.newest;
      ENCODING.forEach((channel, i) => {
        const rateHz = Math.floor(ratesHz[i]);
        this.trains.begin(channel, this.frame, { rateHz, currentUa: currentsUa[i], pulses: this.burst });
      });
      this.newest = undefined;
    }
    for (const [channel, { kind, rateHz, currentUa, pulses }] of this.feedbacks) {
      if (kind === "interrupt") this.trains.interrupt([channel]);
      else this.trains.begin(channel, this.frame, { rateHz, currentUa, pulses });
    }
    this.feedbacks.clear();
    if (this.talking && performance.now() - this.heardAtMs > SILENCE_MS) {
      this.talking = false;
      this.trains.interrupt();
      this.tell({ event: "silent", frame: this.frame });
    }
  }

  private async stimulate(tickFrames: number): Promise<void> {
    for (const pulse of this.trains.due(this.frame, this.frame + tickFrames))
      try {
        await this.device.stimulate([pulse]);
      } catch (error) {
        if (!(error instanceof UnsafePulse)) throw error;
        this.refused.add(error.message);
      }
  }
}

/** Spikes of each group. */
function countsOf({ channels }: Spikes): number[] {
  const seen = new Uint32Array(64);
  for (const channel of channels) if (channel < 64) seen[channel]++;
  return GROUPS.map((group) => group.reduce((sum, channel) => sum + seen[channel], 0));
}

/** Counts what happens often, and tells it at most once a second. */
class Told {
  private count = 0;
  private reason = "";
  private toldAtMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly say: (count: number, reason: string) => void) {}

  add(reason: string): void {
    this.count++;
    this.reason = reason;
    if (performance.now() - this.toldAtMs > TELL_EVERY_MS) this.tell();
  }

  tell(): void {
    if (this.count === 0) return;
    this.say(this.count, this.reason);
    this.count = 0;
    this.toldAtMs = performance.now();
  }
}

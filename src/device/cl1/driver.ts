/**
 * A CL1 as a wetgrad device, through integrations/cl-sdk/wetgrad_bridge.py on the CL1 (or `culture serve`, which
 * speaks the same link). Frame 0 is the link's first frame. The vendor publishes no electrode area or material:
 * the laboratory states them, and with `unknown` the gate lets no pulse through. https://docs.corticallabs.com
 */
import {
  CL1_CHANNELS,
  CL1_FRAMES_PER_SECOND,
  CL1_GROUND,
  CL1_REFERENCE,
  cl1Place,
} from "../../recording/cl1/layout.ts";
import type { Driver, ElectrodeMaterial, Frame, Pulse, Spikes, StimulableProfile } from "../contract.ts";
import { deviceIdOf } from "../device-file.ts";
import type { ClearedPulses } from "../gate/cleared.ts";
import { takeCleared } from "../gate/open.ts";
import { DeviceLost } from "../lost.ts";
import { assertReadable } from "../reading.ts";
import { LinkConnection } from "./connection.ts";

export interface Cl1Options {
  readonly port: number;
  readonly host?: string;
  /** What names the device on this machine. Default: by its host, whatever port or protocol reaches it. */
  readonly deviceId?: string;
  /** The bridge's secret, where it listens beyond its own machine. */
  readonly token?: string;
  readonly preparation?: StimulableProfile["preparation"];
  readonly electrode: { readonly areaUm2: number; readonly material: ElectrodeMaterial };
  /** Distance between neighbouring electrodes. */
  readonly pitchUm?: number;
  /** The array of a served culture, where that is not a CL1's. */
  readonly array?: StimulableProfile;
}

/** What the CL1 can send: widths in steps of 20 us, at most 3 phases of alternating sign. */
const WIDTH_STEP_US = 20;
const MAX_PHASES = 3;

export class Cl1Driver implements Driver {
  readonly profile: StimulableProfile;
  readonly deviceId: string;
  private readonly options: Cl1Options;
  private connection: Promise<LinkConnection> | undefined;
  private linked: LinkConnection | undefined;
  private origin: Frame = 0;
  private frame: Frame = 0;
  private closed = false;

  /** Connects at the first read or pulse. */
  constructor(options: Cl1Options) {
    this.options = options;
    this.profile = cl1Profile(options);
    this.deviceId = options.deviceId ?? deviceIdOf("cl1", options.host);
  }

  /** Connects now. */
  async connect(): Promise<void> {
    await this.connected();
  }

  now(): Frame {
    return this.frame;
  }

  /** Of a served culture, whose clock moves by reading, what has been lived; of a CL1 its clock. */
  present(): Frame {
    return this.linked ? Math.max(this.frame, this.linked.present() - this.origin) : this.frame;
  }

  /** A served culture's clock moves by reading; of what is not linked yet, nothing is known. */
  isLive(): boolean {
    return this.linked?.welcome?.live ?? true;
  }

  async read(untilFrame: Frame): Promise<Spikes> {
    assertReadable(this, this.closed, this.frame, untilFrame);
    const connection = await this.connected();
    await connection.arrived(this.origin + untilFrame);
    const { frames, channels } = connection.takeUntil(this.origin + untilFrame);
    this.frame = untilFrame;
    return { frames: frames.map((frame) => frame - this.origin), channels };
  }

  /** Resolves when the host has accepted the pulses, which it refuses, too, if one is late. */
  async deliver(pulses: ClearedPulses): Promise<void> {
    takeCleared(this, pulses);
    if (this.closed) throw new Error(`deliver: device ${this.profile.name} is closed`);
    for (const pulse of pulses) checkHardware(pulse);
    const connection = await this.connected();
    await connection.stimulate(pulses.map((pulse) => ({ ...pulse, frame: pulse.frame + this.origin })));
  }

  async cancel(): Promise<void> {
    (await this.connection?.catch(() => undefined))?.cancel();
  }

  async close(): Promise<void> {
    this.closed = true;
    (await this.connection?.catch(() => undefined))?.close();
  }

  private connected(): Promise<LinkConnection> {
    this.connection ??= this.link();
    return this.connection;
  }

  private async link(): Promise<LinkConnection> {
    const { host = "127.0.0.1", port, token } = this.options;
    const connection = await LinkConnection.open({ host, port, ...(token !== undefined && { token }) });
    const { channels, framesPerSecond, startFrame } = connection.welcome!;
    const expected = this.profile.electrodes.length;
    if (channels !== expected || framesPerSecond !== this.profile.framesPerSecond) {
      connection.close();
      throw new DeviceLost(
        `${host}:${port}: expected ${expected} channels at ${this.profile.framesPerSecond} Hz, got ${channels} at ${framesPerSecond}; of a served culture name its array (?scaffold=mea256)`,
      );
    }
    this.origin = startFrame;
    this.linked = connection;
    return connection;
  }
}

export function cl1Profile(
  options: Omit<Cl1Options, "port" | "host" | "token" | "deviceId">,
): StimulableProfile {
  const { preparation = "in-vitro", electrode, pitchUm = 200, array } = options;
  if (array) return array;
  return {
    name: "CL1",
    preparation,
    framesPerSecond: CL1_FRAMES_PER_SECOND,
    electrodes: Array.from({ length: CL1_CHANNELS }, (_, channel) => {
      const { column, row } = cl1Place(channel);
      return { channel, xUm: column * pitchUm, yUm: row * pitchUm, ...electrode };
    }),
    reservedChannels: [...CL1_GROUND, CL1_REFERENCE],
    hardware: { maxCurrentUa: 3, maxChargePerPhaseNc: 3 },
  };
}

function checkHardware({ channel, phases }: Pulse): void {
  const fits =
    phases.length <= MAX_PHASES &&
    phases.every(
      ({ currentUa, durationUs }, i) =>
        durationUs % WIDTH_STEP_US === 0 &&
        currentUa !== 0 &&
        (i === 0 || Math.sign(currentUa) !== Math.sign(phases[i - 1].currentUa)),
    );
  if (!fits)
    throw new RangeError(
      `CL1, channel ${channel}: expected 1 to ${MAX_PHASES} phases of alternating sign in steps of ${WIDTH_STEP_US} us, got ${phases.map((phase) => `${phase.currentUa} uA for ${phase.durationUs} us`).join(", ")}`,
    );
}

/** A stand-in for RHX with a stimulation controller of four channels: its three ports, in real time or faster. */
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import type { Duplex } from "node:stream";
import type { PeerControls } from "../../conformance.ts";
import type { Phase } from "../../contract.ts";
import { NoisySpikes } from "../../testing/noise.ts";
import { WireEnd } from "../../testing/wire.ts";
import { systemTime, type Time } from "../../time.ts";
import { FRAMES_PER_BLOCK, MICROVOLTS_PER_UNIT, SPIKE_MAGIC, WAVEFORM_MAGIC } from "../packets.ts";

export const RATE = 20_000;
export const CHANNELS = 4;
const BEAT_MS = 4;
const SPIKE_EVERY = 640;
const names = Array.from({ length: CHANNELS }, (_, i) => `a-00${i}`);

export class FakeRhx implements PeerControls {
  /** Every command heard, in order. */
  readonly log: string[] = [];
  readonly parameters = new Map<string, string>();
  private readonly servers: Server[] = [];
  private readonly sockets = new Set<Duplex>();
  private readonly data: (Duplex | undefined)[] = [undefined, undefined, undefined];
  private noise = new NoisySpikes(6, SPIKE_EVERY);
  private timestamp = 0;
  private ranAtMs = 0;
  /** Times real time. */
  speed = 1;
  private held = 0;
  private timer: unknown;
  private queue: [Buffer, Buffer][] = [];
  ports: number[] = [0, 0, 0];
  /** Channels that were armed at the last beginning of a run. */
  armedWhileRunning: string[] = [];

  /** Hears every pulse that an armed channel sends. */
  onPulse: (channel: number, phases: readonly Phase[]) => void = () => {};

  constructor(private readonly time: Time = systemTime) {
    this.reset();
  }

  private reset(): void {
    for (const [name, value] of Object.entries({
      type: "ControllerStimRecord",
      sampleratehertz: `${RATE}`,
      stimstepsizemicroamps: "0.05",
      runmode: "Stop",
      uploadinprogress: "False",
      tcpnumberdatablocksperwrite: "10",
      "a.numberamplifierchannels": `${CHANNELS}`,
      "b.numberamplifierchannels": "0",
    }))
      this.parameters.set(name, value);
  }

  async begin(): Promise<void> {
    if (this.servers.length > 0) return;
    for (const which of [0, 1, 2]) {
      const server = createServer({ noDelay: true }, (socket) => this.serve(which, socket));
      server.listen(this.ports[which], "127.0.0.1");
      await once(server, "listening");
      this.servers.push(server);
      this.ports[which] = (server.address() as { port: number }).port;
    }
    this.live();
  }

  /** Runs without a network, for those who dial. */
  live(): void {
    this.timer = this.time.after(BEAT_MS, () => {
      this.beat();
      this.live();
    });
  }

  /** The other end of a connection to the port of its default number, 5000 to 5002. */
  dial(port: number): Duplex {
    const [near, far] = WireEnd.pair();
    this.serve(port - 5000, far);
    return near;
  }

  hold(ms: number): void {
    this.held = this.time.nowMs() + ms;
  }

  async cut(): Promise<void> {
    if (this.timer) this.time.cancel(this.timer);
    const closed = this.servers.splice(0).map((server) => once(server.close(), "close"));
    for (const socket of this.sockets) socket.destroy();
    await Promise.all(closed);
    this.reset();
  }

  /** Channels whose stimulation is switched on. */
  get armed(): string[] {
    return names.filter((name) => this.parameters.get(`${name}.stimenabled`) === "true");
  }

  /** Sends bytes to the waveform port as they are. */
  disturb(bytes: Uint8Array): void {
    this.data[1]?.write(bytes);
  }

  private serve(which: number, socket: Duplex): void {
    this.sockets.add(socket);
    socket.on("error", () => {}).on("close", () => this.sockets.delete(socket));
    this.data[which] = socket;
    if (which !== 0) return;
    socket.on("data", (bytes) => {
      for (const command of bytes.toString().split(";")) this.command(command.trim(), socket);
    });
  }

  private command(command: string, socket: Duplex): void {
    if (command === "") return;
    this.log.push(command);
    const [verb, name = "", ...rest] = command.toLowerCase().split(/\s+/);
    const value = rest.join(" ");
    const running = this.parameters.get("runmode") !== "Stop";
    if (verb === "get") {
      const known = this.parameters.get(name);
      const written = /\s(\S+)$/.exec(command)![1].split(".").at(-1)!;
      if (known === undefined) socket.write("Error: Unrecognized parameter");
      else socket.write(`Return: ${written} ${known}`);
    } else if (verb === "set") {
      if (name !== "runmode" && running)
        socket.write(`Error: ${name} cannot be set while the board is running`);
      else if (name === "runmode" && (value === "stop") === !running)
        socket.write("Error: Board must be running");
      else this.set(name, value);
    } else if (verb === "execute" && name === "clearalldataoutputs")
      for (const key of this.parameters.keys()) {
        if (key.includes("tcpdataoutputenabled")) this.parameters.set(key, "False");
      }
    else if (verb === "execute" && name === "manualstimtriggerpulse" && running) this.press(value);
  }

  /** What every channel that listens to a key sends. */
  private press(key: string): void {
    names.forEach((name, channel) => {
      const told = (what: string) => this.parameters.get(`${name}.${what}`);
      if (told("stimenabled") !== "true" || told("source") !== `keypress${key}`) return;
      const sign = told("polarity") === "negativefirst" ? -1 : 1;
      this.onPulse(channel, [
        {
          currentUa: sign * Number(told("firstphaseamplitudemicroamps")),
          durationUs: Number(told("firstphasedurationmicroseconds")),
        },
        {
          currentUa: -sign * Number(told("secondphaseamplitudemicroamps")),
          durationUs: Number(told("secondphasedurationmicroseconds")),
        },
      ]);
    });
  }

  private set(name: string, value: string): void {
    this.parameters.set(name, value === "run" ? "Run" : value === "stop" ? "Stop" : value);
    if (name === "runmode") this.timestamp = 0;
    if (name === "runmode" && value === "run") this.armedWhileRunning = this.armed;
    this.ranAtMs = this.time.nowMs();
  }

  private beat(): void {
    if (this.parameters.get("runmode") !== "Run") return;
    const due = ((this.time.nowMs() - this.ranAtMs) / 1000) * RATE * this.speed;
    while (this.timestamp + FRAMES_PER_BLOCK <= due) this.queue.push(this.block());
    if (this.time.nowMs() < this.held) return;
    for (const [waveforms, spikes] of this.queue.splice(0)) {
      this.data[1]?.write(waveforms);
      if (spikes.length > 0) this.data[2]?.write(spikes);
    }
  }

  private block(): [Buffer, Buffer] {
    const bands = names.filter((name) => this.enabled(name, "high"));
    const bytes = Buffer.alloc(4 + FRAMES_PER_BLOCK * (4 + 2 * bands.length));
    const spikes: Buffer[] = [];
    let at = bytes.writeUInt32LE(WAVEFORM_MAGIC, 0);
    for (let i = 0; i < FRAMES_PER_BLOCK; i++, this.timestamp++) {
      at = bytes.writeInt32LE(this.timestamp, at);
      names.forEach((name, channel) => {
        const microvolts = this.noise.at(this.timestamp, channel);
        if (bands.includes(name))
          at = bytes.writeUInt16LE(Math.round(microvolts / MICROVOLTS_PER_UNIT) + 32_768, at);
        if (!this.enabled(name, "spike") || (this.timestamp + 37 * channel) % SPIKE_EVERY !== 0) return;
        const spike = Buffer.alloc(14);
        spike.writeUInt32LE(SPIKE_MAGIC, 0);
        spike.write(name.toUpperCase(), 4, "latin1");
        spike.writeUInt32LE(this.timestamp, 9);
        spike[13] = 1;
        spikes.push(spike);
      });
    }
    return [bytes, Buffer.concat(spikes)];
  }

  private enabled(name: string, what: string): boolean {
    return this.parameters.get(`${name}.tcpdataoutputenabled${what}`) === "true";
  }
}

/**
 * The driver of the trainers' UDP interface, in time that passes only here: the interface loses packets in both directions,
 * its clock steps, this program reads late or stands still, connections and processes come and go, and one list may be
 * delivered again. What was received is judged by the time of the tissue behind the interface.
 */
import { cpSync, existsSync, rmSync } from "node:fs";
import { folderOf } from "../../src/device/books/place.ts";
import type { Device, Pulse } from "../../src/device/contract.ts";
import { DEFAULT_LIMITS } from "../../src/device/gate/limits.ts";
import { openDevice } from "../../src/device/gate/open.ts";
import { VirtualTime } from "../../src/device/testing/virtual-time.ts";
import { UdpDriver } from "../../src/device/udp/driver.ts";
import { decodeFeedback, encodeSpikes } from "../../src/device/udp/packets.ts";
import type { UdpPort } from "../../src/device/udp/sockets.ts";
import { Random } from "../../src/math/random.ts";
import { type Outcome, Tally } from "./outcome.ts";
import { planOf } from "./plans.ts";
import { Received } from "./received.ts";

const TICK_MS = 10;
const PHASE_US = 160;
const FILE = { preparation: "in-vitro", areaUm2: 707, material: "titanium-nitride" } as const;

/** The interface: tells spikes by its own clock, and does what it is told, at once. */
class Interface {
  received: Received | undefined;
  lost = 0;
  private hear: ((bytes: Buffer) => void) | undefined;
  private clockUs = 1e15;

  constructor(
    private readonly time: VirtualTime,
    private readonly random: Random,
  ) {
    this.tick();
  }

  /** Its clock is set. */
  step(us: number): void {
    this.clockUs += us;
  }

  readonly bind = async (_port: number, _host: string, hear: (bytes: Buffer) => void): Promise<UdpPort> => {
    this.hear = hear;
    return {
      address: () => ({ port: 1 }),
      send: (bytes, _to, _where, done) => {
        if (this.random.integer(50) > 0) this.take(bytes);
        else this.lost++;
        done();
      },
      close: (done) => {
        if (this.hear === hear) this.hear = undefined;
        done();
      },
    };
  };

  private take(bytes: Uint8Array): void {
    const { kind, channels, currentUa, pulses } = decodeFeedback(bytes);
    if (kind === "interrupt" || pulses === 0) return;
    const phases = [
      { currentUa: -currentUa, durationUs: PHASE_US },
      { currentUa, durationUs: PHASE_US },
    ];
    for (const channel of channels)
      this.received?.add({ channel, phases }, Math.floor(this.time.nowMs() * 1000));
  }

  private tick(): void {
    this.time.after(TICK_MS, () => {
      this.clockUs += TICK_MS * 1000;
      if (this.random.integer(30) > 0)
        this.hear?.(Buffer.from(encodeSpikes({ timeUs: this.clockUs, counts: [0, 1, 0, 0, 2, 0, 0, 0] })));
      this.tick();
    });
  }
}

/** What a turn of the event loop takes here. */
const TURN_MS = 0.2;

export async function overUdp(plans: number, seed: number): Promise<Outcome> {
  const tally = new Tally();
  const random = Random.of(seed, "udp");
  const time = new VirtualTime(1000, TURN_MS);
  const peer = new Interface(time, random);
  const device = `bench-udp-${seed}`;
  const connect = async () => {
    const opening = UdpDriver.open({ bind: peer.bind, time, file: { ...FILE, device } });
    await settle();
    for (let i = 0; i < 100; i++) time.pass(TICK_MS); // some of the first packets may be lost
    const driver = await opening;
    peer.received ??= new Received(driver.profile, DEFAULT_LIMITS);
    return openDevice(driver);
  };
  let open = await connect();
  const made: (readonly Pulse[])[] = [];
  const phases = [0.5, 1, 2.5, 3].map((currentUa) => [
    { currentUa: -currentUa, durationUs: PHASE_US },
    { currentUa, durationUs: PHASE_US },
  ]);
  const channels = open.profile.electrodes.map(({ channel }) => channel);
  while (tally.plans < plans) {
    const act = random.integer(2000);
    if (act < 2) open = await reopen(open, connect, device, act === 0);
    else if (act < 6) peer.step((random.integer(5) - 2) * 4e6);
    else if (act < 30) time.block(random.integer(3000));
    else if (act < 50) await read(open, time, tally);
    else if (act < 700) time.pass(random.integer(act < 57 ? 2000 : 20));
    else {
      const few = channels.slice(0, 1 + random.integer(channels.length));
      await tally.give(open, planOf({ device: open, random, made, channels: few, phases }));
    }
    if (tally.isLost) open = await reopen(open, connect, device, false);
    tally.isLost = false;
  }
  time.pass(61_000);
  await open.close();
  return tally.of(peer.received as Received);
}

/** Lets promises go on; no time passes. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function read(device: Device, time: VirtualTime, tally: Tally): Promise<void> {
  const reading = device.read(device.now() + 250).catch(() => tally.count("read of a lost device"));
  time.pass(50);
  await Promise.race([reading, settle()]);
}

/** A new connection; `isKilled`: of a new process, whose predecessor has not closed its books. */
async function reopen(
  open: Device,
  connect: () => Promise<Device>,
  device: string,
  isKilled: boolean,
): Promise<Device> {
  const folder = folderOf(device);
  const aside = `${folder}.aside`;
  const copies = isKilled && existsSync(folder);
  if (copies) cpSync(folder, aside, { recursive: true, force: true, errorOnExist: false });
  await open.close();
  if (copies) {
    // As a kill leaves them: without the entries of closing.
    rmSync(folder, { recursive: true, force: true });
    cpSync(aside, folder, { recursive: true });
    rmSync(aside, { recursive: true });
    rmSync(`${folder}/claim`, { recursive: true, force: true });
  }
  return connect();
}

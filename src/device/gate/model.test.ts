/**
 * Gate, books, second line, stop and reconnection, explored exhaustively: every order in which two clients of one dish can
 * plan three pulses (late, soon, far), read, stop, leave and come back, while time passes. The parts are the real ones; only
 * time, and the wire between schedule and dish, are the test's. States that were met are not explored again.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { auditBooks } from "../books/audit.ts";
import type { Device, Driver, Frame, Spikes, StimulableProfile } from "../contract.ts";
import { LiveClock } from "../live/clock.ts";
import { PulseSchedule } from "../live/pulse-schedule.ts";
import { VirtualTime } from "../testing/virtual-time.ts";
import type { ClearedPulses } from "./cleared.ts";
import { DEFAULT_LIMITS, type StimulationLimits } from "./limits.ts";
import { openDevice, takeCleared } from "./open.ts";

const DISH = "modelled-dish";
const PULSES = 3;
const TICKS = 2;
const TICK_MS = 10;
const limits: StimulationLimits = {
  ...DEFAULT_LIMITS,
  minIntervalUs: 5000,
  budget: { ...DEFAULT_LIMITS.budget, maxPulses: 2 },
};
const phases = [
  { currentUa: -1, durationUs: 160 },
  { currentUa: 1, durationUs: 160 },
];

interface Heard {
  readonly client: number;
  readonly connection: number;
  readonly atMs: number;
}

/** One connection to the dish; its frames are milliseconds since it began. */
class Connection implements Driver {
  readonly profile: StimulableProfile = {
    name: "dish",
    preparation: "in-vitro",
    framesPerSecond: 1000,
    electrodes: [{ channel: 0, xUm: 0, yUm: 0, areaUm2: 707, material: "titanium-nitride" }],
    reservedChannels: [],
  };
  readonly deviceId = DISH;
  readonly lists: ClearedPulses[] = [];
  private readonly clock: LiveClock;
  private readonly schedule: PulseSchedule;
  private frame: Frame = 0;

  constructor(
    readonly time: VirtualTime,
    hear: () => void,
  ) {
    this.clock = new LiveClock(1000, time);
    this.clock.heard(0);
    this.schedule = new PulseSchedule(this.clock, hear);
  }

  now() {
    return this.frame;
  }
  present() {
    return Math.floor(this.clock.present());
  }
  async read(untilFrame: Frame): Promise<Spikes> {
    this.frame = untilFrame;
    return { frames: new Float64Array(), channels: new Uint16Array() };
  }
  async deliver(pulses: ClearedPulses) {
    const delivery = takeCleared(this, pulses);
    this.lists.push(pulses);
    this.schedule.add(
      delivery,
      delivery.pulses.map((pulse) => ({ pulses: [pulse] })),
    );
  }
  async cancel() {
    this.schedule.cancel();
  }
  async close() {
    this.schedule.cancel();
  }
}

interface Client {
  driver: Connection;
  device: Device;
  connections: number;
  state: "open" | "stopped" | "away";
  stoppedAtMs: number;
}

/** The first client is hurried, leaves and comes back; the second plans ahead and stops. */
const CLIENT_ACTS = [
  ["late", "soon", "leave", "come"],
  ["soon", "far", "stop"],
] as const;
type Act = { readonly client: number; readonly does: (typeof CLIENT_ACTS)[0 | 1][number] } | "tick" | "stall";

const ACTS: readonly Act[] = [
  "tick",
  "stall",
  ...CLIENT_ACTS[0].map((does) => ({ client: 0, does })),
  ...CLIENT_ACTS[1].map((does) => ({ client: 1, does })),
];

class World {
  readonly time = new VirtualTime(0);
  readonly heard: Heard[] = [];
  planned = 0;
  ticks = 0;
  comings = 0;
  leavings = 0;
  stops = 0;
  readonly clients: Client[];

  constructor() {
    this.clients = [0, 1].map((index) => this.connect(index, 0));
  }

  /** The world after some acts, from the beginning. */
  static async at(path: readonly Act[]): Promise<World> {
    rmSync(join(ledgers, DISH), { recursive: true, force: true });
    const world = new World();
    for (const act of path) await world.do(act);
    return world;
  }

  private connect(index: number, connections: number): Client {
    const driver = new Connection(this.time, () =>
      this.heard.push({ client: index, connection: connections, atMs: this.time.nowMs() }),
    );
    return { driver, device: openDevice(driver, { limits }), connections, state: "open", stoppedAtMs: 0 };
  }

  allows(act: Act): boolean {
    if (act === "tick" || act === "stall") return this.ticks < TICKS;
    const { state } = this.clients[act.client];
    switch (act.does) {
      case "come":
        return state === "away" && this.comings < 1;
      case "leave":
        return state !== "away" && this.leavings < 1;
      case "stop":
        return state === "open" && this.stops < 1;
      default:
        return state !== "away" && this.planned < PULSES;
    }
  }

  async do(act: Act): Promise<void> {
    if (act === "tick" || act === "stall") {
      this.ticks++;
      if (act === "tick") this.time.pass(TICK_MS);
      else this.time.block(TICK_MS);
      return;
    }
    const client = this.clients[act.client];
    const { device } = client;
    switch (act.does) {
      case "come":
        this.comings++;
        this.clients[act.client] = this.connect(act.client, client.connections + 1);
        return;
      case "leave":
        this.leavings++;
        client.state = "away";
        client.stoppedAtMs = this.time.nowMs();
        return device.close();
      case "stop":
        this.stops++;
        client.state = "stopped";
        client.stoppedAtMs = this.time.nowMs();
        return device.stop();
      default: {
        const frame = { late: device.now(), soon: device.present() + 2, far: device.present() + 14 }[
          act.does
        ];
        this.planned++;
        await device.stimulate([{ channel: 0, frame, phases }]).catch(() => {});
      }
    }
  }

  /** What decides what can still happen; which client is the first does not. */
  get key(): string {
    const clients = this.clients.map(({ device, state }, client) =>
      JSON.stringify([
        state,
        device.ledgerSnapshot().electrodes,
        this.heard.filter((one) => one.client === client).map(({ connection, atMs }) => [connection, atMs]),
      ]),
    );
    const { planned, ticks, comings, leavings, stops } = this;
    return JSON.stringify([this.time.nowMs(), planned, ticks, comings, leavings, stops, clients.sort()]);
  }

  /** The promises, asked in every state. */
  check(path: readonly Act[]): void {
    const told = () => JSON.stringify({ path, heard: this.heard });
    expect(this.heard.length, told()).toBeLessThanOrEqual(limits.budget.maxPulses);
    this.heard.forEach(({ atMs }, i) => {
      if (i > 0)
        expect(atMs - this.heard[i - 1].atMs, told()).toBeGreaterThanOrEqual(
          limits.minIntervalUs / 1000 - 0.001,
        );
    });
    this.clients.forEach(({ state, stoppedAtMs, connections }, client) => {
      if (state === "open") return;
      const after = this.heard.filter(
        (one) => one.client === client && one.connection === connections && one.atMs > stoppedAtMs,
      );
      expect(after, told()).toEqual([]);
    });
  }

  /** All devices of the present connections are closed. */
  async leave(): Promise<void> {
    for (const { device } of this.clients) await device.close();
  }

  /** Lets all come to an end, and compares the books with what the dish heard. */
  async end(path: readonly Act[]): Promise<void> {
    for (const { driver } of this.clients)
      for (const list of driver.lists) await expect(driver.deliver(list)).rejects.toThrow("not taken before");
    this.time.pass(100);
    this.check(path);
    await this.leave();
    const books = auditBooks(DISH);
    expect(books?.fault).toBeUndefined();
    const written = books?.totals[0]?.[1] ?? 0;
    const accepted = this.clients.reduce((sum, { device }) => sum + device.ledger().pulses, 0);
    expect(written, JSON.stringify(path)).toBeGreaterThanOrEqual(this.heard.length);
    if (this.comings === 0) expect(accepted, JSON.stringify(path)).toBe(this.heard.length);
    expect(written - (books?.dropped ?? 0), JSON.stringify(path)).toBeLessThanOrEqual(PULSES);
  }
}

const given = process.env["WETGRAD_LEDGERS"];
/** Thousands of ledgers: in memory, where the machine has such a folder. */
const ledgers = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "wetgrad-model-"));
beforeAll(() => {
  process.env["WETGRAD_LEDGERS"] = ledgers;
});
afterAll(() => {
  process.env["WETGRAD_LEDGERS"] = given;
  rmSync(ledgers, { recursive: true });
});

it("two clients of one dish, in every order, make it hear no pulse that breaks a rule, and none after a stop", async () => {
  const seen = new Set<string>();
  let transitions = 0;
  let frontier: Node[] = [{ path: [], allowed: ACTS.filter((act) => new World().allows(act)) }];
  while (frontier.length > 0) {
    const next: Node[] = [];
    for (const { path, allowed } of frontier)
      for (const act of allowed) {
        const here = [...path, act];
        const world = await World.at(here);
        world.check(here);
        const { key } = world;
        transitions++;
        if (seen.has(key)) {
          await world.leave();
          continue;
        }
        seen.add(key);
        next.push({ path: here, allowed: ACTS.filter((possible) => world.allows(possible)) });
        await world.end(here);
      }
    frontier = next;
  }
  // Fewer would mean that something is no longer possible.
  expect(seen.size).toBeGreaterThan(1000);
  expect(transitions).toBeGreaterThan(2 * seen.size);
}, 180_000);

interface Node {
  readonly path: readonly Act[];
  readonly allowed: readonly Act[];
}

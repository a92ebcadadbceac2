import { connect, type Socket } from "node:net";
import { afterAll, describe, expect, it } from "vitest";
import { Cl1Driver } from "../cl1/driver.ts";
import { encodeMessage, LINK_VERSION, type Message, MessageReader } from "../cl1/messages.ts";
import { conformanceChecks } from "../conformance.ts";
import type { Pulse } from "../contract.ts";
import { DEFAULT_LIMITS } from "../gate/limits.ts";
import { openDevice } from "../gate/open.ts";
import { smallMea } from "../simulated/testing.ts";
import { pulsesFor } from "../stimulation.ts";
import { type ServingEvent, serveCulture } from "./server.ts";

const events: ServingEvent[] = [];
const mea = () => smallMea({ neurons: 300, meanOutDegree: 40 });
const server = await serveCulture({ driver: mea(), onEvent: (event) => events.push(event) });
afterAll(() => server.close());

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A client of the link without the driver: a test sends and reads each message itself. */
class RawClient {
  readonly messages: Message[] = [];
  private constructor(readonly socket: Socket) {
    const reader = new MessageReader();
    socket.on("data", (bytes) => this.messages.push(...reader.feed(bytes)));
    socket.on("error", () => {});
  }
  static async open(hello = true, port = server.port): Promise<RawClient> {
    await pause(20); // until the one before has left
    const client = new RawClient(connect(port, "127.0.0.1"));
    if (hello) {
      client.send({ type: "hello", version: LINK_VERSION, token: "" });
      await client.got("welcome");
    }
    return client;
  }
  send(message: Message): void {
    this.socket.write(encodeMessage(message));
  }
  async got<T extends Message["type"]>(type: T): Promise<Extract<Message, { type: T }>> {
    for (;;) {
      const found = this.messages.find((message) => message.type === type);
      if (found) return found as Extract<Message, { type: T }>;
      await pause(1);
    }
  }
  /** How far the culture has told of itself. */
  get until(): number {
    return this.messages.reduce((last, m) => (m.type === "tick" ? m.untilFrame : last), -1);
  }
}

describe("a served culture is a device", () => {
  let driver: Cl1Driver | undefined;
  const make = () => {
    void driver?.close();
    driver = new Cl1Driver({
      port: server.port,
      preparation: "simulated",
      electrode: { areaUm2: 707, material: "titanium-nitride" },
    });
    return driver;
  };
  afterAll(() => driver?.close());
  for (const { name, run } of conformanceChecks(make, {
    repeatable: false,
    stimulates: true,
    frames: 12_500,
  }))
    it(name, run);
});

it("does to the bit what it does in this process", async () => {
  const other = await serveCulture({ driver: mea() });
  const far = openDevice(
    new Cl1Driver({
      port: other.port,
      preparation: "simulated",
      electrode: { areaUm2: 707, material: "titanium-nitride" },
    }),
  );
  const near = openDevice(mea());
  for (const device of [far, near]) {
    await device.read(1000);
    await device.stimulate(pulsesFor([9, 10, 33], 1, 1500, device.profile));
  }
  expect(await far.read(25_000)).toEqual(await near.read(25_000));
  await far.close();
  const books = await other.close();
  expect(books).toMatchObject({ pulses: 3, refusals: 0 });
});

it("lives as far as it has credit, and no further", async () => {
  const client = await RawClient.open();
  const { startFrame } = await client.got("welcome");
  await pause(20);
  expect(client.until).toBe(-1);
  for (const frames of [110, 5000]) {
    client.send({ type: "credit", untilFrame: startFrame + frames });
    while (client.until < startFrame + frames) await pause(1);
    await pause(20);
    expect(client.until).toBe(startFrame + frames);
  }
  client.socket.destroy();
});

it("judges every pulse: late ones begin now, unsafe ones are answered and told", async () => {
  const client = await RawClient.open();
  const { startFrame } = await client.got("welcome");
  const stimulate = (id: number, pulse: Pulse) => client.send({ type: "stimulate", id, pulses: [pulse] });
  const phases = [
    { currentUa: -2, durationUs: 160 },
    { currentUa: 2, durationUs: 160 },
  ];
  client.send({ type: "credit", untilFrame: startFrame + 100 });
  while (client.until < startFrame + 100) await pause(1);
  stimulate(1, { frame: startFrame, channel: 20, phases });
  stimulate(2, { frame: startFrame + 500, channel: 21, phases: phases.slice(1) });
  stimulate(3, { frame: startFrame + 500, channel: 64, phases });
  await pause(50);
  const answers = client.messages.filter((message) => message.type === "answer");
  expect(answers).toMatchObject([
    { id: 1, refused: false, frame: startFrame + 100 },
    { id: 2, refused: true, text: expect.stringContaining("(phases)") },
    { id: 3, refused: true, text: expect.stringContaining("(electrode)") },
  ]);
  expect(events.filter(({ event }) => event === "refused").length).toBe(2);
  client.socket.destroy();
});

it("lets a pulse begin now that its client could not know to be late, and none that is later", async () => {
  const own = await serveCulture({ driver: mea() });
  const client = await RawClient.open(true, own.port);
  client.send({ type: "credit", untilFrame: 1000 });
  while (client.until < 1000) await pause(1);
  const { profile } = mea();
  client.send({ type: "stimulate", id: 1, pulses: pulsesFor([20], 1, 1000 - 125, profile) });
  client.send({ type: "stimulate", id: 2, pulses: pulsesFor([21], 1, 1000 - 126, profile) });
  while (client.messages.filter(({ type }) => type === "answer").length < 2) await pause(1);
  expect(client.messages.filter(({ type }) => type === "answer")).toMatchObject([
    { id: 1, refused: false, frame: 1000 },
    { id: 2, refused: true, text: expect.stringContaining("(past)") },
  ]);
  await own.close();
});

describe("a stop", () => {
  const limits = {
    ...DEFAULT_LIMITS,
    maxPulsesPerSecondOnArray: 10_000,
    budget: { ...DEFAULT_LIMITS.budget, maxPulses: 1e6, maxChargeNc: 1e6, maxNetChargeNc: 1e6 },
  };
  const { profile } = mea();
  /** A pulse every 40 ms on each of 16 electrodes in turn. */
  const long = (id: number): Message => ({
    type: "stimulate",
    id,
    pulses: Array.from(
      { length: 1000 },
      (_, i) => pulsesFor([20 + (i % 16)], 1, 60_000 * id + 63 * i, profile)[0],
    ),
  });
  const written = (client: RawClient, ...messages: readonly Message[]) =>
    client.socket.write(Buffer.concat(messages.map(encodeMessage)));
  const answered = async (client: RawClient, count: number) => {
    const answers = () => client.messages.filter((message) => message.type === "answer");
    while (answers().length < count) await pause(1);
    return answers().map(({ refused, text }) => (refused ? /\((\S+)\)/.exec(text)?.[1] : "sent"));
  };

  it("does not wait for the plans before it", async () => {
    const own = await serveCulture({ driver: mea(), limits });
    const client = await RawClient.open(true, own.port);
    written(client, ...Array.from({ length: 20 }, (_, id) => long(id)), { type: "cancel" });
    const outcomes = await answered(client, 20);
    expect(outcomes.at(-1)).toBe("stopped");
    expect((await own.close()).pulses).toBe(0);
  });

  it("that came after a plan is obeyed before it, also if another stop came before the plan", async () => {
    const own = await serveCulture({ driver: mea(), limits });
    const client = await RawClient.open(true, own.port);
    const short = (id: number): Message => ({
      type: "stimulate",
      id,
      pulses: pulsesFor([20], 1, 1000 * id, profile),
    });
    written(client, short(1), { type: "cancel" }, short(2), { type: "cancel" }, short(3));
    expect(await answered(client, 3)).toEqual(["stopped", "stopped", "sent"]);
    await own.close();
  });
});

it.each<[string, (client: RawClient) => void, RegExp]>([
  ["a stranger", (client) => client.socket.write("GET / HTTP/1.1\r\n\r\n"), /1 to 1048576 bytes/],
  ["pulses before hello", (client) => client.send({ type: "cancel" }), /expected a hello first/],
  ["another version", (client) => client.send({ type: "hello", version: 9, token: "" }), /client version 9/],
  ["a host's message", (client) => client.send({ type: "error", text: "" }), /expected a hello first/],
])("%s is told so and shut out, and the next client is served", async (_, act, reason) => {
  const client = await RawClient.open(false);
  act(client);
  expect((await client.got("error")).text).toMatch(reason);
  const next = await RawClient.open();
  next.socket.destroy();
});

it("has one client at a time", async () => {
  const first = await RawClient.open();
  const second = await RawClient.open(false);
  expect((await second.got("error")).text).toMatch(/serves another client/);
  first.socket.destroy();
});

it("cancels a client's pulses when it leaves", async () => {
  const own = await serveCulture({ driver: mea() });
  const client = await RawClient.open(true, own.port);
  const pulses = pulsesFor([30], 1, 1000, mea().profile);
  client.send({ type: "stimulate", id: 1, pulses });
  expect(await client.got("answer")).toMatchObject({ refused: false, frame: 1000 });
  client.socket.destroy();
  await pause(50);
  expect((await own.close()).pulses).toBe(0);
});

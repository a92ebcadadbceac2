import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { afterAll, describe, expect, it } from "vitest";
import { conformanceChecks } from "../conformance.ts";
import { openDevice } from "../gate/open.ts";
import { simulatedMeaDefaults } from "../simulated/parameters.ts";
import { smallMea } from "../simulated/testing.ts";
import { pulsesFor } from "../stimulation.ts";
import { surviveMutations } from "../testing/mutations.ts";
import { freeUdpPort } from "../testing/ports.ts";
import { UdpDriver } from "./driver.ts";
import { ENCODING, type InterfacePorts } from "./layout.ts";
import {
  decodeEvent,
  decodeFeedback,
  decodeSpikes,
  decodeStimulation,
  encodeEvent,
  encodeFeedback,
  encodeSpikes,
  encodeStimulation,
  type FeedbackPacket,
} from "./packets.ts";
import { serveUdp, type UdpEvent } from "./server.ts";
import { FakeInterface } from "./testing/fake-interface.ts";
import { PulseTrains } from "./trains.ts";

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** On a busy machine a plan may come too late. */
const ifInTime = (plan: Promise<void>) =>
  plan.catch((error: { rule?: string }) => {
    if (error.rule !== "late") throw error;
  });
const file = { preparation: "simulated", areaUm2: 707, material: "titanium-nitride" } as const;

const timeUs = 1_764_111_111_222_333;
const stimulation = {
  timeUs,
  ratesHz: [0, 4, 8, 12, 16, 20, 24, 28],
  currentsUa: [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.25],
};
const spikes = { timeUs, counts: [0, 1, 2, 3, 40, 5, 6, 7] };
const feedback = {
  timeUs,
  kind: "reward" as const,
  channels: [19, 20, 22],
  rateHz: 20,
  currentUa: 2.5,
  pulses: 30,
  unpredictable: true,
  name: "enemy_kill",
} satisfies FeedbackPacket;
const event = { timeUs, type: "episode_end", data: { reward: -3.5 } };

describe("packets", () => {
  // Made by Python's struct.pack: '<Q8f8f', '<Q8f', '<QBB64BIfIB32sx' and '<QI' + json.dumps.
  const golden = {
    stimulation:
      "3df420207344060000000000000080400000004100004041000080410000a0410000c0410000e0410000003f0000403f0000803f0000a03f0000c03f0000e03f0000004000001040",
    spikes: "3df4202073440600000000000000803f0000004000004040000020420000a0400000c0400000e040",
    feedback: `3df42020734406000203131416${"ff".repeat(61)}14000000000020401e00000001656e656d795f6b696c6c${"00".repeat(23)}`,
    event:
      "3df4202073440600560000007b2274696d657374616d70223a20313736343131313131313232323333332c20226576656e745f74797065223a2022657069736f64655f656e64222c202264617461223a207b22726577617264223a202d332e357d7d",
  };
  const bytes = (hex: string) => Buffer.from(hex, "hex");
  const hex = (packet: Uint8Array) => Buffer.from(packet).toString("hex");

  it("are what Python packs, to the byte, and are read back", () => {
    expect(hex(encodeStimulation(stimulation))).toBe(golden.stimulation);
    expect(decodeStimulation(bytes(golden.stimulation))).toEqual(stimulation);
    expect(hex(encodeSpikes(spikes))).toBe(golden.spikes);
    expect(decodeSpikes(bytes(golden.spikes))).toEqual(spikes);
    expect(hex(encodeFeedback(feedback))).toBe(golden.feedback);
    expect(decodeFeedback(bytes(golden.feedback))).toEqual(feedback);
    expect(decodeEvent(bytes(golden.event))).toEqual(event);
    expect(decodeEvent(encodeEvent(event))).toEqual(event);
  });

  it.each([
    ["stimulation", decodeStimulation],
    ["spikes", decodeSpikes],
    ["feedback", decodeFeedback],
    ["event", decodeEvent],
  ] as const)("in 10,000 mutations are read or refused clearly: %s", (kind, decode) => {
    expect(surviveMutations([bytes(golden[kind])], decode)).toBeGreaterThan(1000);
  });
});

describe("PulseTrains", () => {
  it("has its pulses where they belong, however time is cut", () => {
    for (const step of [250, 2500, 333]) {
      const trains = new PulseTrains(25_000, 160);
      trains.begin(9, 100, { rateHz: 40, currentUa: 2, pulses: 5 });
      trains.begin(10, 100, { rateHz: 0, currentUa: 2, pulses: 5 });
      const frames: number[] = [];
      for (let frame = 0; frame < 10_000; frame += step)
        frames.push(...trains.due(frame, frame + step).map((pulse) => pulse.frame));
      expect(frames).toEqual([100, 725, 1350, 1975, 2600]);
    }
    const trains = new PulseTrains(25_000, 120);
    trains.begin(9, 0, { rateHz: 100, currentUa: 2, pulses: 500 });
    expect(trains.due(0, 250)[0]).toEqual({
      frame: 0,
      channel: 9,
      phases: [
        { currentUa: -2, durationUs: 120 },
        { currentUa: 2, durationUs: 120 },
      ],
    });
    trains.interrupt([9]);
    expect(trains.due(250, 25_000)).toEqual([]);
  });
});

describe("UdpDriver", async () => {
  const spikePort = await freeUdpPort();
  const fake = await FakeInterface.start(spikePort);
  const ports = (): InterfacePorts => ({ stimulation: 0, events: 0, spikes: spikePort, feedback: fake.port });
  let driver: UdpDriver | undefined;
  const make = async () => {
    await driver?.close();
    fake.begin();
    driver = await UdpDriver.open({ ports: ports(), file, silenceMs: 1000 });
    return driver;
  };
  afterAll(async () => {
    await driver?.close();
    await fake.stop();
  });
  for (const { name, run } of conformanceChecks(make, {
    repeatable: false,
    stimulates: true,
    live: true,
    frames: 5000,
    link: fake,
  }))
    it(name, run);

  it("sends what the gate has cleared, in its frame, and interrupts on stop, close and loss", async () => {
    const device = openDevice(await make());
    await device.read(2500);
    const { profile } = device;
    // On a busy machine a pulse may come to be late, and is dropped.
    for (let i = 0; i < 100 && device.ledger().pulses === 0; i++) {
      fake.feedback.length = 0;
      await ifInTime(device.stimulate(pulsesFor([9, 10], 1, device.present() + 500, profile)));
      await pause(60);
    }
    expect(fake.feedback).toMatchObject([
      { kind: "event", channels: [9, 10], currentUa: 2.5, pulses: 1, rateHz: 100 },
    ]);
    await device.stimulate(pulsesFor([33], 1, device.present() + 1e6, profile));
    await device.stop();
    await device.close();
    await pause(50);
    expect(fake.feedback.slice(1).map(({ kind }) => kind)).toEqual(["interrupt", "interrupt"]);
    expect(fake.feedback[1].channels.length).toBe(59);
  });

  it("refuses shapes that the interface does not send, and stimulation where nothing is known", async () => {
    const device = openDevice(await make());
    const [pulse] = pulsesFor([9], 1, device.present() + 25_000, device.profile);
    const phases = pulse!.phases.map((phase) => ({ ...phase, durationUs: 200 }));
    await expect(device.stimulate([{ ...pulse!, phases }])).rejects.toThrow(/160 us negative/);
    await driver!.close();
    fake.begin();
    driver = await UdpDriver.open({ ports: ports() });
    const unknown = openDevice(driver);
    const later = { ...pulse!, frame: unknown.present() + 25_000 };
    await expect(unknown.stimulate([later])).rejects.toThrow(/known material/);
  });

  it("drops what is no packet or comes out of order, and says who does not answer", async () => {
    await make();
    fake.send(Buffer.from("nonsense"));
    fake.send(encodeSpikes({ timeUs: 1, counts: [9, 9, 9, 9, 9, 9, 9, 9] }));
    await pause(50);
    expect(driver!.droppedPackets).toBeGreaterThanOrEqual(2);
    await driver!.read(1000);
    await driver!.close();
    const other = { ports: { ...ports(), spikes: fake.port } };
    await expect(UdpDriver.open(other)).rejects.toThrow(/cannot listen on port/);
  });
});

describe("serveUdp", () => {
  // An array that is not blind after a pulse: it sees the cells that the pulse itself fires.
  const parameters = {
    ...simulatedMeaDefaults,
    detection: { ...simulatedMeaDefaults.detection, blankingUs: 0 },
  };
  const serve = async (spikePort: number, limits = {}) => {
    const events: UdpEvent[] = [];
    const server = await serveUdp({
      driver: smallMea({ neurons: 300, meanOutDegree: 40 }, { parameters }),
      ports: { stimulation: 0, spikes: spikePort, events: 0, feedback: 0 },
      speed: 5,
      onEvent: (told) => events.push(told),
      ...limits,
    });
    return { server, events };
  };

  it("lets a trainer play: its rates drive the encoding electrodes, and their spikes come back", async () => {
    const counts: number[][] = [];
    const trainer: Socket = createSocket("udp4", (bytes) => counts.push([...decodeSpikes(bytes).counts]));
    trainer.bind(0, "127.0.0.1");
    await once(trainer, "listening");
    const { server, events } = await serve(trainer.address().port);
    const send = (bytes: Uint8Array, port: number) => trainer.send(bytes, port, "127.0.0.1");
    const until = async (met: () => boolean) => {
      for (let i = 0; i < 1000 && !met(); i++) await pause(10);
      expect(met()).toBe(true);
    };
    const encoding = (ticks: readonly number[][]) => ticks.reduce((sum, [first]) => sum + first!, 0);

    await until(() => counts.length >= 20);
    const alone = encoding(counts.splice(0).slice(-20));
    const drive = { timeUs, ratesHz: ENCODING.map(() => 40), currentsUa: ENCODING.map(() => 2.5) };
    send(encodeStimulation(drive), server.ports.stimulation);
    await until(() => counts.length >= 22);
    const driven = encoding(counts.splice(0).slice(-20));
    expect(driven).toBeGreaterThan(3 * alone + 10);

    send(encodeEvent(event), server.ports.events);
    for (const port of [server.ports.stimulation, server.ports.feedback, server.ports.events])
      send(Buffer.from("no packet"), port);
    send(encodeStimulation({ ...drive, currentsUa: ENCODING.map(() => 4) }), server.ports.stimulation);
    await until(() => events.some((told) => told.event === "refused"));
    await until(() => events.some((told) => told.event === "silent"));
    counts.length = 0;
    await until(() => counts.length >= 20);
    expect(encoding(counts)).toBeLessThan(driven / 2);

    const ledger = await server.close();
    trainer.close();
    expect(ledger.pulses).toBeGreaterThan(100);
    expect(ledger.refusedByRule.current).toBeGreaterThan(0);
    const kinds = events.map((told) => told.event);
    expect(kinds[0]).toBe("heard");
    expect(events.find((told) => told.event === "trainer")).toMatchObject({
      type: "episode_end",
      data: { reward: -3.5 },
    });
    const faults = events.filter((told) => told.event === "fault");
    expect(faults.reduce((sum, { packets }) => sum + packets, 0)).toBe(3);
  });

  it("loses no interrupt behind a flood of feedback", async () => {
    let heard = 0;
    const trainer: Socket = createSocket("udp4", () => heard++);
    trainer.bind(0, "127.0.0.1");
    await once(trainer, "listening");
    const slow = { speed: 1, ticksPerSecond: 2 };
    const { server } = await serve(trainer.address().port, slow);
    const ticks = async (count: number) => {
      for (const until = heard + count; heard < until; ) await pause(5);
    };
    const send = (packet: FeedbackPacket) =>
      trainer.send(encodeFeedback(packet), server.ports.feedback, "127.0.0.1");
    const train = { ...feedback, kind: "event" as const, channels: [9], rateHz: 100, pulses: 100_000 };
    await ticks(1);
    const before = heard;
    for (let i = 0; i < 1200; i++) {
      send(train);
      if (i % 50 === 0) await pause(1); // so that the network loses none
    }
    await pause(20);
    send({ ...train, kind: "interrupt" });
    // Of the ticks that begin while this is sent.
    const most = (heard - before + 2) * 50;
    await ticks(6);
    expect((await server.close()).pulses).toBeLessThanOrEqual(most);
    trainer.close();
  });

  it("is played by this driver as by any trainer", async () => {
    const spikePort = await freeUdpPort();
    const { server } = await serve(spikePort);
    const device = openDevice(await UdpDriver.open({ ports: server.ports, file }));
    let [count, frame] = [0, 0];
    for (let i = 0; i < 10; i++) {
      // The culture is read more slowly than it lives on a busy machine: what is planned keeps apart all the same.
      frame = Math.max(frame + 500, device.present() + 500);
      await ifInTime(device.stimulate(pulsesFor([41, 42, 49], 1, frame, device.profile)));
      const { channels } = await device.read(device.now() + 2500);
      count += channels.filter((channel) => [41, 42, 49].includes(channel)).length;
    }
    await device.close();
    const ledger = await server.close();
    expect(count).toBeGreaterThan(0);
    expect(ledger.pulses).toBeGreaterThan(0);
    expect(ledger.refusals).toBe(0);
  });
});

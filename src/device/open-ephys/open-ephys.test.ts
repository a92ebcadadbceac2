import { afterAll, describe, expect, it } from "vitest";
import { conformanceChecks } from "../conformance.ts";
import { surviveMutations } from "../testing/mutations.ts";
import { freeTcpPort } from "../testing/ports.ts";
import { OpenEphysDriver, type OpenEphysOptions } from "./driver.ts";
import { decodeGuiMessage } from "./messages.ts";
import { CHANNELS, FakeGui, RATE } from "./testing/fake-gui.ts";

const text = (value: unknown) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value));
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("messages", () => {
  const data = {
    message_num: 7,
    type: "data",
    data_size: 8,
    timestamp: 123,
    content: {
      stream: "example",
      channel_num: 3,
      channel_name: "CH4",
      num_samples: 2,
      sample_num: 90_000,
      sample_rate: 30_000,
    },
  };
  const samples = Buffer.from("0000c0bf0000a042", "hex"); // -1.5, 80
  const spike = {
    type: "spike",
    spike: { stream: "example", source_node: 1, electrode: "Electrode 2", sample_num: 5, num_samples: 40 },
  };

  it("are read as the documentation says", () => {
    expect(decodeGuiMessage([text("DATA\0"), text(data), samples])).toEqual({
      kind: "data",
      stream: "example",
      channel: 3,
      sampleNumber: 90_000,
      samplesPerSecond: 30_000,
      samples: Float32Array.of(-1.5, 80),
    });
    expect(decodeGuiMessage([text("EVENT\0"), text(spike), samples])).toEqual({
      kind: "spike",
      stream: "example",
      electrode: "Electrode 2",
      sampleNumber: 5,
    });
    expect(decodeGuiMessage([text("EVENT\0"), text({ type: "event" })])).toEqual({
      kind: "other",
      type: "event",
    });
    expect(() => decodeGuiMessage([text("DATA\0"), text(data), samples.subarray(4)])).toThrow(
      "expected 2 samples of 4 bytes, got 4 bytes",
    );
    expect(() => decodeGuiMessage([text("DATA\0")])).toThrow("2 or 3 parts, got 1");
    expect(() => decodeGuiMessage([text("DATA\0"), text("{")])).toThrow("in JSON");
    expect(() => decodeGuiMessage([text("DATA\0"), text({ type: "data" })])).toThrow(/^data: data: /);
  });

  it("in 10,000 mutations are read or refused clearly, header and data", () => {
    const header = surviveMutations([text(data), text(spike)], (bytes) =>
      decodeGuiMessage([text("DATA\0"), bytes, samples]),
    );
    const body = surviveMutations([samples], (bytes) =>
      decodeGuiMessage([text("DATA\0"), text(data), bytes]),
    );
    expect(Math.min(header, body)).toBeGreaterThan(1000);
  });
});

describe("OpenEphysDriver", async () => {
  const port = await freeTcpPort();
  const gui = new FakeGui(port);
  let driver: OpenEphysDriver | undefined;
  const make = async (options: OpenEphysOptions = {}) => {
    await driver?.close();
    await gui.begin();
    driver = await OpenEphysDriver.open({ port, silenceMs: 1500, ...options });
    return driver;
  };
  afterAll(async () => {
    await driver?.close();
    await gui.cut();
  });
  for (const { name, run } of conformanceChecks(() => make(), {
    repeatable: false,
    stimulates: false,
    frames: 2 * RATE,
    link: gui,
  }))
    it(name, run);

  it("finds the same spikes as the GUI tells of, and is heard by it", async () => {
    const blocks = new Set<number>();
    const here = await make({ onSamples: ({ channel }) => blocks.add(channel) });
    expect(here.profile).toMatchObject({ framesPerSecond: RATE, preparation: "in-vitro" });
    await here.read(1.5 * RATE); // the noise has been learnt
    const found = await here.read(4 * RATE);
    expect([...blocks].sort()).toEqual([0, 1, 2, 3]);
    const told = await (await make({ spikes: "gui" })).read(2.5 * RATE);
    const expected = (2.5 * RATE * CHANNELS) / 700;
    expect(Math.abs(told.frames.length - expected)).toBeLessThanOrEqual(CHANNELS);
    expect(Math.abs(found.frames.length - expected)).toBeLessThan(0.05 * expected + CHANNELS);
    for (let channel = 0; channel < CHANNELS; channel++) {
      const frames = told.frames.filter((_, i) => told.channels[i] === channel);
      expect(new Set(frames.slice(1).map((frame, i) => frame - frames[i]))).toEqual(new Set([700]));
    }
    for (let i = 0; i < 200 && driver!.heartbeatsAnswered === 0; i++) await pause(10);
    expect(gui.heartbeats.at(-1)).toMatchObject({ application: "wetgrad", type: "heartbeat" });
    expect(driver!.unplacedSpikes).toBeLessThan(2 * CHANNELS);
  });

  it("drops what is no message, and is lost when acquisition begins again", async () => {
    await make();
    gui.publish("DATA\0", "not JSON", new Uint8Array(3));
    gui.publish("alone");
    await driver!.read(RATE);
    expect(driver!.droppedMessages).toBe(2);
    gui.restart();
    await expect(driver!.read(1e9)).rejects.toThrow(/began again at sample \d+; was acquisition restarted\?/);
  });

  it("says that nothing is sent where nothing is", async () => {
    await expect(OpenEphysDriver.open({ port: await freeTcpPort(), connectMs: 500 })).rejects.toThrow(
      /is acquisition running\?/,
    );
  });
});

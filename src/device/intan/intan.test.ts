import { afterAll, describe, expect, it } from "vitest";
import { conformanceChecks } from "../conformance.ts";
import type { Driver } from "../contract.ts";
import { type DeviceFile, parseDeviceFile } from "../device-file.ts";
import { openDevice } from "../gate/open.ts";
import { pulsesFor } from "../stimulation.ts";
import { surviveMutations } from "../testing/mutations.ts";
import { type IntanOptions, IntanReader, type IntanStimulator, openIntan, stopIntan } from "./driver.ts";
import { SpikeReader, WaveformReader } from "./packets.ts";
import { CHANNELS, FakeRhx, RATE } from "./testing/fake-rhx.ts";
import { checkTriggers, keysFor, stimulationParameters } from "./triggers.ts";

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** On a busy machine a plan may come too late. */
const ifInTime = (plan: Promise<void>) =>
  plan.catch((error: { rule?: string }) => {
    if (error.rule !== "late") throw error;
  });
const phases = [
  { currentUa: -1.25, durationUs: 160 },
  { currentUa: 1.25, durationUs: 160 },
];
const file: DeviceFile = {
  preparation: "in-vitro",
  areaUm2: 707,
  material: "titanium-nitride",
  triggers: [
    { key: "F1", channels: [0], phases },
    { key: "F2", channels: [1, 2], phases },
  ],
};

describe("packets", () => {
  const block = (bands: number, change = (frame: number) => frame) => {
    const bytes = Buffer.alloc(4 + 128 * (4 + 2 * bands));
    let at = bytes.writeUInt32LE(0x2ef07a08, 0);
    for (let i = 0; i < 128; i++) {
      at = bytes.writeInt32LE(change(i), at);
      for (let band = 0; band < bands; band++) at = bytes.writeUInt16LE(32_768 + i - 10 * band, at);
    }
    return bytes;
  };
  const spike = Buffer.from(`0f71e23a${Buffer.from("B-031").toString("hex")}40e2010001`, "hex");

  it("are read as the user guide says, however the network cuts them", () => {
    const bytes = Buffer.concat([block(2), block(2, (i) => 200 + i + (i >= 100 ? 50 : 0))]);
    for (const cut of [1, 7, 1000]) {
      const reader = new WaveformReader(2);
      const blocks = [];
      for (let at = 0; at < bytes.length; at += cut)
        blocks.push(...reader.feed(bytes.subarray(at, at + cut)));
      expect(blocks.map(({ timestamp, microvolts }) => [timestamp, microvolts[0].length])).toEqual([
        [0, 128],
        [200, 100],
        [350, 28],
      ]);
      expect(blocks[0].microvolts[1][5]).toBeCloseTo(-5 * 0.195);
    }
    const reader = new SpikeReader();
    const twice = Buffer.concat([spike, spike]);
    expect([...reader.feed(twice.subarray(0, 20)), ...reader.feed(twice.subarray(20))]).toEqual(
      Array(2).fill({ name: "B-031", timestamp: 123_456, identity: 1 }),
    );
  });

  it("in 10,000 mutations are read or refused clearly", () => {
    const waveforms = surviveMutations([block(1), block(3)], (bytes) => {
      for (const _ of new WaveformReader(1).feed(bytes));
    });
    const spikes = surviveMutations([spike, Buffer.concat([spike, spike, spike])], (bytes) => {
      for (const _ of new SpikeReader().feed(bytes));
    });
    expect(Math.min(waveforms, spikes)).toBeGreaterThan(1000);
  });
});

describe("triggers", () => {
  const [one, two] = file.triggers!;
  const pulse = (channel: number, shape = phases) => ({ frame: 5, channel, phases: shape });

  it("send the pulses they were given, whole, and no others", () => {
    expect(keysFor([pulse(1), pulse(0), pulse(2)], [one!, two!])).toMatchObject([
      { key: "F1", pulses: [{ channel: 0 }] },
      { key: "F2", pulses: [{ channel: 1 }, { channel: 2 }] },
    ]);
    expect(() => keysFor([pulse(1)], [one!, two!])).toThrow(/gives to keys: F1 on 0: -1.25 uA for 160 us/);
    const stronger = phases.map((phase) => ({ ...phase, currentUa: 2 * phase.currentUa }));
    expect(() => keysFor([pulse(0, stronger)], [one!])).toThrow(/got channel 0, -2.5 uA/);
  });

  it("are what the controller can send", () => {
    expect(Object.fromEntries(stimulationParameters(one!, 0.05))).toMatchObject({
      Source: "KeyPressF1",
      Shape: "Biphasic",
      Polarity: "NegativeFirst",
      StimEnabled: true,
      FirstPhaseAmplitudeMicroAmps: 1.25,
      SecondPhaseDurationMicroseconds: 160,
    });
    const gap = [phases[0], { currentUa: 0, durationUs: 50 }, phases[1]];
    expect(Object.fromEntries(stimulationParameters({ ...one!, phases: gap }, 0.05))).toMatchObject({
      Shape: "BiphasicWithInterphaseDelay",
      InterphaseDelayMicroseconds: 50,
    });
    expect(() => stimulationParameters(one!, 1)).toThrow(/whole steps of 1 uA/);
    expect(() => stimulationParameters(one!, 0.001)).toThrow(/at most 255/);
    expect(() => stimulationParameters({ ...one!, phases: [phases[0], phases[0]] }, 0.05)).toThrow(
      /opposite sign/,
    );
    expect(() => checkTriggers([one!, { ...two!, channels: [0] }])).toThrow(/channel 0 has two triggers/);
    expect(() => parseDeviceFile({ triggers: [{ ...one, key: "F9" }] }, "lab.json")).toThrow(
      /^lab.json: triggers.0.key/,
    );
  });
});

describe("Intan RHX", async () => {
  const rhx = new FakeRhx();
  let driver: IntanReader | IntanStimulator | undefined;
  const make = async (options: IntanOptions = {}) => {
    await driver?.close();
    await rhx.begin();
    for (let i = 0; i < 100 && rhx.parameters.get("runmode") !== "Stop"; i++) await pause(5);
    const [port, waveformPort, spikePort] = rhx.ports as [number, number, number];
    rhx.speed = options.file === undefined ? 1 : 8;
    driver = await openIntan({ port, waveformPort, spikePort, file, silenceMs: 1500, ...options });
    return driver as Driver;
  };
  afterAll(async () => {
    await driver?.close();
    await rhx.cut();
  });

  describe("that stimulates", () => {
    for (const { name, run } of conformanceChecks(() => make(), {
      repeatable: false,
      stimulates: true,
      live: true,
      frames: RATE / 5,
      link: rhx,
    }))
      it(name, run);
  });

  describe("that only reads", () => {
    for (const { name, run } of conformanceChecks(() => make({ file: {}, spikes: "here" }), {
      repeatable: false,
      stimulates: false,
      frames: 3 * RATE,
      link: rhx,
    }))
      it(name, run);
  });

  it("uploads pulses while stopped, sets keys off while running, stops and disarms the controller when closed", async () => {
    rhx.log.length = 0;
    rhx.parameters.set("a-003.stimenabled", "true");
    const device = openDevice(await make());
    expect(rhx.parameters.get("a-003.stimenabled")).toBe("false");
    expect(rhx.parameters.get("a-002.source")).toBe("keypressf2");
    expect(rhx.log.indexOf("execute UploadStimParameters")).toBeLessThan(rhx.log.indexOf("set RunMode Run"));
    await device.read(1000);
    const later = (seconds = 0.02) => device.present() + seconds * RATE;
    await expect(device.stimulate(pulsesFor([0], 0.6, later(1), device.profile))).rejects.toThrow(
      /RHX sends only the pulses/,
    );
    const setOff = () => rhx.log.filter((command) => command.includes("ManualStim"));
    // On a busy machine a pulse may come to be late, and is dropped.
    for (let i = 0; i < 100 && setOff().length === 0; i++) {
      await ifInTime(device.stimulate(pulsesFor([1, 2], 0.5, later(), device.profile)));
      await pause(60);
    }
    expect(setOff()).toEqual(["execute ManualStimTriggerPulse F2"]);
    await device.stimulate(pulsesFor([0], 0.5, device.present() + 50 * RATE, device.profile));
    await device.close();
    expect(rhx.parameters.get("runmode")).toBe("Stop");
    expect(rhx.armed).toEqual([]);
    expect(setOff().length).toBe(1);
  });

  it("arms nothing that the pulse rules refuse, and uploads nothing then", async () => {
    const strong = [
      { currentUa: -12.75, durationUs: 5000 },
      { currentUa: 12.75, durationUs: 5000 },
    ];
    await driver?.close();
    await pause(50);
    rhx.log.length = 0;
    const armed = (trigger: object, more = {}) =>
      make({ file: { ...file, ...more, triggers: [{ key: "F1", channels: [0], phases, ...trigger }] } });
    await expect(armed({ phases: strong })).rejects.toThrow(
      /trigger F1, channel 0 \(duration\): expected a phase duration .* got 5000 us, limit 1000 us; nothing was uploaded/,
    );
    await expect(armed({}, { material: "unknown" })).rejects.toThrow(/\(material\)/);
    await expect(armed({}, { reservedChannels: [0] })).rejects.toThrow(/\(reserved\)/);
    const anodic = phases.map((phase) => ({ ...phase, currentUa: -phase.currentUa }));
    await expect(armed({ phases: anodic })).rejects.toThrow(/\(polarity\)/);
    expect(rhx.log.filter((command) => /^set .*stim|upload/i.test(command))).toEqual([]);
    expect(rhx.parameters.get("runmode")).toBe("Stop");
  });

  it("switches the stimulation of every channel off before it runs, a person's above all, and on stop", async () => {
    for (const about of [{}, { preparation: "person" } as const]) {
      await driver?.close();
      await pause(20);
      for (const name of ["a-001", "a-003"]) rhx.parameters.set(`${name}.stimenabled`, "true");
      rhx.log.length = 0;
      await make({ file: about });
      expect(rhx.armedWhileRunning).toEqual([]);
      const off = rhx.log.findLastIndex((command) => command.endsWith("StimEnabled false"));
      const upload = rhx.log.indexOf("execute UploadStimParameters");
      expect(off).toBeLessThan(upload);
      expect(upload).toBeLessThan(rhx.log.indexOf("set RunMode Run"));
    }
    await make();
    expect(rhx.armed.length).toBe(3);
    await stopIntan("127.0.0.1", rhx.ports[0]);
    expect(rhx.armed).toEqual([]);
  });

  it("disarms as well as it can when the link breaks", async () => {
    await make();
    await driver!.read(1000);
    rhx.disturb(Buffer.alloc(600, 7));
    await expect(driver!.read(1e9)).rejects.toThrow(/what are no waveforms/);
    for (let i = 0; i < 200 && rhx.armed.length > 0; i++) await pause(5);
    expect(rhx.armed).toEqual([]);
    expect(rhx.parameters.get("runmode")).toBe("Stop");
  });

  it("finds here the spikes that RHX finds", async () => {
    const expected = (RATE * CHANNELS) / 640;
    await make();
    await driver!.read(RATE);
    const told = await driver!.read(2 * RATE);
    expect(Math.abs(told.frames.length - expected)).toBeLessThanOrEqual(CHANNELS);
    const here = await make({ spikes: "here" });
    await here.read(RATE);
    const found = await here.read(2 * RATE);
    expect(Math.abs(found.frames.length - expected)).toBeLessThan(0.05 * expected + CHANNELS);
  });

  it("is lost when the stream is not what it should be, and can be stopped from outside", async () => {
    await make();
    await driver!.read(1000);
    rhx.disturb(Buffer.alloc(600, 7));
    await expect(driver!.read(1e9)).rejects.toThrow(/what are no waveforms: expected a block/);
    await make();
    expect(await stopIntan("127.0.0.1", rhx.ports[0])).toBe("Run");
    await expect(driver!.read(1e9)).rejects.toThrow(/no waveforms for .* has it been stopped/);
  });

  it("does not disturb a recording, and stimulates neither a person nor with a controller that cannot", async () => {
    await driver?.close();
    await pause(50);
    rhx.parameters.set("runmode", "Record");
    const [port, waveformPort, spikePort] = rhx.ports as [number, number, number];
    const options = { port, waveformPort, spikePort };
    await expect(openIntan(options)).rejects.toThrow(/is recording/);
    rhx.parameters.set("runmode", "Stop");
    const person: DeviceFile = { ...file, preparation: "person" };
    await expect(openIntan({ ...options, file: person })).rejects.toThrow(/read-only/);
    await pause(50);
    rhx.parameters.set("type", "ControllerRecordUSB3");
    await expect(openIntan({ ...options, file })).rejects.toThrow(/cannot stimulate/);
    expect(await make({ file: {} })).toBeInstanceOf(IntanReader);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { AddressOptions, parseAddress } from "./address.ts";
import { DRIVERS } from "./drivers.ts";
import { openDevice } from "./gate/open.ts";
import { openAddress, stopAddress } from "./open-address.ts";
import { probeDevice } from "./probe.ts";
import { serveCulture } from "./serving/server.ts";
import { smallMea } from "./simulated/testing.ts";
import { pulsesFor } from "./stimulation.ts";
import { freeTcpPort, freeUdpPort } from "./testing/ports.ts";
import { bindUdp, closeUdp } from "./udp/sockets.ts";

const scratch = mkdtempSync(join(tmpdir(), "wetgrad-address-"));
afterAll(() => rmSync(scratch, { recursive: true }));
const inScratch = (name: string, text: string) => {
  writeFileSync(join(scratch, name), text);
  return join(scratch, name);
};

describe("addresses", () => {
  it("are read", () => {
    const options = new AddressOptions(
      parseAddress("brainflow://239.0.0.1:99?channels=1-3,7&rate=250&board=x"),
    );
    expect(options.host(6677)).toEqual({ host: "239.0.0.1", port: 99 });
    expect(options.numbers("channels")).toEqual([1, 2, 3, 7]);
    expect(options.number("rate", { min: 1, max: 1000 })).toBe(250);
    expect(() => options.choice("board", ["cyton"])).toThrow(/board: expected one of cyton, got "x"/);
    expect(new AddressOptions(parseAddress("intan://")).host(5000)).toEqual({
      host: "127.0.0.1",
      port: 5000,
    });
    expect(parseAddress("replay:/a/b c.h5?speed=2")).toMatchObject({ scheme: "replay", rest: "/a/b c.h5" });
  });

  it.each([
    ["nonsense", /expected a device's address/],
    ["ftp://host", /unknown kind of device; expected one of simulated, replay/],
    ["intan://host:99999", /expected intan:\/\/host:port/],
    ["intan://host?sped=1", /unknown option "sped"; expected file, spikes/],
    ["replay:", /expected replay:FILE/],
    ["replay:x.csv?speed=fast", /speed: expected a number from 0.001/],
    ["brainflow://225.1.1.1?channels=9-1", /expected numbers such as 1-8,12/],
    ["simulated:?file=/nowhere.json", /ENOENT/],
  ])("that cannot be used are refused in one line: %s", async (address, reason) => {
    const error = await openAddress(address).then(
      () => undefined,
      (caught: Error) => caught,
    );
    expect(error?.message).toMatch(reason);
    expect(error?.message).not.toContain("\n");
  });

  it("each have an example that can be read", () => {
    for (const { example, scheme } of DRIVERS) expect(parseAddress(example).scheme).toBe(scheme);
  });
});

describe("openAddress", () => {
  const rows = Array.from({ length: 200 }, (_, i) => `${(0.01 * i).toFixed(3)},${i % 4}`);
  const list = inScratch("spikes.csv", `time,channel\n${rows.join("\n")}\n`);

  it("replays any recording, as the device file describes its array", async () => {
    const file = inScratch(
      "lab.json",
      JSON.stringify({ preparation: "person", areaUm2: 300, material: "pedot" }),
    );
    const driver = await openAddress(`replay:${list}?file=${file}`);
    expect(typeof driver.deliver).toBe("undefined");
    expect(driver.profile.preparation).toBe("person");
    expect(driver.profile.electrodes[3]).toMatchObject({ channel: 3, areaUm2: 300, material: "pedot" });
    const { frames, channels } = await driver.read(25_000);
    expect(frames.length).toBe(100);
    expect([...channels.slice(0, 5)]).toEqual([0, 1, 2, 3, 0]);
  });

  it("plays at the speed it is told to", async () => {
    const device = openDevice((await openAddress(`replay:${list}?speed=4`)) as never);
    const probe = await probeDevice(device, 0.8);
    expect(probe.wallSeconds).toBeGreaterThan(0.19);
    expect(probe.spikes).toBe(80);
    expect(probe.activeChannels).toBe(4);
  });

  it("grows a culture, whose probe tells what a read of it tells", async () => {
    const make = async () =>
      openDevice((await openAddress("simulated:?neurons=200&seed=4&preset=quiet")) as never);
    const probe = await probeDevice(await make(), 1);
    const device = await make();
    await device.read(250);
    expect(probe.spikes).toBe((await device.read(250 + 25_000)).frames.length);
    expect(probe).toMatchObject({ seconds: 1, spikesPerSecond: probe.spikes });
  });

  it("refuses a broken device file, and knows that a person is not stimulated", async () => {
    const broken = inScratch("broken.json", "{");
    await expect(openAddress(`simulated:?file=${broken}`)).rejects.toThrow(/expected a device file in JSON/);
    const wrong = inScratch("wrong.json", JSON.stringify({ areaUm2: -1 }));
    await expect(openAddress(`simulated:?file=${wrong}`)).rejects.toThrow(/areaUm2/);
    const person = inScratch("person.json", JSON.stringify({ preparation: "person" }));
    await expect(openAddress(`cl1://127.0.0.1:1?file=${person}`)).rejects.toThrow(/this device stimulates/);
    const far = inScratch("far.json", JSON.stringify({ reservedChannels: [9] }));
    await expect(openAddress(`replay:${list}?file=${far}`)).rejects.toThrow(/has no channel 9/);
    await expect(openAddress(`cl1://127.0.0.1:${await freeTcpPort()}`)).rejects.toThrow(/cannot be reached/);
  });
});

describe("stopAddress", () => {
  it("stops the pulses of a served culture's client, for good, without being its client", async () => {
    const server = await serveCulture({ driver: smallMea() });
    const address = `cl1://127.0.0.1:${server.port}`;
    const file = { areaUm2: 707, material: "titanium-nitride", preparation: "simulated" } as const;
    const device = openDevice((await openAddress(address, { file })) as never) as ReturnType<
      typeof openDevice
    > & {
      stimulate(pulses: ReturnType<typeof pulsesFor>): Promise<void>;
    };
    await device.stimulate(pulsesFor([9], 1, 1000, device.profile));
    expect(await stopAddress(address)).toEqual({
      stopped: true,
      what: "stopped its client: stimulation was stopped",
    });
    await expect(device.stimulate(pulsesFor([10], 1, 1000, device.profile))).rejects.toThrow(/stopped/);
    await device.read(2000); // it can still be read
    await device.close();
    expect((await server.close()).pulses).toBe(0);
  });

  it("interrupts a UDP interface, and says where there is nothing to stop", async () => {
    const port = await freeUdpPort();
    const heard: Buffer[] = [];
    const socket = await bindUdp(port + 3, "127.0.0.1", (bytes) => heard.push(bytes));
    expect((await stopAddress(`udp://127.0.0.1:${port}`)).stopped).toBe(true);
    for (let i = 0; i < 100 && heard.length < 3; i++) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(heard.length).toBe(3);
    expect([heard[0].length, heard[0][8], heard[0][9]]).toEqual([120, 0, 59]);
    await closeUdp(socket);
    expect(await stopAddress("brainflow:")).toEqual({
      stopped: false,
      what: "nothing to stop: BrainFlow's boards only read",
    });
    await expect(stopAddress(`intan://127.0.0.1:${await freeTcpPort()}`)).rejects.toThrow(
      /cannot be reached/,
    );
    await expect(stopAddress(`cl1://127.0.0.1:${await freeTcpPort()}`)).rejects.toThrow(/cannot be reached/);
  });
});

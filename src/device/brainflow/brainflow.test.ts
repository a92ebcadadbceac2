import { createSocket } from "node:dgram";
import { once } from "node:events";
import { afterAll, describe, expect, it } from "vitest";
import { conformanceChecks } from "../conformance.ts";
import { openDevice } from "../gate/open.ts";
import { SampleClock } from "../live/sample-clock.ts";
import type { SampleBlock } from "../live/spike-finder.ts";
import { surviveMutations } from "../testing/mutations.ts";
import { freeUdpPort } from "../testing/ports.ts";
import { BOARDS, checkLayout } from "./boards.ts";
import { BrainflowDriver } from "./driver.ts";
import { decodeRows, encodeRows } from "./packets.ts";
import { board, FakeBoard } from "./testing/fake-board.ts";

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("rows", () => {
  const layout = { rows: 4, samplesPerSecond: 250, channels: [1, 2], timeRow: 3 };

  it("are little-endian f64, whole, and of this board", () => {
    const packet = Buffer.alloc(64);
    [7, -1.5, 2.25, 1.764e9, 8, 1e-3, Number.NaN, 1.764e9 + 0.004].forEach((value, i) => {
      packet.writeDoubleLE(value, 8 * i);
    });
    expect(decodeRows(packet, layout)).toEqual([
      { timeS: 1.764e9, values: [-1.5, 2.25] },
      { timeS: 1.764e9 + 0.004, values: [1e-3, Number.NaN] },
    ]);
    expect(() => decodeRows(packet.subarray(0, 40), layout)).toThrow(/32 bytes each\), got 40 bytes/);
    expect(() => decodeRows(new Uint8Array(32), layout)).toThrow(/seconds since 1970 in row 3, got 0/);
  });

  it("in 10,000 mutations are read or refused clearly", () => {
    const sound = encodeRows([0, 1, 2].map((i) => [i, 5, 6, 1.764e9 + i / 250]));
    expect(surviveMutations([sound], (bytes) => decodeRows(bytes, layout))).toBeGreaterThan(1000);
  });

  it("have a board that makes sense", () => {
    for (const known of Object.values(BOARDS)) checkLayout(known);
    expect(() => checkLayout({ ...layout, timeRow: 4 })).toThrow(/within 4 rows/);
    expect(() => checkLayout({ ...layout, channels: [1, 1] })).toThrow(/channels 1,1/);
  });
});

describe("SampleClock", () => {
  it("counts through jitter, follows drift, skips what was lost, and refuses to go back", () => {
    const clock = new SampleClock(100);
    for (let i = 0; i < 20_000; i++)
      expect(clock.frameAt(5 + (i * 1.0001) / 100 + 0.02 * Math.sin(i))).toBe(i);
    expect(clock.frameAt(5 + 200.02 + 10)).toBeGreaterThan(20_900);
    expect(() => clock.frameAt(5)).toThrow(/before its time/);
    expect(() => clock.frameAt(Number.NaN)).toThrow(/got NaN/);
  });
});

describe("BrainflowDriver", async () => {
  const port = await freeUdpPort();
  const group = "127.0.0.1";
  const fake = await FakeBoard.start(port, group);
  let driver: BrainflowDriver | undefined;
  const make = async (onSamples?: (block: SampleBlock) => void) => {
    await driver?.close();
    fake.begin();
    driver = await BrainflowDriver.open({
      board,
      group,
      port,
      silenceMs: 1000,
      ...(onSamples && { onSamples }),
    });
    return driver;
  };
  afterAll(async () => {
    await driver?.close();
    await fake.stop();
  });
  for (const { name, run } of conformanceChecks(() => make(), {
    repeatable: false,
    stimulates: false,
    frames: 1000,
    link: fake,
  }))
    it(name, run);

  it("is on a person unless told otherwise, finds deflections on their channels, and hands on every sample", async () => {
    const seen = new Map<number, number>();
    const device = openDevice(
      await make(({ channel, samples }) => seen.set(channel, (seen.get(channel) ?? 0) + samples.length)),
    );
    expect(device.profile.preparation).toBe("person");
    const { frames } = await device.read(2000);
    // 16 channels, a deflection every 125 frames, none in the first 250 frames; noise may add or hide a few.
    expect(Math.abs(frames.length - 16 * 14)).toBeLessThan(20);
    expect([...seen.keys()]).toEqual([...board.channels]);
    expect(Math.min(...seen.values())).toBeGreaterThanOrEqual(2000);
  });

  it("goes over lost rows, drops what is no row, and says what it got from another board", async () => {
    await make();
    await driver!.read(300);
    const before = driver!.droppedPackets;
    fake.skip(1000);
    fake.send(Buffer.from("nonsense"));
    await driver!.read(2000);
    await pause(50);
    expect(driver!.droppedPackets).toBe(before + 1);
    await driver!.close();
    const wrong = BrainflowDriver.open({ board: BOARDS["ganglion"], group, port, connectMs: 500 });
    await expect(wrong).rejects.toThrow(/sends no rows \(\d+ packets dropped, the last: .* another board\?/);
  });

  it("joins a multicast group, where the machine has one", async (context) => {
    const probe = createSocket("udp4").bind(0);
    await once(probe, "listening");
    let routed = true;
    try {
      probe.addMembership("225.1.1.1", "127.0.0.1");
    } catch {
      routed = false;
    }
    await new Promise<void>((resolve) => probe.close(() => resolve()));
    if (!routed) return context.skip("no route for multicast here");
    const other = await freeUdpPort();
    const streamer = await FakeBoard.start(other, "225.1.1.1");
    try {
      const joined = await BrainflowDriver.open({ board, port: other, networkInterface: "127.0.0.1" });
      await joined.read(100);
      await joined.close();
    } catch (error) {
      if (/sends no rows/.test((error as Error).message))
        return context.skip("multicast does not loop back here");
      throw error;
    } finally {
      await streamer.stop();
    }
  });
});

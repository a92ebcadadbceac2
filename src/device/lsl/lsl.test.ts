import { connect } from "node:net";
import { afterAll, describe, expect, it } from "vitest";
import { conformanceChecks } from "../conformance.ts";
import { openDevice } from "../gate/open.ts";
import { PacketFault } from "../lost.ts";
import { surviveMutations } from "../testing/mutations.ts";
import { localClockS, measureCorrection, readTimeReply, readTimeRequest } from "./clock.ts";
import { LslDriver, type LslOptions } from "./driver.ts";
import { feedRequest, feedResponse, readFeedHead } from "./feed.ts";
import { LslInlet } from "./inlet.ts";
import { LslOutlet } from "./outlet.ts";
import { readAnswer, resolveStreams } from "./resolve.ts";
import { encodeSample, type Sample, SampleReader, testPattern } from "./samples.ts";
import { FORMATS, matchesQuery, readInfo, type StreamInfo, writeInfo } from "./stream-info.ts";
import { FakeStream } from "./testing/fake-stream.ts";

const unique = (name: string) => `${name}-${process.pid}-${Math.round(localClockS() * 1e6)}`;
const info: StreamInfo = {
  name: "Cap <1> & 2",
  type: "EEG",
  channels: 3,
  format: "float32",
  samplesPerSecond: 250,
  sourceId: "abc",
  uid: "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
  hostname: "lab",
  dataPort: 16_573,
  servicePort: 16_574,
  createdAtS: 123.5,
};
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

describe("stream info", () => {
  it("is written and read back, and matches the queries that clients ask", () => {
    expect(readInfo(writeInfo(info))).toEqual(info);
    expect(writeInfo(info)).toContain("<name>Cap &lt;1&gt; &amp; 2</name>");
    const plain = { ...info, name: "Cap" };
    for (const query of [
      "",
      "name='Cap'",
      "session_id='default' and type='EEG'",
      'name="Cap" and type="EEG"',
    ])
      expect(matchesQuery(plain, query)).toBe(true);
    for (const query of ["name='Other'", "name='Cap' and type='Gaze'", "starts-with(name,'C')", "nonsense"])
      expect(matchesQuery(plain, query)).toBe(false);
    expect(() => readInfo("<info><name>x</name></info>")).toThrow(PacketFault);
    expect(() => readInfo(writeInfo(info).replace("float32", "float16"))).toThrow(/unknown channel_format/);
  });
});

describe("samples", () => {
  it("are the bytes of the protocol: tag, time, values", () => {
    expect(hex(encodeSample({ values: [1, -2] }, "int16"))).toBe("010100feff");
    expect(hex(encodeSample({ timeS: 1.5, values: [0.5] }, "float32"))).toBe(
      `02000000000000f83f${"0000003f"}`,
    );
    expect(hex(encodeSample({ values: ["ab"] }, "string"))).toBe("0101026162");
    // The pattern's time is 123456.789; its values count up from a number of the format's, with alternating signs.
    expect(hex(encodeSample(testPattern({ channels: 3, format: "float32" }, 4), "float32"))).toBe(
      "02c976be9f0c24fe40000080400000a0c00000c040",
    );
    expect(testPattern({ channels: 3, format: "int16" }, 2).values).toEqual([259, -260, 261]);
    expect(testPattern({ channels: 2, format: "int8" }, 4).values).toEqual([5, -6]);
    expect(testPattern({ channels: 2, format: "int64" }, 2).values).toEqual([2_147_483_651, -2_147_483_652]);
    expect(testPattern({ channels: 2, format: "string" }, 2).values).toEqual(["10", "-11"]);
  });

  it("of every format are read back, however the network cuts them", () => {
    for (const format of FORMATS) {
      const values = format === "string" ? ["a", "é".repeat(200), ""] : [1, -2, 100];
      const sent: Sample[] = [{ values }, { timeS: 12.25, values }, { values }];
      const bytes = Buffer.concat(sent.map((sample) => encodeSample(sample, format)));
      for (const cut of [1, 5, 1000]) {
        const reader = new SampleReader({ channels: 3, format });
        const read: Sample[] = [];
        for (let at = 0; at < bytes.length; at += cut)
          read.push(...reader.feed(bytes.subarray(at, at + cut)));
        expect(read).toEqual(sent);
      }
    }
  });

  it("and everything else in 10,000 mutations are read or refused clearly", () => {
    const numbers = encodeSample({ timeS: 5, values: [1, 2, 3] }, "float32");
    const texts = encodeSample({ timeS: 5, values: ["one", "two", "three"] }, "string");
    const all = [
      surviveMutations([numbers, Buffer.concat([numbers, numbers])], (bytes) => {
        for (const _ of new SampleReader({ channels: 3, format: "float32" }).feed(bytes));
      }),
      surviveMutations([texts], (bytes) => {
        for (const _ of new SampleReader({ channels: 3, format: "string" }).feed(bytes));
      }),
      surviveMutations([Buffer.from(`42\r\n${writeInfo(info)}`)], (bytes) =>
        readAnswer(Buffer.from(bytes).toString()),
      ),
      surviveMutations([Buffer.from(feedResponse(info.uid))], (bytes) =>
        readFeedHead(Buffer.from(bytes), info.uid),
      ),
      surviveMutations([Buffer.from(" 7 1.5 2.5 3.5")], (bytes) =>
        readTimeReply(Buffer.from(bytes).toString("latin1")),
      ),
      surviveMutations([Buffer.from("7 1.5")], (bytes) =>
        readTimeRequest(Buffer.from(bytes).toString("latin1")),
      ),
    ];
    expect(Math.min(...all)).toBeGreaterThan(300);
  });
});

describe("outlet and inlet", () => {
  it("find each other, tell the time, and carry samples with their times", async () => {
    const name = unique("pair");
    const outlet = await LslOutlet.open({
      name,
      type: "Test",
      channels: 2,
      format: "double64",
      samplesPerSecond: 100,
      host: "127.0.0.1",
    });
    const [found] = await resolveStreams(`name='${name}'`, { first: true, waitMs: 5000, reach: "machine" });
    expect(found!.info).toEqual(outlet.info);
    const correction = await measureCorrection("127.0.0.1", outlet.info.servicePort);
    expect(Math.abs(correction!.offsetS)).toBeLessThanOrEqual(correction!.roundTripS / 2 + 1e-3);

    const samples: Required<Sample>[] = [];
    let lost = "";
    await LslInlet.open(found!, {
      onSamples: (read) => samples.push(...read),
      onLost: (reason) => {
        lost = reason.message;
      },
    });
    for (let i = 0; i < 5; i++) outlet.push([i, -i], 10 + i);
    for (let i = 0; i < 500 && samples.length < 5; i++)
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect(samples).toEqual([0, 1, 2, 3, 4].map((i) => ({ timeS: 10 + i, values: [i, -i] })));
    expect(outlet.consumers).toBe(1);
    await outlet.close();
    for (let i = 0; i < 500 && lost === ""; i++) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(lost).toMatch(/^the stream pair-.* closed the feed$/);
  });

  it("refuse one another where they must", async () => {
    const outlet = await LslOutlet.open({
      name: unique("refusing"),
      type: "Test",
      channels: 1,
      format: "int8",
      samplesPerSecond: 1,
      host: "127.0.0.1",
    });
    const ask = (request: string) =>
      new Promise<string>((resolve) => {
        let text = "";
        const socket = connect(outlet.info.dataPort, "127.0.0.1", () => socket.write(request));
        socket.on("data", (bytes) => (text += bytes.toString("latin1"))).on("close", () => resolve(text));
      });
    expect(await ask(feedRequest({ ...outlet.info, uid: "other" }, 10))).toMatch(/^LSL\/110 404/);
    expect(await ask("LSL:streamfeed/300 x\r\n\r\n")).toMatch(/^LSL\/110 505/);
    expect(readInfo(await ask("LSL:fullinfo\r\n"))).toEqual(outlet.info);
    expect(await ask("GET / HTTP/1.1\r\n\r\n")).toBe("");
    expect(() => outlet.push([1, 2])).toThrow("expected 1 values, got 2");
    await outlet.close();
    expect(() => readFeedHead(Buffer.from("LSL/110 404 Not found"), "x")).toThrow(/refuses the feed/);
    expect(() => readFeedHead(Buffer.from(feedResponse("y")), "x")).toThrow(/another stream/);
    const old = feedResponse("x").replace("Version: 110", "Version: 100");
    expect(() => readFeedHead(Buffer.from(old), "x")).toThrow(/speaks protocol 1 of samples/);
  });
});

describe("LslDriver", () => {
  const name = unique("driver");
  const fake = new FakeStream({
    name,
    type: "EEG",
    channels: 4,
    format: "float32",
    samplesPerSecond: 250,
    host: "127.0.0.1",
  });
  let driver: LslDriver | undefined;
  const make = async (options: LslOptions = {}) => {
    await driver?.close();
    await fake.begin();
    driver = await LslDriver.open({ name, silenceMs: 1500, waitMs: 10_000, reach: "machine", ...options });
    return driver;
  };
  afterAll(async () => {
    await driver?.close();
    await fake.cut();
  });
  for (const { name: check, run } of conformanceChecks(() => make(), {
    repeatable: false,
    stimulates: false,
    frames: 1500,
    link: fake,
  }))
    it(check, run);

  it("is on a person, knows how far the clocks are apart, and finds deflections on their channels", async () => {
    const opened = await make();
    const device = openDevice(opened);
    expect(device.profile).toMatchObject({
      preparation: "person",
      framesPerSecond: 250,
      name: `LSL ${name}`,
    });
    expect(opened.correction!.roundTripS).toBeLessThan(1);
    await device.read(500);
    const { frames } = await device.read(2000);
    expect(Math.abs(frames.length - (4 * 1500) / 125)).toBeLessThan(8);
  });

  it("says which stream it does not find, and which it cannot read", async () => {
    await expect(LslDriver.open({ name: unique("nobody"), waitMs: 300, reach: "machine" })).rejects.toThrow(
      /no stream with name='nobody-.*' answers within 0.3 s/,
    );
    const markers = await LslOutlet.open({
      name: unique("markers"),
      type: "Markers",
      channels: 1,
      format: "string",
      samplesPerSecond: 0,
      host: "127.0.0.1",
    });
    const open = LslDriver.open({ name: markers.info.name, waitMs: 10_000, reach: "machine" });
    await expect(open).rejects.toThrow(/expected a stream of numbers at a steady rate, got markers-/);
    await markers.close();
  });
});

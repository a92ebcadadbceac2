import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { allSpikes, RecordingError } from "../contract.ts";
import { NwbReader } from "../nwb/reader.ts";
import { buildNwb } from "../nwb/run.ts";
import { openRecording } from "../open.ts";
import { exampleSegments, SESSION } from "../spool/example.ts";
import { convertToCl1 } from "./convert.ts";
import { convertRunToCl1 } from "./convert-run.ts";
import { cl1Place } from "./layout.ts";
import { type PlainDict, pickleDict, unpickle } from "./pickle.ts";
import { Cl1Reader } from "./reader.ts";
import { Cl1Writer } from "./writer.ts";

const folder = mkdtempSync(join(tmpdir(), "wetgrad-cl1-"));
afterAll(() => rmSync(folder, { recursive: true }));

const python = "/usr/bin/python3";
const has = (statement: string) => {
  try {
    execFileSync(python, ["-c", statement], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};
const python3 = existsSync(python);
const h5py = python3 && has("import h5py");

const application: PlainDict = {
  name: "Größe\n\\ 𝛼",
  count: 3,
  large: 2 ** 40,
  share: 0.1,
  on: true,
  off: false,
};

/** 1300 spikes (three chunks), 5 pulses, a second of samples, a data stream. */
async function example(name: string): Promise<string> {
  const path = join(folder, name);
  const writer = await Cl1Writer.create(path, { application, createdUtc: "2026-06-11T10:00:00.000Z" });
  for (let i = 0; i < 1300; i++)
    writer.spike(
      i * 19,
      i % 64,
      Array.from({ length: 75 }, (_, k) => i + k),
    );
  for (let i = 0; i < 5; i++) writer.stim(i * 5000, 8 + i);
  for (let block = 0; block < 10; block++)
    writer.rawSamples(
      Int16Array.from({ length: 2500 * 64 }, (_, i) => ((block * 2500 * 64 + i) % 65_536) - 32_768),
    );
  const stream = writer.dataStream("score", { unit: "points" });
  for (let i = 0; i < 3000; i++) stream.append(i * 8, { hits: i, text: "x".repeat(i % 40) });
  writer.close(25_000);
  return path;
}

describe("a CL1 recording", () => {
  test("is read back whole", async () => {
    const reader = await Cl1Reader.open(await example("whole.h5"));
    expect(reader).toMatchObject({ framesPerSecond: 25_000, channelCount: 64, durationFrames: 25_000 });
    expect(reader.attributes).toMatchObject({
      application,
      uV_per_sample_unit: 0.195,
      end_timestamp: 25_000,
      duration_seconds: 1,
      created_utc: "2026-06-11T10:00:00.000Z",
      ended_utc: "2026-06-11T10:00:01.000Z",
      file_format: { version: "SDK", stim_and_spike_timestamps_relative_to_start: true },
    });
    let spike = 0;
    for (const { frames, channels, samples } of reader.spikes())
      frames.forEach((frame, i) => {
        expect([frame, channels[i], samples[75 * i], samples[75 * i + 74]]).toEqual([
          spike * 19,
          spike % 64,
          spike,
          spike + 74,
        ]);
        spike++;
      });
    expect(spike).toBe(1300);
    const stims = [...reader.stims()].flatMap(({ frames, channels }) =>
      [...frames].map((f, i) => [f, channels[i]]),
    );
    expect(stims).toEqual([0, 1, 2, 3, 4].map((i) => [i * 5000, 8 + i]));
    expect(reader.sampleFrames).toBe(25_000);
    expect(reader.samples(12_345, 2)).toEqual(
      Int16Array.from({ length: 128 }, (_, i) => ((12_345 * 64 + i) % 65_536) - 32_768),
    );
    expect(() => reader.samples(24_999, 2)).toThrow(/within the 25000 frames kept, got 24999..25001/);
    expect(reader.streamNames).toEqual(["score"]);
    const { attributes, entries } = reader.dataStream("score");
    expect(attributes).toEqual({ name: "score", application: { unit: "points" } });
    expect([...entries()]).toEqual(
      Array.from({ length: 3000 }, (_, i) => ({
        frame: i * 8,
        value: { hits: i, text: "x".repeat(i % 40) },
      })),
    );
    reader.close();
  });

  test("is read as any recording too", async () => {
    const recording = await openRecording(await example("plain.h5"));
    expect(recording).toMatchObject({ source: "cl1-hdf5", durationSeconds: 1 });
    expect(recording.channels.length).toBe(64);
    expect(Array.from(allSpikes(recording, 3))).toEqual(
      Array.from({ length: 21 }, (_, i) => ((i * 64 + 3) * 19) / 25_000).filter((time) => time < 1),
    );
    recording.close();
  });

  test("equal writes give equal bytes; the name appears only at the end", async () => {
    const [a, b] = [await example("a.h5"), await example("b.h5")];
    expect(readFileSync(a).equals(readFileSync(b))).toBe(true);
    const path = join(folder, "never.h5");
    const writer = await Cl1Writer.create(path);
    writer.spike(10, 3);
    expect(existsSync(path)).toBe(false);
    expect(() => writer.spike(9, 3)).toThrow(/at or after frame 10, got 9/);
    expect(() => writer.spike(11, 64)).toThrow(/channel from 0 to 63, got 64/);
    expect(() => writer.dataStream("a/b")).toThrow(RecordingError);
    expect(() => writer.close(5)).toThrow(/at least 10 frames, got 5/);
    writer.abandon();
    expect(existsSync(`${path}.part`)).toBe(false);
  });

  test("damage is one clear line", async () => {
    const bytes = readFileSync(await example("sound.h5"));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(bytes.length - 1), { minLength: 1, maxLength: 40 }),
        async (places) => {
          const damaged = Buffer.from(bytes);
          for (const place of places) damaged[place] = damaged[place] ^ 0x5a;
          const path = join(folder, "damaged.h5");
          writeFileSync(path, damaged);
          try {
            const reader = await Cl1Reader.open(path);
            try {
              for (const _ of reader.spikes());
              for (const _ of reader.stims());
              for (const name of reader.streamNames) for (const _ of reader.dataStream(name).entries());
            } finally {
              reader.close();
            }
          } catch (error) {
            expect(error).toBeInstanceOf(RecordingError);
            expect((error as Error).message).not.toContain("\n");
          }
        },
      ),
      { seed: 1, numRuns: 15 },
    );
  });

  test.runIf(h5py)(`h5py reads every part${h5py ? "" : " (skipped: no python3-h5py)"}`, async () => {
    const path = await example("h5py.h5");
    const script = `
import h5py, json, pickle, io, sys
class Plain(pickle.Unpickler):
    def find_class(self, module, name):
        raise pickle.UnpicklingError("not plain data")
load = lambda value: Plain(io.BytesIO(bytes(value))).load()
f = h5py.File(sys.argv[1], "r")
s, t, d = f["spikes"], f["stims"], f["data_stream/score"]
print(json.dumps({
  "spikes": [str(s.dtype), s.shape[0], int(s["timestamp"][1299]), int(s["channel"][1299]), float(s["samples"][1299].sum())],
  "stims": [str(t.dtype), t["timestamp"].tolist(), t["channel"].tolist()],
  "samples": [str(f["samples"].dtype), f["samples"].shape, f["samples"].chunks, int(f["samples"][100, 5])],
  "index": [str(d["index"].dtype), int(d["index"]["end_index"][-1])],
  "data": [str(d["data"].dtype), d["data"].shape[0], d["data"].chunks],
  "application": load(f.attrs["application"]),
  "file_format": load(f.attrs["file_format"]),
  "fps": [str(f.attrs["frames_per_second"].dtype), int(f.attrs["frames_per_second"])],
  "uV": [str(f.attrs["uV_per_sample_unit"].dtype), float(f.attrs["uV_per_sample_unit"])],
}))
`;
    const seen = JSON.parse(execFileSync(python, ["-c", script, path], { encoding: "utf8" }));
    expect(seen).toEqual({
      spikes: [
        "[('timestamp', '<i8'), ('channel', 'u1'), ('samples', '<f4', (75,))]",
        1300,
        1299 * 19,
        1299 % 64,
        75 * 1299 + (74 * 75) / 2,
      ],
      stims: [
        "[('timestamp', '<i8'), ('channel', 'u1')]",
        [0, 5000, 10_000, 15_000, 20_000],
        [8, 9, 10, 11, 12],
      ],
      samples: ["int16", [25_000, 64], [256, 64], ((100 * 64 + 5) % 65_536) - 32_768],
      index: ["[('timestamp', '<i8'), ('start_index', '<u8'), ('end_index', '<u8')]", seen.data[1]],
      data: ["uint8", expect.any(Number), [32_768]],
      application,
      file_format: { version: "SDK", stim_and_spike_timestamps_relative_to_start: true },
      fps: ["int64", 25_000],
      uV: ["float64", 0.195],
    });
  });
});

describe("pickle", () => {
  const plain = fc.dictionary(
    fc.string({ unit: "binary" }),
    fc.oneof(
      fc.string({ unit: "binary" }),
      fc.maxSafeInteger(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => (Object.is(x, -0) ? 0 : x)),
      fc.boolean(),
      fc.constant(null),
      fc.array(fc.integer(), { maxLength: 3 }),
    ),
    { noNullPrototype: true },
  );

  test("is read back", () => {
    fc.assert(
      fc.property(plain, (dict) => {
        expect(unpickle(pickleDict(dict as PlainDict))).toEqual(dict);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test.runIf(python3)(`Python reads it, and is read${python3 ? "" : " (skipped: no python3)"}`, () => {
    const dicts = fc.sample(plain, { seed: 2, numRuns: 100 }) as PlainDict[];
    const script = `
import sys, json, pickle
for line in sys.stdin:
    value = pickle.loads(json.loads(line).encode("ascii"))
    print(json.dumps([value, pickle.dumps(value, protocol=0).decode("latin1")]))
`;
    const input = dicts.map((dict) => JSON.stringify(pickleDict(dict))).join("\n");
    const lines = execFileSync(python, ["-c", script], { input, encoding: "utf8" }).trim().split("\n");
    lines.forEach((line, i) => {
      const [value, again] = JSON.parse(line);
      expect(value).toEqual(dicts[i]);
      expect(unpickle(again)).toEqual(dicts[i]);
    });
    expect(lines.length).toBe(100);
  });

  test.each([
    ["a call", "cos\nsystem\n(S'true'\ntR."],
    ["an object", "(i__main__\nX\n."],
    ["an end", "(dp0\nVa"],
    ["nothing", ""],
    ["no value", "."],
    ["a lone set", "Va\nVb\ns."],
  ])("%s is refused", (_, pickled) => expect(() => unpickle(pickled)).toThrow(RecordingError));

  test("a name like __proto__ is data", () => {
    const read = unpickle("(dV__proto__\nI5\ns.") as Record<string, unknown>;
    expect(Object.keys(read)).toEqual(["__proto__"]);
    expect(({} as Record<string, unknown>)["5"]).toBeUndefined();
  });
});

describe("conversion", () => {
  test("keeps every spike, to the frame, on its channel", async () => {
    const list = join(folder, "list.csv");
    const rows = Array.from({ length: 500 }, (_, i) => [((i * 37) % 997) / 100, (i * 7) % 12] as const);
    writeFileSync(list, `time,channel\n${rows.map(([t, c]) => `${t},ch_${c + 20}`).join("\n")}\n`);
    const recording = await openRecording(list);
    const result = await convertToCl1(recording, join(folder, "converted.h5"));
    recording.close();
    expect(result.spikes).toBe(500);
    const reader = await Cl1Reader.open(join(folder, "converted.h5"));
    const seen = [...reader.spikes()].flatMap(({ frames, channels }) =>
      [...frames].map((f, i) => `${f} ${channels[i]}`),
    );
    const expected = rows
      .map(([t, c]) => [Math.round(t * 25_000), c + 20] as const)
      .sort((a, b) => a[0] - b[0] || a[1] - b[1])
      .map(([f, c]) => `${f} ${c}`);
    expect(seen).toEqual(expected);
    reader.close();
  });
});

describe("a culture of a run", () => {
  test("is written with its pulses and series", async () => {
    const segments = exampleSegments(300);
    const nwb = join(folder, "run.nwb");
    await buildNwb(nwb, SESSION, segments);
    const run = await NwbReader.open(nwb);
    const path = join(folder, "sham.h5");
    const result = await convertRunToCl1(run, path, { arm: "sham" });
    expect(result).toEqual({
      seed: 7,
      code: "assigned",
      arm: "sham",
      spikes: 1800,
      stims: 150,
      durationSeconds: 240,
    });
    await expect(convertRunToCl1(run, path, { arm: "none" })).rejects.toThrow(
      /no culture .*seed 7 assigned descent/,
    );
    run.close();

    const own = segments.filter(({ arm }) => arm === "sham");
    const reader = await Cl1Reader.open(path);
    const spikes = [...reader.spikes()].flatMap(({ frames, channels }) =>
      [...frames].map((f, i) => `${f} ${channels[i]}`),
    );
    const expected = own.flatMap(({ spikes: { frames, channels } }) =>
      [...frames].map((f, i) => `${f} ${channels[i]}`),
    );
    expect(spikes.sort()).toEqual(expected.sort());
    const pulses = own.flatMap((segment) => segment.pulses);
    expect([...reader.dataStream("wetgrad_pulses").entries()]).toEqual(
      pulses.map(({ frame, channel, phases }) => ({
        frame,
        value: [{ channel, phases: phases.map((p) => [expect.closeTo(p.currentUa, 5), p.durationUs]) }],
      })),
    );
    const datum = [...reader.dataStream("datum").entries()];
    expect(datum.map(({ frame }) => frame)).toEqual(
      own.flatMap(({ series }) => [...Array.from(series[0].frames)]),
    );
    expect(datum.map(({ value }) => value)).toEqual(
      own.flatMap(({ series }) => [...Array.from(series[0].values)]),
    );
    reader.close();
  });
});

test("channels are numbered down the columns", () => {
  expect([0, 7, 8, 63].map(cl1Place)).toEqual([
    { column: 0, row: 0 },
    { column: 0, row: 7 },
    { column: 1, row: 0 },
    { column: 7, row: 7 },
  ]);
});

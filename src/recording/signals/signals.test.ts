import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { RecordingError } from "../contract.ts";
import { describe as describeFile } from "../describe.ts";
import { openSignals } from "./open.ts";
import { readingTimes, type WordReading } from "./reading-times.ts";
import { EYELINK, makeEdf, makeEeglab, makeEeglab73, makeMat } from "./testing.ts";

const shared = fileURLToPath(new URL("../../../../shared/recordings/", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "wetgrad-signals-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe("EDF and BDF", () => {
  const ramp = (from: number) => [from, from + 1, from + 2, from + 3];

  test("samples come in physical units, across records, channels of two rates", async () => {
    const path = file(
      "two.edf",
      makeEdf([
        { label: "Fp1", physical: [-100, 100], digital: [-1000, 1000], records: [ramp(0), ramp(10)] },
        {
          label: "Resp",
          unit: "",
          records: [
            [5, 6],
            [7, 8],
          ],
        },
      ]),
    );
    const recording = await openSignals(path);
    expect(recording).toMatchObject({
      source: "edf",
      preparation: "person",
      durationSeconds: 2,
      name: "two",
    });
    expect(recording.meta).toEqual({
      startTime: "1999-12-31T23:59:01",
      subject: "P1",
      description: "a test",
    });
    expect(recording.channels).toEqual([
      { label: "Fp1", unit: "uV", rateHz: 4, samples: 8 },
      { label: "Resp", unit: "", rateHz: 2, samples: 4 },
    ]);
    // physical = (digital - digitalMinimum) * 200 / 2000 - 100 = digital / 10
    const window = recording.read(2, 4, [0]);
    for (const [i, value] of [0.2, 0.3, 1, 1.1].entries()) expect(window[i]).toBeCloseTo(value, 10);
    expect(Array.from(recording.read(0, 4, [1]), Math.round)).toEqual([5, 6, 7, 8]);
    expect(() => recording.read(0, 1)).toThrow(/channels of one rate in one window, got 4 and 2 Hz/);
    expect(() => recording.read(7, 2, [0])).toThrow(/inside its 8 samples, got 2 from 7/);
    recording.close();
  });

  test("annotations of EDF+, and the gap of EDF+D", async () => {
    const path = file(
      "gap.edf",
      makeEdf(
        [
          { label: "C3", records: [ramp(0), ramp(10)] },
          {
            label: "EDF Annotations",
            length: 40,
            records: ["+0\x14\x14\0+0.5\x151.25\x14Schlaf \u00fc\x14\0", "+3\x14\x14\0+3.25\x14a\x14b\x14\0"],
          },
        ],
        { reserved: "EDF+D" },
      ),
    );
    const recording = await openSignals(path);
    expect(recording.durationSeconds).toBe(4);
    expect([...recording.events()]).toEqual([
      { seconds: 0.5, durationSeconds: 1.25, kind: "annotation", label: "Schlaf \u00fc" },
      { seconds: 3.25, durationSeconds: 0, kind: "annotation", label: "a" },
      { seconds: 3.25, durationSeconds: 0, kind: "annotation", label: "b" },
    ]);
    const gap = Array.from({ length: 8 }, () => Number.NaN);
    expect(Array.from(recording.read(0, 16), (v) => Math.round(v))).toEqual([
      ...ramp(0),
      ...gap,
      ...ramp(10),
    ]);
    expect(Array.from(recording.read(13, 2), Math.round)).toEqual([11, 12]);
    recording.close();
  });

  test("24 bits, triggers on the status channel, and a number of records not known when it was begun", async () => {
    const high = 0x100000;
    const signals = [
      { label: "A1", records: [[-8388608, 0, 1, 8388607]] },
      { label: "Status", unit: "Boolean", records: [[high, high | 7, high | 7, high | 9]] },
    ];
    const recording = await openSignals(file("made.bdf", makeEdf(signals, { bdf: true, statedRecords: -1 })));
    expect(recording.source).toBe("bdf");
    expect(Array.from(recording.read(0, 4, [0]))).toEqual([-8388608, 0, 1, 8388607]);
    expect([...recording.events()].map(({ seconds, kind, label }) => [seconds, kind, label])).toEqual([
      [0.25, "trigger", "7"],
      [0.75, "trigger", "9"],
    ]);
    recording.close();
  });

  test("a file cut short in its first record is one clear line", async () => {
    const bytes = makeEdf([{ label: "A", records: [[1, 2]] }]).subarray(0, 300);
    await expect(openSignals(file("cut.edf", bytes))).rejects.toThrow(/ends at byte 300/);
  });
});

describe("EEGLAB", () => {
  const data = Array.from({ length: 3 * 6 }, (_, i) => i / 4);

  test.each([
    ["in the file", undefined, false, true],
    ["compressed", undefined, true, true],
    ["big-endian", undefined, false, false],
    ["beside it", "moved/elsewhere/beside it.fdt", false, true],
  ])("samples %s", async (name, beside, compress, littleEndian) => {
    const path = file(`${name}.set`, makeEeglab(data, 3, { beside, compress, littleEndian }));
    if (beside) file(`${name}.fdt`, new Uint8Array(Float32Array.from(data).buffer));
    const before = readdirSync(tmpdir()).filter((entry) => entry.startsWith("wetgrad-mat-")).length;
    const recording = await openSignals(path);
    expect(recording).toMatchObject({
      source: "eeglab",
      durationSeconds: 0.06,
      meta: { description: "made" },
    });
    expect(recording.channels.map(({ label, rateHz, samples }) => [label, rateHz, samples])).toEqual([
      ["E1", 100, 6],
      ["E2", 100, 6],
      ["E3", 100, 6],
    ]);
    expect(Array.from(recording.read(1, 2, [2, 0]))).toEqual([5 / 4, 8 / 4, 3 / 4, 6 / 4]);
    expect([...recording.events()]).toEqual([
      { seconds: 0, durationSeconds: 0, kind: "marker", label: "go" },
      { seconds: 0.025, durationSeconds: 0.02, kind: "marker", label: "7" },
    ]);
    recording.close();
    expect(
      readdirSync(tmpdir()).filter((entry) => entry.startsWith("wetgrad-mat-")).length,
    ).toBeLessThanOrEqual(before);
  });

  test("MATLAB 7.3: the same recording out of HDF5", async () => {
    const older = await openSignals(file("older.set", makeEeglab(data, 3)));
    const path = file("newer.set", await makeEeglab73(file("newer.h5", ""), data, 3));
    const newer = await openSignals(path);
    expect(newer.channels).toEqual(older.channels);
    expect(newer.meta).toEqual(older.meta);
    expect([...newer.events()]).toEqual([...older.events()]);
    expect(newer.read(1, 2, [2, 0])).toEqual(older.read(1, 2, [2, 0]));
    expect(newer.read(0, 6)).toEqual(older.read(0, 6));
    newer.close();
    older.close();
    const damaged = file("damaged.set", readFileSync(path).subarray(0, 1500));
    await expect(openSignals(damaged)).rejects.toThrow(RecordingError);
  });

  test.each([
    ["no EEG", makeMat({ other: "x" }), /expected a variable EEG .* got other/],
    ["samples elsewhere", makeEeglab(data, 3, { beside: "gone.fdt" }), /"gone.fdt", which is not beside it/],
    ["broken zlib", makeEeglab(data, 3, { compress: true }).fill(0x55, 140, 160), /cannot be inflated/],
  ])("%s is one clear line", async (name, bytes, message) => {
    const refusal = await openSignals(file(`${name}.set`, bytes)).catch((error: Error) => error);
    expect(refusal).toBeInstanceOf(RecordingError);
    expect((refusal as Error).message).toMatch(message);
  });
});

describe("EyeLink ASC", () => {
  test("samples on one grid with the gap between trials, and every kind of event", async () => {
    const recording = await openSignals(file("made.asc", EYELINK));
    expect(recording.channels.map(({ label, unit }) => [label, unit])).toEqual([
      ["left x", "px"],
      ["left y", "px"],
      ["left pupil", "area"],
      ["input", ""],
    ]);
    expect(recording.channels[0]).toMatchObject({ rateHz: 500, samples: 251 });
    expect(Array.from(recording.read(1, 4, [0]))).toEqual([513.5, 514.5, Number.NaN, Number.NaN]);
    expect(Array.from(recording.read(249, 2, [1]))).toEqual([Number.NaN, 200]);
    expect([...recording.events()]).toEqual([
      { seconds: 0, durationSeconds: 0, kind: "message", label: "TRIALID 1" },
      {
        seconds: 0,
        durationSeconds: 0.004,
        kind: "fixation",
        label: "left",
        values: { meanX: 513.5, meanY: 384.5, meanPupil: 1101 },
      },
      { seconds: 0.006, durationSeconds: 0, kind: "blink", label: "left" },
      {
        seconds: 0,
        durationSeconds: 0.008,
        kind: "saccade",
        label: "left",
        values: {
          startX: 512.5,
          startY: 384,
          endX: 600,
          endY: 390,
          amplitudeDeg: 2.46,
          peakVelocityDegPerS: 158,
        },
      },
      { seconds: 0.007, durationSeconds: 0, kind: "button", label: "1 down" },
      { seconds: 0.008, durationSeconds: 0, kind: "input", label: "127" },
      { seconds: 0.5, durationSeconds: 0, kind: "message", label: "TRIALID 2" },
    ]);
    recording.close();
  });

  test("both eyes with velocity and resolution; windows far into the file", async () => {
    const lines = Array.from({ length: 9000 }, (_, i) => `${i}\t${i} 2 3 ${-i} 5 6 .1 .2 .3 .4 30 31 .....`);
    const path = file(
      "both.asc",
      `SAMPLES GAZE LEFT RIGHT RATE 1000.00 TRACKING CR VEL RES\n${lines.join("\r\n")}\r\n`,
    );
    const recording = await openSignals(path);
    expect(recording.channels.length).toBe(12);
    expect(Array.from(recording.read(8000, 2, [0, 3, 9, 11]))).toEqual([
      8000, 8001, -8000, -8001, 0.4, 0.4, 31, 31,
    ]);
    recording.close();
  });

  test.each([
    ["nothing recorded", "MSG 1 hello\n", /nothing was recorded/],
    [
      "short line",
      "SAMPLES GAZE LEFT RATE 500.00\n1 2 3 4\n2 3\n",
      /:3: expected a time and 3 numbers, got "2 3"/,
    ],
    ["time goes back", "SAMPLES GAZE LEFT RATE 500.00\n4 2 3 4\n2 3 4 5\n", /:3: expected times that go on/],
    [
      "rate changes",
      "SAMPLES GAZE LEFT RATE 500.00\n4 2 3 4\nSAMPLES GAZE LEFT RATE 1000.00\n",
      /:3: the samples change/,
    ],
  ])("%s is one clear line", async (name, text, message) => {
    await expect(openSignals(file(`${name}.asc`, text))).rejects.toThrow(message);
  });
});

async function words(reading: AsyncIterable<WordReading>): Promise<WordReading[]> {
  const found: WordReading[] = [];
  for await (const word of reading) found.push(word);
  return found;
}

test("reading times: quoted words, and a bad row", async () => {
  const header = ",sentence_id,word_id,word,TRT,relFix\n";
  const path = file("made.csv", `${header}0,0,0,"Well, ""so""",120.5,0.25\n1,0,1,it,0.0,0.0\n`);
  expect(await words(readingTimes(path))).toEqual([
    { sentence: 0, word: 0, text: 'Well, "so"', totalReadingMs: 120.5, shareOfSentence: 0.25 },
    { sentence: 0, word: 1, text: "it", totalReadingMs: 0, shareOfSentence: 0 },
  ]);
  expect(await describeFile(path)).toEqual({
    kind: "reading-times",
    preparation: "person",
    sentences: 1,
    words: 2,
    skippedWords: 1,
    totalReadingSeconds: 0.1205,
  });
  await expect(words(readingTimes(file("bad.csv", `${header}0,0,0,x,-1,0\n`)))).rejects.toThrow(
    /:2: expected numbers/,
  );
});

/** The first Python that can import all of `modules`. */
function pythonWith(modules: string): string | undefined {
  return ["/usr/bin/python3", "python3"].find((python) => runs(python, ["-c", `import ${modules}`]));
}
const scipy = pythonWith("scipy.io, numpy");
const numpy = pythonWith("numpy");
function runs(python: string, args: string[]): boolean {
  try {
    execFileSync(python, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

describe.runIf(existsSync(shared))("real files (skipped where ../shared/recordings is missing)", () => {
  // Facts from the descriptions that came with the data.
  test.each([
    { name: "eeg-eeglab/test.edf", source: "edf", channels: 16, rateHz: 256, durationSeconds: 60, events: 0 },
    {
      name: "eeg-eeglab/test.bdf",
      source: "bdf",
      channels: 17,
      rateHz: 256,
      durationSeconds: 60,
      events: 81,
    },
    {
      name: "eeg-eeglab/eeglab_data.set",
      source: "eeglab",
      channels: 32,
      rateHz: 128,
      durationSeconds: 30504 / 128,
      events: 154,
    },
  ])("$name", async ({ name, source, channels, rateHz, durationSeconds, events }) => {
    const recording = await openSignals(join(shared, name));
    expect(recording).toMatchObject({ source, durationSeconds });
    expect(recording.channels.length).toBe(channels);
    expect(recording.channels.every((channel) => channel.rateHz === rateHz)).toBe(true);
    expect([...recording.events()].length).toBe(events);
    const samples = recording.channels[0].samples;
    const whole = recording.read(0, samples, [0]);
    const parts = [0, 1000, samples - 7].map((from, i) => [
      ...recording.read(from, [1000, samples - 1007, 7][i], [0]),
    ]);
    expect(parts.flat()).toEqual([...whole]);
    // Scalp potentials: microvolts, not digital values, nor volts.
    const spread = Math.sqrt(whole.reduce((sum, v) => sum + (v - whole[0]) ** 2, 0) / samples);
    expect(spread).toBeGreaterThan(1);
    expect(spread).toBeLessThan(5000);
    recording.close();
  });

  test("the words of three readers", async () => {
    for (const reader of ["ZAB", "ZJN", "ZKW"]) {
      const read = await describeFile(join(shared, `zuco-gaze/${reader}-relfix-feats.csv`));
      expect(read).toMatchObject({ kind: "reading-times", preparation: "person" });
      expect(read.kind === "reading-times" && read.words).toBeGreaterThan(6000);
    }
  });

  test.runIf(scipy)(
    "EEGLAB as SciPy's own reader sees it (skipped where python3-scipy is missing)",
    async () => {
      const path = join(shared, "eeg-eeglab/eeglab_data.set");
      const script = `
import scipy.io, numpy, json, sys
e = scipy.io.loadmat(sys.argv[1], struct_as_record=False, squeeze_me=True)["EEG"]
x = numpy.fromfile(sys.argv[1].replace(".set", ".fdt"), "<f4").reshape(-1, int(e.nbchan)).T
print(json.dumps({"labels": [str(c.labels) for c in e.chanlocs], "types": [str(v.type) for v in e.event],
  "seconds": [(v.latency - 1) / float(e.srate) for v in e.event], "samples": x[:, 20000:20003].astype(float).ravel().tolist()}))`;
      const seen = JSON.parse(execFileSync(scipy!, ["-c", script, path], { encoding: "utf8" }));
      const recording = await openSignals(path);
      const events = [...recording.events()];
      expect(recording.channels.map(({ label }) => label)).toEqual(seen.labels);
      expect(events.map(({ label }) => label)).toEqual(seen.types);
      expect(events.map(({ seconds }) => seconds)).toEqual(seen.seconds);
      expect(Array.from(recording.read(20000, 3))).toEqual(seen.samples);
      recording.close();
    },
  );

  test.runIf(numpy)(
    "EDF and BDF samples as NumPy reads the bytes (skipped where it is missing)",
    async () => {
      const script = `
import numpy, json, sys
edf = numpy.fromfile(sys.argv[1], "u1")
def header(b):
    n = int(bytes(b[252:256]))
    f = lambda off, w: [bytes(b[256 + n*off + i*w: 256 + n*off + (i+1)*w]).decode("latin1").strip() for i in range(n)]
    return n, [list(map(float, f(o, 8))) for o in (104, 112, 120, 128)], list(map(int, f(216, 8)))
n, (pmin, pmax, dmin, dmax), spr = header(edf)
w = int(sys.argv[2])
body = edf[256 * (n + 1):].reshape(-1, sum(spr) * w)
c = 3
raw = body[:, sum(spr[:c]) * w: sum(spr[:c + 1]) * w].reshape(-1, w).astype("i4")
v = sum(raw[:, k] << (8 * k) for k in range(w))
v = numpy.where(v >= 1 << (8 * w - 1), v - (1 << (8 * w)), v)
x = (v - dmin[c]) * (pmax[c] - pmin[c]) / (dmax[c] - dmin[c]) + pmin[c]
print(json.dumps(x[5000:5100].tolist()))`;
      for (const [name, width] of [
        ["test.edf", "2"],
        ["test.bdf", "3"],
      ] as const) {
        const path = join(shared, "eeg-eeglab", name);
        const seen: number[] = JSON.parse(
          execFileSync(numpy!, ["-c", script, path, width], { encoding: "utf8" }),
        );
        const recording = await openSignals(path);
        const ours = recording.read(5000, 100, [3]);
        for (const [i, value] of seen.entries()) expect(ours[i]).toBeCloseTo(value, 6);
        recording.close();
      }
    },
  );
});

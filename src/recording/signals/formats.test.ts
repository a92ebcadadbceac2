/** Readers of signals, each on a file made here from the format's definition. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { File } from "h5wasm/node";
import { afterAll, describe, expect, test } from "vitest";
import { Random } from "../../math/random.ts";
import { describe as describeFile } from "../describe.ts";
import { guarded, loadHdf5 } from "../hdf5.ts";
import { openRecording } from "../open.ts";
import { makeIntan, makeNpy, makeXdf, packed212 } from "../testing/makers.ts";
import { openSignals } from "./open.ts";
import { makeEdf } from "./testing.ts";

const folder = mkdtempSync(join(tmpdir(), "wetgrad-formats-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

const rounded = (values: Float64Array) => Array.from(values, (value) => Number(value.toFixed(6)));

describe("Intan", () => {
  test.each([
    ["rhd, version 1", { version: 1 }, 60],
    ["rhd, version 3", {}, 128],
    ["rhs", { stimulating: true }, 128],
  ])("%s", async (name, facts, perBlock) => {
    const steps = Array.from({ length: 3 * perBlock }, (_, i) => Math.round(500 * Math.sin(i / 30)));
    const channels = { "A-000": steps, "A-001": steps.map((step) => step + 1) };
    const whole = makeIntan({ ...facts, channels });
    const recording = await openSignals(file(`${name}.rhd`, whole));
    expect(recording.channels.map(({ label, samples, unit }) => [label, samples, unit])).toEqual([
      ["A-000", 3 * perBlock, "uV"],
      ["A-001", 3 * perBlock, "uV"],
    ]);
    expect(recording.durationSeconds).toBeCloseTo((3 * perBlock) / 30_000, 12);
    const from = perBlock - 3;
    expect(rounded(recording.read(from, 6, [0]))).toEqual(
      steps.slice(from, from + 6).map((step) => Number((step * 0.195).toFixed(6))),
    );
    recording.close();
    const cut = await openSignals(file("cut.rhd", whole.subarray(0, -100)));
    expect(cut.channels[0].samples).toBe(2 * perBlock);
    expect(cut.doubts).toMatchObject([{ kind: "cut-short" }]);
    cut.close();
  });

  test("spikes by threshold are found where they were put, in the first second too", async () => {
    const random = Random.of(1, "noise");
    const steps = Array.from({ length: 128 * 300 }, () => Math.round(20 * random.normal()));
    const at = [5000, 12_000, 31_000];
    for (const frame of at) for (let i = 0; i < 20; i++) steps[frame + i] -= 400;
    const path = file("spikes.rhd", makeIntan({ channels: { "A-000": steps } }));
    await expect(openRecording(path)).rejects.toThrow(/--detect/);
    const recording = await openRecording(path, { detect: 6 });
    const [found] = [...recording.readSpikes(0)].map((block) =>
      Array.from(block, (time) => Math.round(time * 30_000)),
    );
    expect(found.map((frame, i) => Math.abs(frame - at[i]) < 3)).toEqual(at.map(() => true));
    expect(recording.meta.detector).toMatch(/6 standard deviations/);
  });
});

describe("XDF", () => {
  const numbers = Array.from({ length: 300 }, (_, k) => [k, k + 1]);
  const amp = {
    name: "amp",
    rateHz: 100,
    samples: numbers,
    times: numbers.map((_, k) => (k % 50 === 0 ? 5000 + k / 100 : undefined)),
    offsets: [
      [5000, -2],
      [5002, -2],
    ] as const,
    labels: ["Fz", "Cz"],
  };
  const marks = {
    name: "marks",
    rateHz: 0,
    samples: ["start", "stop"],
    times: [7001.5, 7002.25],
    offsets: [[7000, -2001]] as const,
  };

  test("two clocks are one, samples without a time follow the last", async () => {
    const whole = makeXdf([amp, marks]);
    const recording = await openSignals(file("a.xdf", whole));
    expect(recording).toMatchObject({ source: "xdf", startSeconds: 4998, durationSeconds: 3 });
    expect(recording.channels.map(({ label, unit, samples }) => [label, unit, samples])).toEqual([
      ["Fz", "uV", 300],
      ["Cz", "uV", 300],
    ]);
    expect(Array.from(recording.read(62, 4))).toEqual([62, 63, 64, 65, 63, 64, 65, 66]);
    expect([...recording.events()].map(({ label, seconds }) => [label, Number(seconds.toFixed(6))])).toEqual([
      ["start", 2.5],
      ["stop", 3.25],
    ]);
    const cut = await openSignals(file("cut.xdf", whole.subarray(0, -5)));
    expect(cut.doubts).toMatchObject([{ kind: "cut-short" }]);
  });

  test("an interruption is a gap of NaN, jitter is none", async () => {
    const times = numbers.map((_, k) => 10 + k / 100 + (k >= 200 ? 2 : 0) + (k % 3) * 0.001);
    const recording = await openSignals(file("gap.xdf", makeXdf([{ ...amp, times, offsets: [] }])));
    expect(recording.channels[0].samples).toBe(500);
    expect(Array.from(recording.read(198, 4, [0]))).toEqual([198, 199, Number.NaN, Number.NaN]);
    expect(Array.from(recording.read(399, 3, [0]))).toEqual([Number.NaN, 200, 201]);
  });
});

describe("EDF as recorders leave it", () => {
  const records = [
    [0, 1, 2, 3],
    [4, 5, 6, 7],
  ];

  test("a range with decimal commas", async () => {
    const bytes = makeEdf([
      { label: "C3", physical: [-3276.8, 3276.7], digital: [-32_768, 32_767], records },
    ]);
    const text = bytes.toString("latin1").replace("-3276.8", "-3276,8").replace("3276.7 ", "3276,7 ");
    const recording = await openSignals(file("comma.edf", Buffer.from(text, "latin1")));
    expect(rounded(recording.read(0, 3, [0]))).toEqual([0, 0.1, 0.2]);
  });

  test("cut off: whole records are read, and it is said", async () => {
    const bytes = makeEdf([{ label: "C3", records: [...records, ...records] }]);
    const recording = await openSignals(file("cut.edf", bytes.subarray(0, -9)));
    expect(recording.durationSeconds).toBe(2);
    expect(recording.doubts).toMatchObject([
      { kind: "cut-short", message: expect.stringMatching(/4 records.*2 whole/) },
    ]);
  });

  test("a flat channel that states no range", async () => {
    const recording = await openSignals(
      file("flat.edf", makeEdf([{ label: "C3", physical: [0, 0], digital: [0, 0], records }])),
    );
    expect(Array.from(recording.read(0, 3, [0]))).toEqual([0, 0, 0]);
  });
});

describe("EyeLink as studies keep it", () => {
  const head = "** CONVERTED FROM invented.edf\n";

  test("2 kHz: two samples of one millisecond follow one another", async () => {
    const rows = Array.from(
      { length: 5000 },
      (_, i) => `${1000 + (i >> 1)}\t${(500 + i / 2).toFixed(1)}\t300.0\t900.0\t...`,
    );
    const recording = await openSignals(
      file("2k.asc", `${head}SAMPLES\tGAZE\tLEFT\tRATE\t2000.00\tTRACKING\tCR\n${rows.join("\n")}\n`),
    );
    expect(recording.channels[0]).toMatchObject({ samples: 5000, rateHz: 2000 });
    for (const from of [0, 2047, 2048, 4090])
      expect(Array.from(recording.read(from, 4, [0]))).toEqual([0, 1, 2, 3].map((i) => 500 + (from + i) / 2));
  });

  test("events only: no channels, every event", async () => {
    const recording = await openSignals(
      file(
        "events.asc",
        `${head}START\t1000\tLEFT\tEVENTS\nEVENTS\tGAZE\tLEFT\tRATE\t500.00\nMSG\t1001 TRIAL 1\nEFIX L 1002 1198 198 500.0 300.0 900\nESACC L 1200 1220 22 500.0 300.0 620.0 301.0 3.10 210\nEND\t1700 EVENTS\n`,
      ),
    );
    expect(recording).toMatchObject({ channels: [], startSeconds: 1, durationSeconds: 0.7 });
    expect(
      [...recording.events()].map(({ kind, seconds, values }) => [kind, seconds, values?.["amplitudeDeg"]]),
    ).toEqual([
      ["message", 0.001, undefined],
      ["fixation", 0.002, undefined],
      ["saccade", 0.2, 3.1],
    ]);
  });

  test("binocular, then one eye: the channels of both, NaN where an eye was not recorded", async () => {
    const recording = await openSignals(
      file(
        "both.asc",
        `${head}SAMPLES\tGAZE\tLEFT\tRIGHT\tRATE\t500.00\n1000 1 2 3 4 5 6 ..\n1002 1 2 3 4 5 6 ..\nSAMPLES\tGAZE\tRIGHT\tRATE\t500.00\n1004 7 8 9 ..\n`,
      ),
    );
    expect(recording.channels.map(({ label }) => label)).toEqual([
      "left x",
      "left y",
      "left pupil",
      "right x",
      "right y",
      "right pupil",
    ]);
    expect(Array.from(recording.read(1, 2))).toEqual([
      1,
      Number.NaN,
      2,
      Number.NaN,
      3,
      Number.NaN,
      4,
      7,
      5,
      8,
      6,
      9,
    ]);
  });
});

test("BrainVision: both orders of samples, markers", async () => {
  const values = [1, 2, 3, -4, 5, 6];
  for (const [order, stored] of [
    ["MULTIPLEXED", values],
    ["VECTORIZED", [1, 3, 5, 2, -4, 6]],
  ] as const) {
    file("b.eeg", Buffer.from(Int16Array.from(stored).buffer));
    file(
      "b.vmrk",
      "Brain Vision Data Exchange Marker File, Version 1.0\n[Marker Infos]\nMk1=Stimulus,S  1,3,1,0\n",
    );
    const path = file(
      "b.vhdr",
      `Brain Vision Data Exchange Header File Version 1.0\n[Common Infos]\nDataFile=b.eeg\nMarkerFile=$b.vmrk\nDataFormat=BINARY\nDataOrientation=${order}\nNumberOfChannels=2\nSamplingInterval=2000\n[Binary Infos]\nBinaryFormat=INT_16\n[Channel Infos]\nCh1=Fz,,0.5,µV\nCh2=Cz,,1,µV\n`,
    );
    const recording = await openSignals(path);
    expect(recording).toMatchObject({
      durationSeconds: 0.006,
      channels: [{ label: "Fz", unit: "uV", rateHz: 500 }, { label: "Cz" }],
    });
    expect(Array.from(recording.read(0, 3))).toEqual([0.5, 1.5, 2.5, 2, -4, 6]);
    expect([...recording.events()]).toMatchObject([{ seconds: 0.004, kind: "stimulus", label: "S  1" }]);
    recording.close();
  }
});

test("WFDB: formats 16 and 212, gain and baseline, a file cut short", async () => {
  const values = [995, 1011, 1000, -1024, 1024, 1001];
  file("r.dat", packed212(values));
  const path = file(
    "r.hea",
    "# a comment\nr 2 360 4\nr.dat 212 200(1024)/mV 11 1024 995 0 0 MLII\nr.dat 212 200 11 1024 1011 0 0 V5\n",
  );
  const recording = await openSignals(path);
  expect(recording.channels).toMatchObject([
    { label: "MLII", unit: "mV", rateHz: 360, samples: 3 },
    { label: "V5", samples: 3 },
  ]);
  expect(rounded(recording.read(0, 3))).toEqual([-0.145, -0.12, 0, -0.065, -10.24, -0.115]);
  expect(recording.doubts).toMatchObject([{ kind: "cut-short" }]);
  file("s.dat", Buffer.from(Int16Array.of(100, -32_768, 300).buffer));
  const plain = await openSignals(file("s.hea", "s 1 100 3\ns.dat 16 100 16 0 100 0 0 ECG\n"));
  expect(Array.from(plain.read(0, 3))).toEqual([1, Number.NaN, 3]);
});

test("Open Ephys: continuous data in microvolts, by its folder; spikes only where asked for", async () => {
  const at = join(folder, "oe", "continuous", "Node-100.0");
  mkdirSync(at, { recursive: true });
  const channels = [
    { channel_name: "CH1", bit_volts: 0.195, units: "uV" },
    { channel_name: "CH2", bit_volts: 0.5 },
  ];
  const stream = { folder_name: "Node-100.0/", sample_rate: 30_000, num_channels: 2, channels };
  file("oe/structure.oebin", JSON.stringify({ continuous: [stream], spikes: [] }));
  file("oe/continuous/Node-100.0/continuous.dat", Buffer.from(Int16Array.of(10, -2, 20, -4, 30, -6).buffer));
  file("oe/continuous/Node-100.0/sample_numbers.npy", makeNpy("<i8", [60_000, 60_001, 60_002]));
  const recording = await openSignals(join(folder, "oe"));
  expect(recording).toMatchObject({ source: "open-ephys", startSeconds: 2, durationSeconds: 0.0001 });
  expect(rounded(recording.read(1, 2))).toEqual([3.9, 5.85, -2, -3]);
  recording.close();
  expect(await describeFile(join(folder, "oe"))).toMatchObject({ kind: "signals", source: "open-ephys" });
  await expect(openRecording(join(folder, "oe"))).rejects.toThrow(/without spikes; --detect 5/);
  expect((await openRecording(join(folder, "oe"), { detect: 5 })).channels.length).toBe(2);
});

test("Multi Channel Systems: analog streams in their unit, by label", async () => {
  await loadHdf5();
  const path = join(folder, "analog.h5");
  guarded("write", () => {
    const hdf5 = new File(path, "w");
    const stream = hdf5
      .create_group("Data")
      .create_group("Recording_0")
      .create_group("AnalogStream")
      .create_group("Stream_0");
    stream.create_dataset({ name: "ChannelData", data: Int32Array.of(1, 2, 3, 11, 12, 13), shape: [2, 3] });
    stream.create_dataset({
      name: "InfoChannel",
      dtype: [
        ["ChannelID", "<i"],
        ["RowIndex", "<i"],
        ["Label", "A4"],
        ["Unit", "A2"],
        ["Exponent", "<i"],
        ["ADZero", "<i"],
        ["Tick", "<q"],
        ["ConversionFactor", "<q"],
      ] as never,
      data: new Map<string, unknown>([
        ["ChannelID", Int32Array.of(0, 1)],
        ["RowIndex", Int32Array.of(1, 0)],
        ["Label", ["12", "21"]],
        ["Unit", ["V", "V"]],
        ["Exponent", Int32Array.of(-9, -9)],
        ["ADZero", Int32Array.of(0, 1)],
        ["Tick", BigInt64Array.of(50n, 50n)],
        ["ConversionFactor", BigInt64Array.of(100n, 200n)],
      ]),
      shape: [2],
    });
    hdf5.close();
  });
  const recording = await openSignals(path);
  expect(recording.channels).toEqual([
    { label: "12", unit: "V", rateHz: 20_000, samples: 3 },
    { label: "21", unit: "V", rateHz: 20_000, samples: 3 },
  ]);
  expect(Array.from(recording.read(1, 2), (volts) => Math.round(volts * 1e9))).toEqual([
    1200, 1300, 200, 400,
  ]);
  recording.close();
  expect(await describeFile(path)).toMatchObject({ kind: "signals", source: "mcs-hdf5" });
});

test("NWB without units: its samples in volts, by electrode; spikes only where asked for", async () => {
  await loadHdf5();
  const path = join(folder, "raw.nwb");
  const samples = 4000;
  guarded("write", () => {
    const hdf5 = new File(path, "w");
    hdf5.create_attribute("nwb_version", "2.7.0");
    const table = hdf5.create_group("general").create_group("extracellular_ephys").create_group("electrodes");
    table.create_dataset({ name: "id", data: Int32Array.of(0, 1) });
    table.create_dataset({ name: "x", data: Float64Array.of(0, 200) });
    table.create_dataset({ name: "y", data: Float64Array.of(0, 0) });
    const series = hdf5.create_group("acquisition").create_group("ElectricalSeries");
    series.create_attribute("neurodata_type", "ElectricalSeries");
    const data = series.create_dataset({
      name: "data",
      data: Int16Array.from({ length: 2 * samples }, (_, i) => (i % 2 ? -1 : 1) * (i >> 1)),
      shape: [samples, 2],
    });
    data.create_attribute("unit", "volts");
    data.create_attribute("conversion", 1.95e-7);
    const start = series.create_dataset({ name: "starting_time", data: Float64Array.of(0) });
    start.create_attribute("rate", 20_000);
    series.create_dataset({ name: "electrodes", data: Int32Array.of(0, 1) });
    hdf5.close();
  });
  const recording = await openSignals(path);
  expect(recording.channels).toEqual([
    { label: "0", unit: "V", rateHz: 20_000, samples, xUm: 0, yUm: 0 },
    { label: "1", unit: "V", rateHz: 20_000, samples, xUm: 200, yUm: 0 },
  ]);
  expect(rounded(recording.read(1000, 2).map((volts) => volts / 1.95e-7))).toEqual([
    1000, 1001, -1000, -1001,
  ]);
  recording.close();
  await expect(openRecording(path)).rejects.toThrow(/without spikes.*--detect/);
});

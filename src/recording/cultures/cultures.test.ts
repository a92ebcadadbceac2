/** Files as people have them: wells, clocks that do not begin at 0, trials, spreadsheets. Each input is made here. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { File, type Group } from "h5wasm/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Random } from "../../math/random.ts";
import { allSpikes, type Recording, RecordingError } from "../contract.ts";
import { guarded, loadHdf5 } from "../hdf5.ts";
import { convertToNwb } from "../nwb/convert.ts";
import { openRecording, openRecordingFile } from "../open.ts";

const folder = mkdtempSync(join(tmpdir(), "wetgrad-cultures-"));
beforeAll(loadHdf5);
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

/** `[seconds, channel]` of a steady random culture, in order of time. */
function spikesFrom(start: number, seconds: number, channels: number, seed = 1): [number, number][] {
  const random = Random.of(seed, "spikes");
  return Array.from({ length: Math.round(seconds * channels * 2) }, (): [number, number] => [
    Number((start + random.uniform() * seconds).toFixed(5)),
    random.integer(channels),
  ]).sort(([a], [b]) => a - b);
}

const trainsOf = (recording: Recording) =>
  recording.channels.map((_, c) => Array.from(allSpikes(recording, c), (time) => Number(time.toFixed(9))));
const total = (recording: Recording) =>
  recording.channels.reduce((sum, { spikeCount }) => sum + spikeCount, 0);

describe("the beginning of the clock", () => {
  test("a list that starts late begins with its first spike, and says so", async () => {
    const spikes = spikesFrom(4000, 120, 8);
    const path = file("late.csv", `time_s,channel\n${spikes.map((row) => row.join(",")).join("\n")}`);
    const opened = await openRecordingFile(path);
    const [recording] = opened.cultures;
    expect(recording.startSeconds).toBe(spikes[0][0]);
    expect(recording.durationSeconds).toBeCloseTo(spikes.at(-1)![0] - spikes[0][0], 9);
    expect(total(recording)).toBe(spikes.length);
    expect(Math.min(...trainsOf(recording).map(([first]) => first))).toBe(0);
    expect(opened.doubts).toMatchObject([{ kind: "starts-late", flag: "--from 0" }]);
    const whole = await openRecording(path, { fromSeconds: 0 });
    expect(whole).toMatchObject({ startSeconds: 0, durationSeconds: spikes.at(-1)![0] });
    const part = await openRecording(path, { fromSeconds: 4010, toSeconds: 4020 });
    expect(part).toMatchObject({ startSeconds: 4010, durationSeconds: 10 });
    expect(total(part)).toBe(spikes.filter(([time]) => time >= 4010 && time <= 4020).length);
  });

  test("a culture that is often silent as long began at 0", async () => {
    const bursts = [12, 30, 47, 71].flatMap((at) => Array.from({ length: 9 }, (_, i) => `${at + i / 50},1`));
    const { startSeconds } = await openRecording(file("bursts.csv", `time,unit\n${bursts.join("\n")}`));
    expect(startSeconds).toBe(0);
  });

  test("whatever the clock, the spikes are the same", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: -3000, max: 3000 }), fc.nat(1000), async (shift, seed) => {
        const made = spikesFrom(0, 20, 3, seed);
        const rows = made.map(([time, channel]) => `${(time + shift).toFixed(5)},${channel}`);
        const recording = await openRecording(file("shift.csv", `time,channel\n${rows.join("\n")}\n`));
        expect(total(recording)).toBe(made.length);
        for (const train of trainsOf(recording))
          for (const time of train) expect(time >= 0 && time <= recording.durationSeconds + 1e-8).toBe(true);
        expect(recording.durationSeconds).toBeLessThan(21);
      }),
      { numRuns: 20, seed: 3 },
    );
  });
});

describe("several cultures", () => {
  const wells = { A1: 36, A2: 45, B1: 42 };
  const rows = Object.entries(wells).flatMap(([well, count], w) =>
    Array.from({ length: count }, (_, i) => [well, 11 + (i % 2), ((w + 1) * 0.001 + i * 0.5).toFixed(3)]),
  );

  test("a well column: electrode names repeat, cultures do not mix", async () => {
    const path = file(
      "wells.csv",
      `Well,Electrode,time_s,Amplitude (mV)\n${rows.map((row) => `${row.join(",")},0.02`).join("\n")}`,
    );
    const opened = await openRecordingFile(path);
    expect(
      opened.cultures.map((culture) => [culture.culture, culture.channels.length, total(culture)]),
    ).toEqual(Object.entries(wells).map(([well, count]) => [well, 2, count]));
    await expect(openRecording(path)).rejects.toThrow(
      /holds 3 cultures \(A1, A2, B1\): name one with --culture/,
    );
    await expect(openRecording(path, { culture: "C9" })).rejects.toThrow(
      /no culture "C9"; it holds A1, A2, B1/,
    );
    const a2 = await openRecording(path, { culture: "a2" });
    expect(a2.channels[0]).toEqual({ name: "11", group: "A2", spikeCount: 23 });
  });

  test("names like A1_11 are wells, with a header or without", async () => {
    const names = rows.map(([well, electrode, time]) => [time, `${well}_${electrode}`]);
    for (const [kind, head, separator] of [
      ["header", "time,electrode\n", ","],
      ["bare", "", "\t"],
    ] as const) {
      const path = file(`${kind}.csv`, head + names.map((row) => row.join(separator)).join("\n"));
      const { cultures } = await openRecordingFile(path);
      expect(cultures.map(({ culture }) => culture)).toEqual(["A1", "A2", "B1"]);
    }
  });

  test("treatment and dose of each well", async () => {
    const path = file(
      "given.csv",
      `time,well,electrode,treatment,dose (uM)\n${rows.map(([well, e, time]) => `${time},${well},${e},${well === "A2" ? "bicuculline,10" : "control,0"}`).join("\n")}`,
    );
    const { cultures } = await openRecordingFile(path);
    expect(cultures.map(({ meta }) => [meta.treatment, meta.dose])).toEqual([
      ["control", "0"],
      ["bicuculline", "10"],
      ["control", "0"],
    ]);
  });

  test("the HDF5 of multiwell plates", async () => {
    const names = ["A1_11", "A1_12", "B2_11"];
    const trains = names.map((_, e) => Array.from({ length: 60 + e }, (_, i) => 185.0168 + i * 2 + e / 100));
    const path = join(folder, "plate.h5");
    guarded("write", () => {
      const hdf5 = new File(path, "w");
      hdf5.create_dataset({ name: "spikes", data: Float64Array.from(trains.flat()) });
      hdf5.create_dataset({ name: "sCount", data: Int32Array.from(trains, (train) => train.length) });
      hdf5.create_dataset({ name: "names", data: names });
      hdf5.create_dataset({ name: "well", data: ["A1", "B2"] });
      hdf5.create_dataset({ name: "treatment", data: ["control", "bicuculline"] });
      hdf5.create_dataset({ name: "dose", data: Float64Array.of(0, 10) });
      hdf5.create_dataset({ name: "units", data: ["uM", "uM"] });
      hdf5.close();
    });
    const { cultures } = await openRecordingFile(path);
    expect(cultures.map(({ culture, channels }) => [culture, channels.length])).toEqual([
      ["A1", 2],
      ["B2", 1],
    ]);
    expect(cultures[1]).toMatchObject({
      startSeconds: 185.0168,
      meta: { treatment: "bicuculline", dose: "10 uM" },
    });
    expect(cultures[0].durationSeconds).toBeCloseTo(122.02, 6); // the clock is the plate's
    const copy = join(folder, "copy.nwb");
    await convertToNwb(cultures, copy);
    const back = await openRecordingFile(copy);
    expect(
      back.cultures.map(({ culture, startSeconds, meta }) => [culture, startSeconds, meta.treatment]),
    ).toEqual([
      ["A1", 185.0168, "control"],
      ["B2", 185.0168, "bicuculline"],
    ]);
    expect(back.cultures[0].channels.map(({ name }) => name)).toEqual(["A1_11", "A1_12"]);
    expect(back.cultures.map(trainsOf)).toEqual(cultures.map(trainsOf));
    back.close();
  });
});

describe("trials", () => {
  const list = (time: (trial: number, i: number) => number) =>
    `trial,time,neuron\n${Array.from({ length: 20 * 10 }, (_, k) => `${Math.floor(k / 10)},${time(Math.floor(k / 10), k % 10).toFixed(3)},${k % 2}`).join("\n")}`;

  test("a clock that begins anew: one trial after another, and that is said", async () => {
    const opened = await openRecordingFile(
      file(
        "trials.csv",
        list((_, i) => 0.1 + i * 0.2),
      ),
    );
    const [recording] = opened.cultures;
    expect(recording.trials.length).toBe(20);
    expect(recording.durationSeconds).toBeCloseTo(38, 9);
    expect(total(recording)).toBe(200);
    const [train] = trainsOf(recording);
    expect(train.slice(0, 6).map((time) => Number(time.toFixed(3)))).toEqual([0.1, 0.5, 0.9, 1.3, 1.7, 2]);
    expect(opened.doubts.map(({ kind }) => kind)).toEqual(["overlapping-trials"]);
  });

  test("a clock that goes on", async () => {
    const opened = await openRecordingFile(
      file(
        "on.csv",
        list((trial, i) => trial * 3 + i * 0.2),
      ),
    );
    expect(opened.cultures[0].trials[2]).toEqual({ startSeconds: 6, endSeconds: 7.8 });
    expect(opened.doubts).toEqual([]);
  });
});

describe("Axion spike lists as spreadsheets save them", () => {
  const spikes = Array.from({ length: 60 }, (_, i) => [
    (0.12344 + i).toFixed(5),
    i % 3 ? "A1_11" : "B1_21",
    "0.0210",
  ]);
  const settings = [
    ["Sampling Frequency", "12.5 kHz"],
    ["Plate Type", "CytoView 24"],
    ["File Source", "x_DIV14(000).raw"],
  ];
  const table = [
    ["Investigator", "", "Time (s)", "Electrode", "Amplitude(mV)"],
    ...spikes.map((spike, i) => [...(settings[i] ?? ["", ""]), ...spike]),
  ];
  const saved = (separator: string, comma: boolean) =>
    table
      .map((row) =>
        row.map((cell) => (comma ? cell.replace(/^(\d+)\.(\d+)/, "$1,$2") : cell)).join(separator),
      )
      .join("\r\n");
  const utf16be = Buffer.from(`\ufeff${saved(",", false)}`, "utf16le").swap16();
  test.each([
    ["commas", saved(",", false)],
    ["byte order mark", `\ufeff${saved(",", false)}`],
    ["semicolons and decimal commas", saved(";", true)],
    ["tabs and decimal commas", saved("\t", true)],
    ["UTF-16", Buffer.from(`\ufeff${saved("\t", false)}`, "utf16le")],
    ["UTF-16, without its mark", Buffer.from(saved(";", true), "utf16le")],
    ["UTF-16, big end first", utf16be],
  ])("%s", async (name, content) => {
    const { source, cultures } = await openRecordingFile(file(`${name}.csv`, content));
    expect(source).toBe("axion-spike-list");
    expect(cultures.map((culture) => [culture.culture, total(culture)])).toEqual([
      ["A1", 40],
      ["B1", 20],
    ]);
    expect(trainsOf(cultures[1])[0][0]).toBe(0.12344);
    expect(cultures[0].meta).toEqual({ samplingRateHz: 12_500, layout: "CytoView 24", divDays: 14 });
  });
});

test("NEST's spike recorder: milliseconds, below its comments", async () => {
  const path = file(
    "spikes-21-0.dat",
    "# NEST version: 3.6.0\n# RecordingBackendASCII version: 2\nsender\ttime_ms\n11\t5.800\n2\t9.000\n11\t17.100\n",
  );
  const recording = await openRecording(path);
  expect(recording.channels.map(({ name }) => name)).toEqual(["2", "11"]);
  expect(trainsOf(recording)[1].map((time) => Number(time.toFixed(9)))).toEqual([0.0058, 0.0171]);
});

test("times in samples need a rate; doubts are told", async () => {
  const path = file(
    "samples.csv",
    `sample,channel\n${Array.from({ length: 50 }, (_, i) => `${i * 30_000},1`).join("\n")}`,
  );
  await expect(openRecording(path)).rejects.toThrow(/its times are samples: .*--sampling-rate/);
  expect(await openRecording(path, { samplingRateHz: 30_000 })).toMatchObject({ durationSeconds: 49 });
  const whole = file(
    "whole.csv",
    `time,channel\n${Array.from({ length: 200 }, (_, i) => `${i * 997},1`).join("\n")}`,
  );
  const { doubts } = await openRecordingFile(whole);
  expect(doubts.map(({ kind }) => kind)).toEqual(["whole-number-times", "lasts-days", "all-channels-dead"]);
  expect((await openRecordingFile(whole, { timeUnit: "ms" })).cultures[0].durationSeconds).toBeCloseTo(
    198.403,
    9,
  );
});

describe("NWB", () => {
  function nwb(
    name: string,
    trains: readonly number[][],
    { at = "", observed = [] as number[][] } = {},
  ): string {
    const path = join(folder, name);
    guarded("write", () => {
      const hdf5 = new File(path, "w");
      hdf5.create_attribute("nwb_version", "2.7.0");
      let parent: File | Group = hdf5;
      for (const part of at.split("/").filter(Boolean)) parent = parent.create_group(part);
      const units = parent.create_group("units");
      units.create_attribute("neurodata_type", "Units");
      const ends = trains.map((_, u) => trains.slice(0, u + 1).flat().length);
      units.create_dataset({ name: "spike_times", data: Float64Array.from(trains.flat()) });
      units.create_dataset({ name: "spike_times_index", data: Uint32Array.from(ends) });
      units.create_dataset({ name: "id", data: Int32Array.from(trains.keys()) });
      if (observed.length > 0)
        units.create_dataset({
          name: "obs_intervals",
          data: Float64Array.from(observed.flat()),
          shape: [observed.length, 2],
        });
      hdf5.close();
    });
    return path;
  }

  test("spikes before the session's start are kept", async () => {
    const recording = await openRecording(
      nwb("before.nwb", [
        [-0.861, 3, 9],
        [1, 2],
      ]),
    );
    expect(recording).toMatchObject({ startSeconds: -0.861, durationSeconds: 9.861 });
    expect(trainsOf(recording)).toEqual([
      [0, 3.861, 9.861],
      [1.861, 2.861],
    ]);
  });

  test("one unit without an index", async () => {
    const path = nwb("single.nwb", [[1, 2, 4]]);
    const bare = join(folder, "bare.nwb");
    guarded("write", () => {
      const other = new File(bare, "w");
      other.create_attribute("nwb_version", "2.7.0");
      const units = other.create_group("units");
      units.create_dataset({ name: "spike_times", data: Float64Array.of(1, 2, 4) });
      units.create_dataset({ name: "id", data: Int32Array.of(7) });
      other.close();
    });
    expect(trainsOf(await openRecording(bare))).toEqual(trainsOf(await openRecording(path)));
  });

  test("a units table in a processing module", async () => {
    const recording = await openRecording(nwb("inner.nwb", [[1, 2], [0.5]], { at: "processing/ecephys" }));
    expect(trainsOf(recording)).toEqual([[1, 2], [0.5]]);
  });

  test("a unit out of order, or padded with NaN, is mended and named", async () => {
    const opened = await openRecordingFile(
      nwb("mixed.nwb", [
        [1, 2.5],
        [3, 1, 2],
        [4, Number.NaN, Number.NaN],
      ]),
    );
    expect(trainsOf(opened.cultures[0])).toEqual([[1, 2.5], [1, 2, 3], [4]]);
    expect(opened.cultures[0].channels.map(({ spikeCount }) => spikeCount)).toEqual([2, 3, 1]);
    expect(opened.doubts).toMatchObject([
      { kind: "mended", message: expect.stringMatching(/unit_1, unit_2/) },
    ]);
  });

  test("gaps in the observation are gaps", async () => {
    const recording = await openRecording(
      nwb(
        "gaps.nwb",
        [
          [11, 12, 51],
          [15, 30, 55],
        ],
        {
          observed: [
            [10, 20],
            [50, 60],
          ],
        },
      ),
    );
    expect(recording).toMatchObject({
      startSeconds: 10,
      durationSeconds: 50,
      observed: [
        { startSeconds: 0, endSeconds: 10 },
        { startSeconds: 40, endSeconds: 50 },
      ],
    });
    expect(trainsOf(recording)).toEqual([
      [1, 2, 41],
      [5, 45],
    ]);
  });
});

test("counts without bound are refused in one line", async () => {
  for (const [name, content] of [
    ["bin", "time,unit_1,unit_2\n0,1,0\n1,1000000000000,0\n2,0,0\n"],
    ["second", "Well,Electrode,Second,SpikeCount\nA1,A1_11,0,1\nA1,A1_11,1000000000000,1\n"],
  ] as const) {
    const refusal = await openRecordingFile(file(`${name}.csv`, content)).catch((error: Error) => error);
    expect(refusal).toBeInstanceOf(RecordingError);
    expect((refusal as Error).message).toMatch(/1000000000000/);
  }
});

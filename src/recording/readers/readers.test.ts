/** Readers of the formats of the bench, each on a file made here from the format's definition. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { File } from "h5wasm/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { allSpikes, type Recording } from "../contract.ts";
import { guarded, loadHdf5 } from "../hdf5.ts";
import { openRecording, openRecordingFile } from "../open.ts";
import { makeAxionSpk, makeNev, makeNex, makeNpy, makeZip } from "../testing/makers.ts";

const folder = mkdtempSync(join(tmpdir(), "wetgrad-readers-"));
beforeAll(loadHdf5);
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, content);
  return path;
}

function hdf5(name: string, write: (file: File) => void): string {
  const path = join(folder, name);
  guarded("write", () => {
    const opened = new File(path, "w");
    write(opened);
    opened.close();
  });
  return path;
}

const trains = (recording: Recording) =>
  Object.fromEntries(
    recording.channels.map(({ name }, c) => [
      name,
      Array.from(allSpikes(recording, c), (time) => Number((time + recording.startSeconds).toFixed(7))),
    ]),
  );

describe("MaxWell", () => {
  const spikes = (frames: readonly number[], channels: readonly number[]) =>
    new Map<string, unknown>([
      ["frameno", BigInt64Array.from(frames, BigInt)],
      ["channel", Int32Array.from(channels)],
      ["amplitude", Float32Array.from(frames, () => -20)],
    ]);
  const mapping = new Map<string, unknown>([
    ["channel", Int32Array.of(0, 1, -1)],
    ["electrode", Int32Array.of(1000, 1220, 5)],
    ["x", Float64Array.of(0, 52.5, 9)],
    ["y", Float64Array.of(17.5, 0, 9)],
  ]);

  test("MaxTwo: a culture a well, each for as long as it was recorded", async () => {
    const path = hdf5("two.raw.h5", (opened) => {
      opened.create_group("wells");
      for (const [well, first] of [
        ["well000", 1_250_000],
        ["well006", 1_251_000],
      ] as const) {
        const at = opened.create_group(`wells/${well}`).create_group("rec0000");
        const settings = at.create_group("settings");
        settings.create_dataset({ name: "sampling", data: Float64Array.of(20_000) });
        settings.create_dataset({ name: "mapping", data: mapping, shape: [3] });
        at.create_dataset({ name: "start_time", data: BigInt64Array.of(1_714_557_600_000n) });
        at.create_dataset({ name: "stop_time", data: BigInt64Array.of(1_714_557_660_000n) });
        at.create_dataset({
          name: "spikes",
          data: spikes([first, first + 200, first + 400, first + 500], [0, 1, 0, -1]),
          shape: [4],
        });
      }
    });
    const { cultures, doubts } = await openRecordingFile(path);
    expect(cultures.map(({ culture, startSeconds }) => [culture, startSeconds])).toEqual([
      ["well000", 62.5],
      ["well006", 62.55],
    ]);
    for (const { durationSeconds } of cultures) expect(durationSeconds).toBeCloseTo(60, 9);
    expect(cultures[0].channels).toEqual([
      { name: "0", xUm: 0, yUm: 17.5, group: "well000", spikeCount: 2 },
      { name: "1", xUm: 52.5, yUm: 0, group: "well000", spikeCount: 1 },
    ]);
    expect(trains(cultures[1])).toEqual({ 0: [62.55, 62.57], 1: [62.56] });
    expect(doubts).toEqual([]);
  });

  test("a MaxTwo well without spikes is as long as the others", async () => {
    const path = hdf5("empty.raw.h5", (opened) => {
      opened.create_group("wells");
      for (const [well, frames] of [
        ["well001", [1_250_000, 1_270_000]],
        ["well004", []],
      ] as const) {
        const at = opened.create_group(`wells/${well}`).create_group("rec0000");
        at.create_group("settings").create_dataset({ name: "mapping", data: mapping, shape: [3] });
        const channels = frames.map(() => 0);
        at.create_dataset({ name: "spikes", data: spikes([...frames], channels), shape: [frames.length] });
      }
    });
    const { cultures, doubts } = await openRecordingFile(path);
    expect(
      cultures.map(({ culture, startSeconds, durationSeconds }) => [culture, startSeconds, durationSeconds]),
    ).toEqual([
      ["well001", 62.5, 1],
      ["well004", 62.5, 1],
    ]);
    expect(doubts).toEqual([]);
  });

  test("MaxOne of the first version, and of the one with a data store", async () => {
    const first = hdf5("one.raw.h5", (opened) => {
      opened
        .create_group("proc0")
        .create_dataset({ name: "spikeTimes", data: spikes([100, 300], [1, 1]), shape: [2] });
      opened.create_dataset({ name: "mapping", data: mapping, shape: [3] });
    });
    expect(trains(await openRecording(first))).toEqual({ 0: [], 1: [0.005, 0.015] });
    const store = hdf5("store.raw.h5", (opened) => {
      const at = opened.create_group("data_store").create_group("data0000");
      at.create_group("settings").create_dataset({ name: "mapping", data: mapping, shape: [3] });
      at.create_dataset({ name: "spikes", data: spikes([100, 300], [0, 1]), shape: [2] });
    });
    expect(trains(await openRecording(store))).toEqual({ 0: [0.005], 1: [0.015] });
  });
});

test("Multi Channel Systems: time stamps by label, in the unit that their table states", async () => {
  const path = hdf5("mcs.h5", (opened) => {
    const recording = opened.create_group("Data").create_group("Recording_0");
    recording.create_attribute("Duration", 60_000_000);
    const stream = recording.create_group("TimeStampStream").create_group("Stream_0");
    stream.create_attribute("DataSubType", "NeuralSpike");
    stream.create_dataset({
      name: "InfoTimeStamp",
      dtype: [
        ["TimeStampEntityID", "<i"],
        ["Exponent", "<i"],
        ["SourceChannelLabels", "A8"],
      ] as never,
      data: new Map<string, unknown>([
        ["TimeStampEntityID", Int32Array.of(0, 1)],
        ["Exponent", Int32Array.of(-6, -3)],
        ["SourceChannelLabels", ["12", "21"]],
      ]),
      shape: [2],
    });
    stream.create_dataset({
      name: "TimeStampEntity_0",
      data: BigInt64Array.of(1_000_100n, 59_000_000n),
      shape: [1, 2],
    });
    stream.create_dataset({ name: "TimeStampEntity_1", data: BigInt64Array.of(2500n), shape: [1, 1] });
  });
  const recording = await openRecording(path);
  expect(recording).toMatchObject({ source: "mcs-hdf5", startSeconds: 0, durationSeconds: 60 });
  expect(trains(recording)).toEqual({ 12: [1.0001, 59], 21: [2.5] });
});

describe("folders", () => {
  test("phy: by its folder or params.py, noise left out, samples by its rate", async () => {
    file("phy/spike_times.npy", makeNpy("<u8", [30, 60, 90, 120], "4, 1"));
    file("phy/spike_clusters.npy", makeNpy("<i4", [0, 2, 0, 7]));
    file("phy/cluster_group.tsv", "cluster_id\tgroup\n0\tgood\n2\tmua\n7\tnoise\n");
    const params = file("phy/params.py", "dat_path = 'x.dat'\nsample_rate = 30000.\n");
    for (const path of [join(folder, "phy"), params]) {
      const { cultures, doubts } = await openRecordingFile(path);
      expect(trains(cultures[0])).toEqual({ unit_0: [0.001, 0.003], unit_2: [0.002] });
      expect(cultures[0].channels.map(({ group }) => group)).toEqual(["good", "mua"]);
      expect(doubts).toMatchObject([
        { kind: "left-out", message: expect.stringMatching(/noise.*7 \(1 spikes\)/) },
      ]);
    }
    rmSync(params);
    await expect(openRecording(join(folder, "phy"))).rejects.toThrow(/expected sample_rate in params.py/);
    expect((await openRecording(join(folder, "phy"), { samplingRateHz: 60_000 })).durationSeconds).toBe(
      0.0015,
    );
  });

  test("phy: labels from cluster_info.tsv, wherever their column stands", async () => {
    file("info/spike_times.npy", makeNpy("<u8", [30, 60, 90]));
    file("info/spike_clusters.npy", makeNpy("<i4", [0, 2, 5]));
    file("info/cluster_info.tsv", "cluster_id\tch\tgroup\tn\n0\t12\tgood\t1\n2\t3\tnoise\t1\n5\t4\t\t1\n");
    file("info/params.py", "sample_rate = 30000.\n");
    const { channels } = await openRecording(join(folder, "info"));
    expect(channels.map(({ name, group }) => [name, group])).toEqual([
      ["unit_0", "good"],
      ["unit_5", undefined],
    ]);
  });

  test("Open Ephys: both versions, from the first spike, found below an outer folder", async () => {
    const structure = (at: string) =>
      JSON.stringify({ "GUI version": "0.6.7", spikes: [{ folder: at, sample_rate: 30_000 }] });
    const write = (at: string, names: readonly string[], structureAt: string) => {
      file(`${at}/structure.oebin`, structure(structureAt));
      const columns = [
        makeNpy("<i8", [30_000_030, 30_000_300, 30_900_000]),
        makeNpy("<u2", [1, 2, 1]),
        makeNpy("<u2", [0, 0, 3]),
      ];
      columns.forEach((content, i) => void file(`${at}/spikes/${structureAt}/${names[i]}`, content));
    };
    write(
      "oe/Record Node 1/experiment1/recording1",
      ["sample_numbers.npy", "electrode_indices.npy", "clusters.npy"],
      "Detector",
    );
    write("oe5", ["spike_times.npy", "spike_electrode_indices.npy", "spike_clusters.npy"], "Detector-1/");
    for (const path of [join(folder, "oe"), join(folder, "oe5"), join(folder, "oe5/structure.oebin")]) {
      const recording = await openRecording(path);
      expect(recording.startSeconds).toBe(1000.001);
      expect(trains(recording)).toEqual({ 1: [1000.001], "1_3": [1030], 2: [1000.01] });
    }
  });

  test("a folder without a recording is one clear line", async () => {
    mkdirSync(join(folder, "empty"));
    await expect(openRecording(join(folder, "empty"))).rejects.toThrow(
      /expected a recording, got a folder without one/,
    );
  });
});

test("Axion .spk: wells and electrodes by chip and channel, times of the trigger", async () => {
  const path = file(
    "a.spk",
    makeAxionSpk(
      [
        [1, 1, 1, 1, 0, 5],
        [1, 1, 2, 1, 0, 6],
        [3, 2, 4, 4, 1, 5],
      ],
      [
        { frame: 12_490, trigger: 10, chip: 0, channel: 5 },
        { frame: 25_000, trigger: 0, chip: 1, channel: 5 },
        { frame: 37_490, trigger: 10, chip: 0, channel: 5 },
      ],
    ),
  );
  const { cultures } = await openRecordingFile(path);
  expect(cultures.map(({ culture }) => culture)).toEqual(["A1", "B3"]);
  expect(trains(cultures[0])).toEqual({ A1_11: [1, 3], A1_21: [] });
  expect(trains(cultures[1])).toEqual({ B3_44: [2] });
  expect(cultures[0].meta.samplingRateHz).toBe(12_500);
});

test("Blackrock .nev: units apart, noise and digital events left out, both widths of time", async () => {
  for (const wide of [false, true]) {
    const spikes = [
      [30, 1, 0],
      [60, 7, 2],
      [75, 7, 255],
      [80, 0, 0],
      [90, 1, 0],
    ] as const;
    const { cultures, doubts } = await openRecordingFile(
      file(`${wide}.nev`, makeNev(spikes, { 7: "chan7" }, wide)),
    );
    expect(trains(cultures[0])).toEqual({ elec1: [0.001, 0.003], chan7_2: [0.002] });
    expect(doubts.map(({ kind }) => kind)).toEqual(["left-out"]);
  }
});

test("SpikeInterface: units of an archive, segments one after another; one that claims too much is refused", async () => {
  const arrays = {
    unit_ids: makeNpy("<i8", [3, 5, 9]),
    sampling_frequency: makeNpy("<f8", [10_000]),
    spike_indexes_seg0: makeNpy("<i8", [100, 200, 10_000]),
    spike_labels_seg0: makeNpy("<i8", [3, 5, 3]),
    spike_indexes_seg1: makeNpy("<i8", [0, 5000]),
    spike_labels_seg1: makeNpy("<i8", [5, 3]),
  };
  const archive = makeZip(Object.entries(arrays).map(([key, content]) => [`${key}.npy`, content]));
  const recording = await openRecording(file("sorting.npz", archive));
  expect(trains(recording)).toEqual({ unit_3: [0.01, 1, 1.5001], unit_5: [0.02, 1.0001], unit_9: [] });
  const bomb = makeZip([
    ["unit_ids.npy", arrays.unit_ids],
    ["sampling_frequency.npy", Buffer.alloc(1 << 28)],
    ["spike_indexes_seg0.npy", arrays.spike_indexes_seg0],
  ]);
  await expect(openRecording(file("bomb.npz", bomb))).rejects.toThrow(/claims 268435456 bytes from/);
  await expect(openRecording(file("other.npz", makeZip([["a.npy", arrays.unit_ids]])))).rejects.toThrow(
    /ZIP archive/,
  );
});

test("NeuroExplorer .nex: neurons, and the span of the recording", async () => {
  const path = file("a.nex", makeNex({ sig001a: [40, 80_000], sig002: [4000] }, 400_000));
  const recording = await openRecording(path);
  expect(recording.durationSeconds).toBe(10);
  expect(trains(recording)).toEqual({ sig001a: [0.001, 2], sig002: [0.1] });
});

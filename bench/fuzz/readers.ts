/** The readers of files, each with a small file of its format and the way to read all of one. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { File } from "h5wasm/node";
import { Cl1Writer } from "../../src/recording/cl1/writer.ts";
import { guarded, loadHdf5 } from "../../src/recording/hdf5.ts";
import { NwbWriter } from "../../src/recording/nwb/writer.ts";
import { EYELINK, makeEdf, makeEeglab, makeEeglab73 } from "../../src/recording/signals/testing.ts";
import {
  makeAxionSpk,
  makeIntan,
  makeNev,
  makeNex,
  makeNpy,
  makeXdf,
  makeZip,
  packed212,
} from "../../src/recording/testing/makers.ts";
import { READ } from "./read.ts";
import { wiringFiles } from "./wirings.ts";

const { spikes, signals, reading } = READ;

export interface FuzzedReader {
  readonly name: string;
  readonly extension: string;
  readonly original: Buffer;
  /** Of the damaged file, where its name matters. */
  readonly fileName?: string;
  /** Sound files that belong to it, by name. */
  readonly beside?: Readonly<Record<string, Buffer>>;
  /** Reads everything in the file; throws what the reader throws. */
  read(path: string): Promise<void>;
}

export async function fuzzedReaders(): Promise<FuzzedReader[]> {
  const text = (name: string, extension: string, content: string, read = spikes): FuzzedReader => ({
    name,
    extension,
    original: Buffer.from(content),
    read,
  });
  const binary = (name: string, extension: string, original: Buffer, read = signals): FuzzedReader => ({
    name,
    extension,
    original,
    read,
  });
  const wave = (length: number, scale: number) =>
    Array.from({ length }, (_, i) => Math.round(scale * Math.sin(i / 3)));
  const tal = (k: number) => `+${k}\x14\x14\0+${k}.5\x151\x14event ${k}\x14\0`;
  const records = [0, 1, 2, 3];
  const edf = makeEdf(
    [
      { label: "C3", physical: [-500, 500], records: records.map((k) => wave(32, 900 + k)) },
      { label: "EDF Annotations", length: 24, records: records.map(tal) },
    ],
    { reserved: "EDF+D" },
  );
  const bdf = makeEdf(
    [
      { label: "A1", records: records.map(() => wave(32, 70_000)) },
      { label: "Status", records: records.map((k) => wave(32, 3 + k)) },
    ],
    { bdf: true, statedRecords: -1 },
  );
  const samples = wave(4 * 60, 40);
  const rows = Array.from({ length: 60 }, (_, i) => i);
  return [
    binary("edf", "edf", edf),
    binary("bdf", "bdf", bdf),
    binary("eeglab", "set", makeEeglab(samples, 4)),
    binary("eeglab compressed", "set", makeEeglab(samples, 4, { compress: true })),
    text("eyelink", "asc", EYELINK, signals),
    text(
      "reading times",
      "csv",
      `,sentence_id,word_id,word,TRT,relFix\n${rows.map((i) => `${i},${i >> 3},${i & 7},"w,${i}",${i * 7}.0,0.125`).join("\n")}\n`,
      reading,
    ),
    ...(await hdf5Files(samples)),
    ...(await wiringFiles()),
    ...benchFormats(wave(3 * 128, 300)),
    text(
      "axion spike list",
      "csv",
      `Investigator,x,Time (s),Electrode,Amplitude(mV)\nSampling Frequency,12.5 kHz,0.1,A1_11,1\n${rows.map((i) => `,,${0.2 + i / 50},A1_1${i % 8},0.5`).join("\n")}\n`,
    ),
    text(
      "axion counts",
      "csv",
      `Well,Electrode,Second,SpikeCount,SpikeRate,TotalSpikeCount,TotalSpikeRate\n${rows.map((i) => `A1,${1 + (i % 4)},${i >> 2},${i % 5},0,0,0`).join("\n")}\n`,
    ),
    text(
      "binned",
      "csv",
      `time,unit_1,unit_2\n${rows.map((i) => `${i / 10},${i % 3},${i % 2}`).join("\n")}\n`,
    ),
    text("spike list", "csv", `time,channel\n${rows.map((i) => `${i / 10},${i % 7}`).join("\n")}\n`),
    text(
      "wells and trials",
      "csv",
      `well;trial;time_ms;electrode;treatment;dose\n${rows.map((i) => `A${1 + (i % 3)};${i % 4};${i},5;1${i % 2};x;${i % 3}`).join("\n")}\n`,
    ),
    text("bare list", "txt", `# channel time_s\n${rows.map((i) => ` ${i % 5} ${i / 7} `).join("\n")}\n`),
  ];
}

/** Formats of the bench: one file each, or one with those beside it. */
function benchFormats(steps: readonly number[]): FuzzedReader[] {
  const many = Array.from({ length: 60 }, (_, i) => i);
  const npz = Object.entries({
    unit_ids: makeNpy("<i8", [0, 1]),
    sampling_frequency: makeNpy("<f8", [1000]),
    spike_indexes_seg0: makeNpy("<i8", many),
    spike_labels_seg0: makeNpy(
      "<i8",
      many.map((i) => i % 2),
    ),
  });
  const rows = many.map((i) => [i, i + 1]);
  const amp = {
    name: "amp",
    rateHz: 100,
    samples: rows,
    times: many.map((i) => i / 100),
    offsets: [[0, 1]] as const,
  };
  const marks = { name: "m", rateHz: 0, samples: ["a", "b"], times: [0.1, 0.2], offsets: [] };
  const ini =
    "Brain Vision Data Exchange Header File Version 1.0\n[Common Infos]\nDataFile=d.eeg\nNumberOfChannels=2\nSamplingInterval=2000\n[Binary Infos]\nBinaryFormat=INT_16\n[Channel Infos]\nCh1=Fz,,0.5,uV\nCh2=Cz,,1,uV\n";
  const int16 = Buffer.from(Int16Array.from(steps).buffer);
  const places = [1, 2, 3].map((column) => [column, 1, 1, 1, 0, column]);
  const phy = {
    "params.py": Buffer.from("sample_rate = 30000.\n"),
    "spike_clusters.npy": makeNpy(
      "<i4",
      many.map((i) => i % 5),
    ),
  };
  const structure = JSON.stringify({
    "GUI version": "0.6.4",
    continuous: [],
    events: [],
    spikes: [{ folder: "S/", sample_rate: 30_000, stream_name: "s", num_channels: 1 }],
  });
  const made = (name: string, extension: string, original: Buffer, read = spikes): FuzzedReader => ({
    name,
    extension,
    original,
    read,
  });
  return [
    made("intan rhd", "rhd", makeIntan({ channels: { a: steps, b: steps } }), signals),
    made("intan rhs", "rhs", makeIntan({ channels: { a: steps }, stimulating: true }), signals),
    made("xdf", "xdf", makeXdf([amp, marks]), signals),
    { ...made("brainvision", "vhdr", Buffer.from(ini), signals), beside: { "d.eeg": int16 } },
    {
      ...made(
        "wfdb",
        "hea",
        Buffer.from("r 2 360 90\nd.dat 212 200(0)/mV 11 0 5 0 0 A\nd.dat 212 200 11 0 5 0 0 B\n"),
        signals,
      ),
      beside: { "d.dat": packed212(steps) },
    },
    made(
      "axion spk",
      "spk",
      makeAxionSpk(
        places,
        many.map((i) => ({ frame: 500 * i, trigger: 10, chip: 0, channel: 1 + (i % 3) })),
      ),
    ),
    made(
      "blackrock nev",
      "nev",
      makeNev(
        many.map((i) => [300 * i, 1 + (i % 4), i % 2] as const),
        { 1: "one" },
      ),
    ),
    made(
      "neuroexplorer nex",
      "nex",
      makeNex({ a: many.map((i) => 40 * i), b: many.map((i) => 70 * i) }, 9000),
    ),
    made("spikeinterface npz", "npz", makeZip(npz.map(([key, content]) => [`${key}.npy`, content]))),
    {
      ...made(
        "phy",
        "npy",
        makeNpy(
          "<u8",
          many.map((i) => 100 * i),
        ),
      ),
      fileName: "spike_times.npy",
      beside: phy,
    },
    {
      ...made("open ephys", "oebin", Buffer.from(structure)),
      fileName: "structure.oebin",
      beside: {
        "spikes/S/sample_numbers.npy": makeNpy(
          "<i8",
          many.map((i) => 100 * i),
        ),
        "spikes/S/electrode_indices.npy": makeNpy(
          "<u2",
          many.map((i) => i % 4),
        ),
        "spikes/S/clusters.npy": makeNpy(
          "<u2",
          many.map((i) => i % 2),
        ),
      },
    },
  ];
}

/** One small file for each HDF5 layout, made by the library and our writers. */
async function hdf5Files(eeg: readonly number[]): Promise<FuzzedReader[]> {
  await loadHdf5();
  const folder = mkdtempSync(join(tmpdir(), "wetgrad-fuzz-"));
  try {
    const mea = join(folder, "mea.h5");
    guarded("make a file", () => {
      const file = new File(mea, "w");
      const times = Float64Array.from({ length: 90 }, (_, i) => (i % 30) / 4);
      file.create_dataset({ name: "spikes", data: times, shape: [90], chunks: [32], compression: "gzip" });
      file.create_dataset({ name: "sCount", data: Int32Array.of(30, 30, 30) });
      file.create_dataset({ name: "names", data: ["ch_11", "ch_12", "ch_13"] });
      file.create_dataset({ name: "epos", data: Float64Array.of(0, 1, 2, 3, 4, 5), shape: [2, 3] });
      file.close();
    });
    const nwb = join(folder, "x.nwb");
    const writer = await NwbWriter.create(nwb, {
      identifier: "x",
      description: "x",
      startTime: "2000-01-01T00:00:00Z",
      framesPerSecond: 25_000,
      device: { name: "d", description: "d" },
      electrodes: [0, 1, 2].map((i) => ({ xUm: i, yUm: 0, location: "z" })),
      subject: { id: "s", description: "s" },
    });
    const origin = { seed: 1, code: "assigned", arm: "descent", cycle: 0, phase: "train" };
    const unit = (channel: number) => ({
      channel,
      spikeTimes: [1, 2, 3, 4.5],
      startSeconds: 0,
      stopSeconds: 9,
    });
    writer.appendUnits(origin, [0, 1, 2].map(unit));
    writer.close();
    const cl1 = join(folder, "cl1.h5");
    const cl = await Cl1Writer.create(cl1, {});
    for (let i = 0; i < 40; i++) cl.spike(i * 1000, i % 64);
    cl.close(50_000);
    const frames = new Map<string, unknown>([
      ["frameno", BigInt64Array.from({ length: 60 }, (_, i) => BigInt(1_000_000 + 400 * i))],
      ["channel", Int32Array.from({ length: 60 }, (_, i) => i % 3)],
    ]);
    const maxwell = join(folder, "maxwell.h5");
    const mcs = join(folder, "mcs.h5");
    guarded("make files", () => {
      const file = new File(maxwell, "w");
      const at = file.create_group("wells").create_group("well000").create_group("rec0000");
      at.create_group("settings").create_dataset({ name: "sampling", data: Float64Array.of(20_000) });
      at.create_dataset({ name: "spikes", data: frames, shape: [60] });
      file.close();
      const other = new File(mcs, "w");
      const recording = other.create_group("Data").create_group("Recording_0");
      const stream = recording.create_group("TimeStampStream").create_group("Stream_0");
      const ids = new Map<string, unknown>([["TimeStampEntityID", Int32Array.of(0)]]);
      stream.create_dataset({ name: "InfoTimeStamp", data: ids, shape: [1] });
      const times = BigInt64Array.from({ length: 60 }, (_, i) => BigInt(50_000 * i));
      stream.create_dataset({ name: "TimeStampEntity_0", data: times, shape: [1, 60] });
      other.close();
    });
    const series = join(folder, "series.nwb");
    guarded("make a file", () => {
      const file = new File(series, "w");
      file.create_attribute("nwb_version", "2.7.0");
      const group = file.create_group("acquisition").create_group("raw");
      group.create_attribute("neurodata_type", "ElectricalSeries");
      const data = Int16Array.from({ length: 600 }, (_, i) => i);
      const made = group.create_dataset({
        name: "data",
        data,
        shape: [200, 3],
        chunks: [64, 3],
        maxshape: [null, 3],
      });
      made.create_attribute("unit", "volts");
      made.create_attribute("conversion", 1e-6);
      group.create_dataset({ name: "starting_time", data: 1 }).create_attribute("rate", 1000);
      file.close();
    });
    const mat73 = await makeEeglab73(join(folder, "mat73.h5"), eeg, 4);
    return [
      { name: "mea hdf5", extension: "h5", original: readFileSync(mea), read: spikes },
      { name: "nwb", extension: "nwb", original: readFileSync(nwb), read: spikes },
      { name: "maxwell hdf5", extension: "h5", original: readFileSync(maxwell), read: spikes },
      { name: "mcs hdf5", extension: "h5", original: readFileSync(mcs), read: spikes },
      { name: "cl1 hdf5", extension: "h5", original: readFileSync(cl1), read: spikes },
      { name: "eeglab 7.3", extension: "set", original: mat73, read: signals },
      { name: "nwb series", extension: "nwb", original: readFileSync(series), read: signals },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

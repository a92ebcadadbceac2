/** Recordings of any length, one for each reader that streams: the same activity in each, by the formats' makers. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { File } from "h5wasm/node";
import { Cl1Writer } from "../../src/recording/cl1/writer.ts";
import { guarded } from "../../src/recording/hdf5.ts";
import { makeEdf } from "../../src/recording/signals/testing.ts";
import {
  makeAxionSpk,
  makeIntan,
  makeNev,
  makeNex,
  makeNpy,
  makeXdf,
  packed212,
} from "../../src/recording/testing/makers.ts";

export interface LongFile {
  readonly name: string;
  readonly holds: "spikes" | "signals";
  /** Writes `seconds` of it below `folder`, and says what to open. */
  write(folder: string, seconds: number): Promise<string> | string;
}

const CHANNELS = 16;
/** Of each channel. */
const SPIKES_HZ = 15;
const SIGNAL_CHANNELS = 4;
const SIGNAL_HZ = 200;

/** `[seconds, channel]` in the order of time. */
const spikesOf = (seconds: number) =>
  Array.from({ length: seconds * SPIKES_HZ * CHANNELS }, (_, i): [number, number] => [
    i / SPIKES_HZ / CHANNELS,
    i % CHANNELS,
  ]);
const trainOf = (seconds: number, channel: number) =>
  Array.from({ length: seconds * SPIKES_HZ }, (_, i) => (i + channel / CHANNELS) / SPIKES_HZ);
const wave = (samples: number) =>
  Array.from({ length: samples }, (_, i) => Math.round(300 * Math.sin(i / 9)));

function saved(folder: string, name: string, content: string | Buffer): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

function hdf5(folder: string, name: string, make: (file: File) => void): string {
  const path = join(folder, name);
  guarded("make a file", () => {
    const file = new File(path, "w");
    make(file);
    file.close();
  });
  return path;
}

const spikes = (name: string, write: LongFile["write"]): LongFile => ({ name, holds: "spikes", write });
const signals = (name: string, write: LongFile["write"]): LongFile => ({ name, holds: "signals", write });

const rows = (seconds: number, row: (time: number, channel: number) => string) =>
  spikesOf(seconds)
    .map(([time, channel]) => row(time, channel))
    .join("\n");

const LISTS = [
  spikes("spike list", (folder, seconds) =>
    saved(folder, "list.csv", `time,channel\n${rows(seconds, (time, c) => `${time},${c}`)}\n`),
  ),
  spikes("Axion spike list", (folder, seconds) =>
    saved(
      folder,
      "axion.csv",
      `Investigator,,Time (s),Electrode,Amplitude(mV)\n${rows(seconds, (time, c) => `,,${time},A1_${11 + c},0.02`)}\n`,
    ),
  ),
  spikes("binned CSV", (folder, seconds) => {
    const names = Array.from({ length: CHANNELS }, (_, c) => `unit_${c}`).join(",");
    const counts = Array.from({ length: CHANNELS }, (_, c) => c % 2).join(",");
    const bins = Array.from({ length: seconds * 10 }, (_, i) => `${i / 10},${counts}`);
    return saved(folder, "binned.csv", `time,${names}\n${bins.join("\n")}\n`);
  }),
];

const HDF5 = [
  spikes("MEA HDF5", (folder, seconds) =>
    hdf5(folder, "mea.h5", (file) => {
      const all = Array.from({ length: CHANNELS }, (_, c) => trainOf(seconds, c));
      file.create_dataset({ name: "spikes", data: Float64Array.from(all.flat()), chunks: [4096] });
      file.create_dataset({ name: "sCount", data: Int32Array.from(all, (train) => train.length) });
    }),
  ),
  spikes("NWB", (folder, seconds) =>
    hdf5(folder, "units.nwb", (file) => {
      file.create_attribute("nwb_version", "2.7.0");
      const units = file.create_group("units");
      const all = Array.from({ length: CHANNELS }, (_, c) => trainOf(seconds, c));
      units.create_dataset({ name: "spike_times", data: Float64Array.from(all.flat()), chunks: [4096] });
      const ends = all.map((train, c) => train.length * (c + 1));
      units.create_dataset({ name: "spike_times_index", data: Uint32Array.from(ends) });
      units.create_dataset({ name: "id", data: Int32Array.from(all.keys()) });
    }),
  ),
  spikes("MaxWell HDF5", (folder, seconds) =>
    hdf5(folder, "max.raw.h5", (file) => {
      const all = spikesOf(seconds);
      const data = new Map<string, unknown>([
        ["frameno", BigInt64Array.from(all, ([time]) => BigInt(Math.round(time * 20_000)))],
        ["channel", Int32Array.from(all, ([, channel]) => channel)],
      ]);
      const at = file.create_group("wells").create_group("well000").create_group("rec0000");
      at.create_group("settings").create_dataset({ name: "sampling", data: Float64Array.of(20_000) });
      at.create_dataset({ name: "spikes", data, shape: [all.length], chunks: [4096] });
    }),
  ),
  spikes("MCS HDF5", (folder, seconds) =>
    hdf5(folder, "mcs.h5", (file) => {
      const stream = file
        .create_group("Data")
        .create_group("Recording_0")
        .create_group("TimeStampStream")
        .create_group("Stream_0");
      const ids = new Map<string, unknown>([
        ["TimeStampEntityID", Int32Array.from({ length: CHANNELS }, (_, c) => c)],
      ]);
      stream.create_dataset({ name: "InfoTimeStamp", data: ids, shape: [CHANNELS] });
      for (let c = 0; c < CHANNELS; c++) {
        const times = BigInt64Array.from(trainOf(seconds, c), (time) => BigInt(Math.round(time * 1e6)));
        stream.create_dataset({ name: `TimeStampEntity_${c}`, data: times, shape: [1, times.length] });
      }
    }),
  ),
  spikes("CL1 HDF5", async (folder, seconds) => {
    const path = join(folder, "cl1.h5");
    const writer = await Cl1Writer.create(path, {});
    for (const [time, channel] of spikesOf(seconds)) writer.spike(Math.round(time * 25_000), channel);
    writer.close(seconds * 25_000);
    return path;
  }),
];

const BINARY = [
  spikes("Axion .spk", (folder, seconds) => {
    const places = Array.from({ length: CHANNELS }, (_, c) => [1, 1, 1 + (c % 4), 1 + (c >> 2), 0, c]);
    const all = spikesOf(seconds).map(([time, channel]) => ({
      frame: Math.round(time * 12_500),
      trigger: 10,
      chip: 0,
      channel,
    }));
    return saved(folder, "a.spk", makeAxionSpk(places, all));
  }),
  spikes("Blackrock .nev", (folder, seconds) =>
    saved(
      folder,
      "a.nev",
      makeNev(spikesOf(seconds).map(([time, c]) => [Math.round(time * 30_000), 1 + c, 1] as const)),
    ),
  ),
  spikes("NeuroExplorer .nex", (folder, seconds) => {
    const neurons = Object.fromEntries(
      Array.from({ length: CHANNELS }, (_, c) => [
        `n${c}`,
        trainOf(seconds, c).map((time) => Math.round(time * 40_000)),
      ]),
    );
    return saved(folder, "a.nex", makeNex(neurons, seconds * 40_000));
  }),
  spikes("phy folder", (folder, seconds) => {
    const at = join(folder, "phy");
    mkdirSync(at, { recursive: true });
    const all = spikesOf(seconds);
    const times = all.map(([time]) => Math.round(time * 30_000));
    saved(at, "spike_times.npy", makeNpy("<u8", times));
    saved(
      at,
      "spike_clusters.npy",
      makeNpy(
        "<i4",
        all.map(([, channel]) => channel),
      ),
    );
    saved(at, "params.py", "sample_rate = 30000.\n");
    return at;
  }),
];

const SIGNALS = [
  signals("EDF", (folder, seconds) => {
    const record = wave(SIGNAL_HZ);
    const records = Array.from({ length: seconds }, () => record);
    const made = Array.from({ length: SIGNAL_CHANNELS }, (_, c) => ({ label: `C${c}`, records }));
    return saved(folder, "a.edf", makeEdf(made));
  }),
  signals("BrainVision", (folder, seconds) => {
    const channels = Array.from({ length: SIGNAL_CHANNELS }, (_, c) => `Ch${c + 1}=E${c},,1,uV\n`).join("");
    saved(folder, "a.eeg", Buffer.from(Int16Array.from(wave(seconds * SIGNAL_HZ * SIGNAL_CHANNELS)).buffer));
    return saved(
      folder,
      "a.vhdr",
      `Brain Vision Data Exchange Header File Version 1.0\n[Common Infos]\nDataFile=a.eeg\nNumberOfChannels=${SIGNAL_CHANNELS}\nSamplingInterval=${1e6 / SIGNAL_HZ}\n[Binary Infos]\nBinaryFormat=INT_16\n[Channel Infos]\n${channels}`,
    );
  }),
  signals("WFDB 212", (folder, seconds) => {
    saved(folder, "a.dat", packed212(wave(seconds * SIGNAL_HZ * 2)));
    const signal = (label: string) => `a.dat 212 200(0)/mV 12 0 0 0 0 ${label}\n`;
    return saved(folder, "a.hea", `a 2 ${SIGNAL_HZ}\n${signal("I")}${signal("II")}`);
  }),
  signals("Intan .rhd", (folder, seconds) => {
    const steps = wave(Math.floor((seconds * SIGNAL_HZ) / 128) * 128);
    return saved(
      folder,
      "a.rhd",
      makeIntan({ channels: { a: steps, b: steps, c: steps }, rateHz: SIGNAL_HZ }),
    );
  }),
  signals("XDF", (folder, seconds) => {
    const samples = wave(seconds * SIGNAL_HZ).map((value) => [value, -value]);
    const times = samples.map((_, i) => i / SIGNAL_HZ);
    return saved(
      folder,
      "a.xdf",
      makeXdf([{ name: "amp", rateHz: SIGNAL_HZ, samples, times, offsets: [[0, 1]] }]),
    );
  }),
  signals("EyeLink ASC", (folder, seconds) => {
    const samples = wave(seconds * SIGNAL_HZ).map(
      (value, i) => `${1000 + 5 * i}\t${500 + value / 10}\t300.0\t1000.0\t...`,
    );
    const head = "START\t1000\tLEFT\tSAMPLES\tEVENTS\nSAMPLES\tGAZE\tLEFT\tRATE\t 200.00\n";
    return saved(
      folder,
      "a.asc",
      `${head}${samples.join("\n")}\nEND\t${1000 + 5 * samples.length}\tSAMPLES\n`,
    );
  }),
  signals("NWB series", (folder, seconds) =>
    hdf5(folder, "raw.nwb", (file) => {
      file.create_attribute("nwb_version", "2.7.0");
      const group = file.create_group("acquisition").create_group("raw");
      group.create_attribute("neurodata_type", "ElectricalSeries");
      const data = Int16Array.from(wave(seconds * SIGNAL_HZ * SIGNAL_CHANNELS));
      const shape = [seconds * SIGNAL_HZ, SIGNAL_CHANNELS];
      const made = group.create_dataset({ name: "data", data, shape, chunks: [4096, SIGNAL_CHANNELS] });
      made.create_attribute("unit", "volts");
      group.create_dataset({ name: "starting_time", data: 0 }).create_attribute("rate", SIGNAL_HZ);
    }),
  ),
];

export const LONG_FILES: readonly LongFile[] = [...LISTS, ...HDF5, ...BINARY, ...SIGNALS];

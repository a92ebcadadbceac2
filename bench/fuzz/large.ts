/** Files that ask for much: very many channels, names, events, or samples that take little room. One for each format that can. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { File } from "h5wasm/node";
import { guarded, loadHdf5 } from "../../src/recording/hdf5.ts";
import { makeEdf } from "../../src/recording/signals/testing.ts";
import { makeAxionSpk, makeNev, makeNex, makeNpy, makeXdf } from "../../src/recording/testing/makers.ts";
import type { Contents } from "./read.ts";

export interface LargeFile {
  readonly name: string;
  readonly contents: Contents;
  /** Writes it into an empty folder; gives its path. */
  write(folder: string): Promise<string> | string;
}

/** As many names as the largest file of a laboratory has spikes. */
const MANY = 200_000;
const many = (count = MANY) => Array.from({ length: count }, (_, i) => i);

const text = (name: string, content: () => string, contents: Contents = "spikes"): LargeFile => ({
  name,
  contents,
  write: (folder) => written(folder, "large.csv", content()),
});
const binary = (name: string, file: string, content: () => Buffer, contents: Contents = "spikes") => ({
  name,
  contents,
  write: (folder: string) => written(folder, file, content()),
});

export const LARGE: readonly LargeFile[] = [
  text(
    "spike list",
    () =>
      `time,channel\n${many()
        .map((i) => `${i / 10},name ${i}`)
        .join("\n")}\n`,
  ),
  text(
    "spike list in wells",
    () =>
      `time,channel,well\n${many()
        .map((i) => `${i / 10},name ${i},${i % 4000}`)
        .join("\n")}\n`,
  ),
  text(
    "spike list of one channel",
    () =>
      `time,channel\n${many(1_000_000)
        .map((i) => `${i / 10},1`)
        .join("\n")}\n`,
  ),
  text(
    "axion spike list",
    () =>
      `Investigator,x,Time (s),Electrode,Amplitude(mV)\n${many()
        .map((i) => `,,${i / 10},E${i},0.5`)
        .join("\n")}\n`,
  ),
  text(
    "axion counts",
    () =>
      `Well,Electrode,Second,SpikeCount,SpikeRate\n${many()
        .map((i) => `A1,${i},0,${i % 5},0`)
        .join("\n")}\n`,
  ),
  text("binned", () => {
    const columns = many(20_000);
    const row = (t: number) => `${t},${columns.map((i) => i % 2).join(",")}`;
    return `time,${columns.map((i) => `unit_${i}`).join(",")}\n${[0, 1, 2, 3].map(row).join("\n")}\n`;
  }),
  text(
    "reading times",
    () =>
      `,sentence_id,word_id,word,TRT,relFix\n${many()
        .map((i) => `${i},${i},0,word${i},${i}.0,0.5`)
        .join("\n")}\n`,
    "reading",
  ),
  {
    name: "gzipped spike list",
    contents: "spikes",
    write: (folder) =>
      written(
        folder,
        "large.csv.gz",
        gzipSync(
          `time,channel\n${many(1_000_000)
            .map((i) => `${i},1`)
            .join("\n")}\n`,
        ),
      ),
  },
  binary(
    "edf",
    "large.edf",
    () =>
      makeEdf(
        many(4000).map((i) => ({
          label: `ch ${i}`,
          physical: [-500, 500] as const,
          records: [[0, 1, 2, 3]],
        })),
        {},
      ),
    "signals",
  ),
  binary(
    "xdf",
    "large.xdf",
    () =>
      makeXdf(many(2000).map((i) => ({ name: `s${i}`, rateHz: 0, samples: ["a"], times: [i], offsets: [] }))),
    "signals",
  ),
  binary("blackrock nev", "large.nev", () =>
    makeNev(
      many().map((i) => [30 * i, 1 + (i % 10_000), 0] as const),
      {},
    ),
  ),
  binary("neuroexplorer nex", "large.nex", () =>
    makeNex(Object.fromEntries(many(50_000).map((i) => [`unit ${i}`, [i]])), 1_000_000),
  ),
  binary("axion spk", "large.spk", () =>
    makeAxionSpk(
      many(3).map((i) => [i + 1, 1, 1, 1, 0, i + 1]),
      many(50_000).map((i) => ({ frame: 10 * i, trigger: 10, chip: 0, channel: 1 + (i % 3) })),
    ),
  ),
  {
    name: "phy",
    contents: "spikes",
    write(folder) {
      writeFileSync(join(folder, "params.py"), "sample_rate = 30000.\n");
      writeFileSync(join(folder, "spike_clusters.npy"), makeNpy("<i4", many()));
      return written(folder, "spike_times.npy", makeNpy("<u8", many()));
    },
  },
  hdf5("mea hdf5", (file) => {
    file.create_dataset({ name: "spikes", data: Float64Array.from(many()), chunks: [4096] });
    file.create_dataset({ name: "sCount", data: new Int32Array(MANY).fill(1) });
    file.create_dataset({ name: "names", data: many().map((i) => `name ${i}`) });
  }),
  hdf5("mea hdf5 of one chunk", (file) => {
    const spikes = new Float64Array(4_000_000);
    file.create_dataset({ name: "spikes", data: spikes, chunks: [spikes.length], compression: "gzip" });
    file.create_dataset({ name: "sCount", data: Int32Array.of(spikes.length) });
  }),
  hdf5("maxwell hdf5", (file) => {
    const at = file.create_group("wells").create_group("well000").create_group("rec0000");
    at.create_group("settings").create_dataset({ name: "sampling", data: Float64Array.of(20_000) });
    const frames = new Map<string, unknown>([
      ["frameno", BigInt64Array.from(many(), (i) => BigInt(400 * i))],
      ["channel", Int32Array.from(many())],
    ]);
    at.create_dataset({ name: "spikes", data: frames, shape: [MANY] });
  }),
];

function hdf5(name: string, fill: (file: File) => void): LargeFile {
  return {
    name,
    contents: "spikes",
    async write(folder) {
      await loadHdf5();
      const path = join(folder, "large.h5");
      guarded("make a file", () => {
        const file = new File(path, "w");
        fill(file);
        file.close();
      });
      return path;
    },
  };
}

function written(folder: string, name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { File } from "h5wasm/node";
import { afterAll, describe, expect, test } from "vitest";
import { allSpikes, type Recording, RecordingError } from "./contract.ts";
import { guarded, loadHdf5 } from "./hdf5.ts";
import { openRecording, openRecordingFile } from "./open.ts";

const shared = fileURLToPath(new URL("../../../shared/recordings/", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "wetgrad-open-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** Every spike as [channel name, seconds]. */
function spikesOf(recording: Recording): [string, number][] {
  return recording.channels.flatMap(({ name }, i) =>
    Array.from(allSpikes(recording, i), (time): [string, number] => [name, time]),
  );
}

describe.runIf(existsSync(shared))("real recordings (skipped where ../shared/recordings is missing)", () => {
  // Numbers from the descriptions that came with the data, not from our readers.
  test.each([
    {
      path: "g2chvc-cultures/C57_CTX_G2CEPHYS1_TC11_DIV07_A.h5",
      source: "mea-hdf5",
      channels: 44,
      spikes: 11_137,
      durationSeconds: 911.4,
    },
    {
      path: "g2chvc-cultures/C57_CTX_G2CEPHYS3_TC21_DIV28_D.h5",
      source: "mea-hdf5",
      channels: 59,
      spikes: 822_104,
      durationSeconds: 911.1,
    },
    {
      path: "hipsc-burst2016/hiPSN_tc65_d41_spikes6sd.h5",
      source: "mea-hdf5",
      channels: 27,
      spikes: 12_876,
      durationSeconds: 301,
    },
    {
      path: "retina-waverepo/Blankenship2011_WT_01.h5",
      source: "mea-hdf5",
      channels: 55,
      spikes: 127_716,
      durationSeconds: 3131,
    },
    {
      path: "axion-csv-mearttools/exampleRecording_1012016_plate1_DIV3_spike_list.csv.gz",
      source: "axion-spike-list",
      channels: 269,
      spikes: 100_957,
      durationSeconds: 57.67824,
    },
    {
      path: "axion-csv-mearttools/exampleRecording_1012016_plate1_DIV4_spike_list.csv.gz",
      source: "axion-spike-list",
      channels: 268,
      spikes: 106_530,
      durationSeconds: 61.7608,
    },
    {
      path: "organoid-axion-counts/rgo_spike_list.csv",
      source: "axion-counts",
      channels: 15,
      spikes: 3133,
      durationSeconds: 610,
    },
    {
      path: "mc-maze-trial/trial_748_data.csv",
      source: "binned-csv",
      channels: 182,
      spikes: 1654,
      durationSeconds: 3.236,
    },
    {
      path: "nwb-neuropixels-psb/A8604-211122.nwb",
      source: "nwb",
      channels: 3,
      spikes: 21_354,
      durationSeconds: 1087.5289,
    },
  ])("$path", async ({ path, source, channels, spikes, durationSeconds }) => {
    const recording = await openRecordingFile(join(shared, path));
    const { cultures } = recording;
    expect(recording.source).toBe(source);
    for (const culture of cultures) expect(culture.durationSeconds).toBe(durationSeconds);
    const all = cultures.flatMap((culture) => culture.channels);
    expect(all.length).toBe(channels);
    expect(all.reduce((sum, channel) => sum + channel.spikeCount, 0)).toBe(spikes);
    for (const culture of cultures)
      if (!culture.counts)
        for (const [i, channel] of culture.channels.entries())
          expect(allSpikes(culture, i).length).toBe(channel.spikeCount);
    recording.close();
  });

  test("what the files tell of the preparation", async () => {
    const culture = await openRecording(join(shared, "g2chvc-cultures/C57_CTX_G2CEPHYS1_TC11_DIV21_A.h5"));
    expect(culture.meta).toMatchObject({
      divDays: 21,
      region: "ctx",
      species: "mouse",
      layout: "MCS_8x8_200um",
    });
    expect(culture.channels[0]).toMatchObject({ name: "ch_12A_unit_0", xUm: 200, yUm: 1400 });
    culture.close();
    const axion = readdirSync(join(shared, "axion-csv-mearttools")).find((name) => name.includes("DIV3"))!;
    const plate = await openRecordingFile(join(shared, "axion-csv-mearttools", axion));
    expect(plate.cultures[0].meta).toMatchObject({ divDays: 18, samplingRateHz: 12_500 }); // the raw file's, not the label's
    expect(plate.cultures.length).toBe(20);
    plate.close();
  });

  test("counts are counts: no spike times are made up", async () => {
    const organoid = await openRecording(join(shared, "organoid-axion-counts/rgo_spike_list.csv"));
    expect(() => organoid.readSpikes(0)).toThrow(/counts per second only/);
    const counts = organoid.channels.map((_, channel) => organoid.counts!.read(channel));
    expect(counts.every((bins) => bins.length === 610)).toBe(true);
    expect(counts.flatMap((bins) => [...bins]).reduce((a, b) => a + b)).toBe(3133);
  });

  test.each(["1.1.2_nwbfile.nwb", "2.1.0_nwbfile_with_extension.nwb"])(
    "%s holds no units and says so",
    async (name) => {
      await expect(openRecording(join(shared, "nwb-backcompat", name))).rejects.toThrow(
        /NWB 2\.\d\.0 file without spikes/,
      );
    },
  );

  test("a damaged HDF5 file opens or is one clear error, never a crash or garbage without a word", async () => {
    const bytes = readFileSync(join(shared, "hipsc-burst2016/hiPSN_tc65_d41_spikes6sd.h5"));
    const outcomes = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        fc.nat(bytes.length - 1),
        fc.integer({ min: 1, max: 400 }),
        fc.boolean(),
        async (at, length, cut) => {
          const damaged = cut ? bytes.subarray(0, at) : Buffer.from(bytes);
          if (!cut) damaged.fill(0xa5, at, Math.min(bytes.length, at + length));
          const path = file("damaged.h5", damaged);
          try {
            const recording = await openRecording(path);
            spikesOf(recording);
            recording.close();
            outcomes.add("opened");
          } catch (error) {
            expect(error).toBeInstanceOf(RecordingError);
            expect((error as Error).message).not.toContain("\n");
            outcomes.add("refused");
          }
        },
      ),
      { numRuns: 60, seed: 7 },
    );
    expect(outcomes.has("refused")).toBe(true);
  });
});

test("a table that claims more than its file can hold is refused, not read for hours", async () => {
  await loadHdf5();
  const path = file("claims.h5", "");
  guarded("write", () => {
    const hdf5 = new File(path, "w");
    const times = { data: Float64Array.of(1, 2), shape: [2], maxshape: [null], chunks: [2] };
    hdf5.create_dataset({ name: "spikes", ...times }).resize([2 ** 44]);
    hdf5.create_dataset({ name: "sCount", data: Int32Array.of(2) });
    hdf5.close();
  });
  await expect(openRecording(path)).rejects.toThrow(
    /spikes: claims 140737488355328 bytes, more than a file of \d+ can/,
  );
});

describe("spike lists", () => {
  const expected: [string, number][] = [
    ["2", 0.25],
    ["2", 1.5],
    ["10", 0.5],
  ];
  test.each([
    ["header", "time,channel\n0.25,2\n0.5,10\n1.5,2\n"],
    [
      "units in the header, columns in another order",
      "electrode;amp;Time (ms)\n2;-3;250\n10;-4;500\n2;-3;1500\n",
    ],
    [
      "no header, tabs, out of order, comments, Windows line ends",
      "# spikes\r\n10\t0.5\r\n2\t1.5\r\n2\t0.25\r\n",
    ],
    ["spaces, no last line end", "0.25 2\n0.5  10\n1.5 2"],
    [
      "Axion without settings",
      "Time (s),Electrode,Amplitude(mV)\n0.25,2,1\n0.5,10,1\n1.5,2,1\nWell Information,A1,A2\n",
    ],
  ])("%s", async (name, content) => {
    for (const path of [file(`${name}.csv`, content), file(`${name}.txt.gz`, gzipSync(content))]) {
      const recording = await openRecording(path);
      expect(spikesOf(recording)).toEqual(expected);
      recording.close();
    }
  });

  test("binned counts: spikes at the start of their bin, several spread over it", async () => {
    const path = file("binned.csv", "timestamp,hand_x,unit_1,unit_2\n5,9,1,0\n5.5,9,0,2\n");
    const recording = await openRecording(path);
    expect(spikesOf(recording)).toEqual([
      ["unit_1", 0],
      ["unit_2", 0.5],
      ["unit_2", 0.75],
    ]);
    expect(recording.durationSeconds).toBe(1);
  });

  test.each([
    ["nothing in it", "", /empty/],
    ["prose", "Dear editor,\nplease find enclosed\n", /holds no spikes/],
    ["a series", "YEAR,SUNACTIVITY\n1700,5\n1701,11\n", /holds no spikes/],
    ["a bad row", "time,channel\n0.1,1\nx,2\n", /:3: expected a time and a channel, got "x,2"/],
    [
      "a bad Axion row",
      "Time (s),Electrode,Amplitude(mV)\n0.1,A1_11,1\n0.2,,1\n",
      /:3: expected a time in seconds/,
    ],
    ["a bad bin", "time,unit_1,unit_2\n0,1,0\n1,1,-1\n", /:3: expected counts, got "-1" for unit_2/],
    [
      "bins that go back",
      "time,unit_1,unit_2\n0,1,0\n1,0,0\n0.5,0,0\n",
      /:4: expected 3 columns and a time after 1/,
    ],
    ["one bin", "time,unit_1,unit_2\n0,1,0\n", /at least two bins/],
    ["broken gzip", gzipSync("time,channel\n0.1,1\n".repeat(999)).subarray(0, 40), /cannot be read/],
  ])("%s is one clear line", async (name, content, message) => {
    const refusal = await openRecording(file(`${name}.csv`, content)).catch((error: Error) => error);
    expect(refusal).toBeInstanceOf(RecordingError);
    expect((refusal as Error).message).toMatch(message);
    expect((refusal as Error).message).not.toContain("\n");
  });

  test("no file and a folder are clear lines", async () => {
    await expect(openRecording(join(folder, "none.h5"))).rejects.toThrow(/none\.h5: no such file/);
    await expect(openRecording(folder)).rejects.toThrow(/got a folder/);
  });
});

describe("CL1", () => {
  const table = new Map<string, unknown>([
    ["timestamp", BigInt64Array.of(25_000n, 50_000n, 62_500n)],
    ["channel", Uint8Array.of(9, 9, 63)],
  ]);
  const pickled = (relative: boolean) =>
    `(dp0\nVversion\np1\nVSDK\np2\nsVstim_and_spike_timestamps_relative_to_start\np3\nI0${relative ? 1 : 0}\ns.`;

  async function write(name: string, attributes: Record<string, number | string>): Promise<string> {
    await loadHdf5();
    const path = join(folder, name);
    const hdf5 = guarded("create", () => new File(path, "w"));
    guarded("write", () => {
      hdf5.create_dataset({ name: "spikes", data: table, shape: [3] });
      for (const [key, value] of Object.entries(attributes)) hdf5.create_attribute(key, value);
      hdf5.close();
    });
    return path;
  }

  const common = { frames_per_second: 25_000, channel_count: 64, duration_frames: 75_000 };
  test.each([
    ["relative", { ...common, start_timestamp: 12_500, file_format: pickled(true) }, [1, 2, 2.5]],
    ["absolute", { ...common, start_timestamp: 12_500, file_format: pickled(false) }, [0.5, 1.5, 2]],
  ])("%s timestamps", async (name, attributes, [a, b, c]) => {
    const recording = await openRecording(await write(`${name}.h5`, attributes));
    expect(recording).toMatchObject({
      source: "cl1-hdf5",
      durationSeconds: 3,
      meta: { samplingRateHz: 25_000 },
    });
    expect(recording.channels.length).toBe(64);
    expect(spikesOf(recording)).toEqual([
      ["ch_9", a],
      ["ch_9", b],
      ["ch_63", c],
    ]);
    recording.close();
  });

  test("without a clock it is refused", async () => {
    const path = await write("clockless.h5", { channel_count: 64 });
    await expect(openRecording(path)).rejects.toThrow(/expected the attribute frames_per_second/);
  });

  const python = "/usr/bin/python3";
  const h5py =
    existsSync(python) && !failing(() => execFileSync(python, ["-c", "import h5py"], { stdio: "ignore" }));
  test.runIf(h5py)(
    `with waveforms, as h5py writes it${h5py ? "" : " (skipped: no python3-h5py)"}`,
    async () => {
      const path = join(folder, "h5py.h5");
      const script = `
import h5py, numpy as np, sys
f = h5py.File(sys.argv[1], "w")
row = np.dtype([("timestamp", "<i8"), ("channel", "u1"), ("samples", "<f4", (75,))])
spikes = np.zeros(5000, row)
spikes["timestamp"] = np.arange(5000) * 100
spikes["channel"] = np.arange(5000) % 64
spikes["samples"] = 1.5
f.create_dataset("spikes", data=spikes, chunks=(512,), maxshape=(None,))
f.attrs["frames_per_second"] = np.int64(25000)
f.attrs["channel_count"] = np.int64(64)
f.attrs["duration_frames"] = np.int64(500000)
f.attrs["start_timestamp"] = np.int64(777)
f.attrs["file_format"] = np.bytes_(b"(dp0\\nVstim_and_spike_timestamps_relative_to_start\\np1\\nI01\\ns.")
`;
      execFileSync(python, ["-c", script, path]);
      const recording = await openRecording(path);
      expect(recording.durationSeconds).toBe(20);
      const channel = recording.channels.findIndex(({ name }) => name === "ch_3");
      expect(Array.from(allSpikes(recording, channel))).toEqual(
        Array.from({ length: 79 }, (_, i) => ((i * 64 + 3) * 100) / 25_000).filter((time) => time < 20),
      );
      recording.close();
    },
  );
});

function failing(action: () => unknown): boolean {
  try {
    action();
    return false;
  } catch {
    return true;
  }
}

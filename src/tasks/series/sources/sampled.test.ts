import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { File, type Group } from "h5wasm/node";
import { afterAll, describe, expect, it } from "vitest";
import { guarded, loadHdf5 } from "../../../recording/hdf5.ts";
import { makeEdf } from "../../../recording/signals/testing.ts";
import { openSeries } from "../open.ts";
import { readSampled } from "./sampled.ts";

const folder = mkdtempSync(join(tmpdir(), "wetgrad-sampled-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, bytes: Buffer | string) => {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};

/** Two samples in three bytes (https://physionet.org/physiotools/wag/signal-5.htm). */
function twelveBits(samples: readonly number[]): Buffer {
  const bytes: number[] = [];
  for (let i = 0; i < samples.length; i += 2) {
    const [a, b] = [samples[i] & 0xfff, samples[i + 1] & 0xfff];
    bytes.push(a & 0xff, (a >> 8) | ((b >> 8) << 4), b & 0xff);
  }
  return Buffer.from(bytes);
}

type WavFormat = Record<"channels" | "rateHz" | "bits" | "kind", number>;

/** A WAV file with an odd-sized chunk before its data. */
function wav({ channels, rateHz, bits, kind }: WavFormat, data: Buffer): Buffer {
  const head = Buffer.alloc(24);
  head.write("fmt ", 0, "latin1");
  head.writeUInt32LE(16, 4);
  head.writeUInt16LE(kind, 8);
  head.writeUInt16LE(channels, 10);
  head.writeUInt32LE(rateHz, 12);
  head.writeUInt32LE((rateHz * channels * bits) / 8, 16);
  head.writeUInt16LE((channels * bits) / 8, 20);
  head.writeUInt16LE(bits, 22);
  const chunk = (name: string, body: Buffer) => {
    const size = Buffer.alloc(4);
    size.writeUInt32LE(body.length);
    return Buffer.concat([Buffer.from(name, "latin1"), size, body, Buffer.alloc(body.length % 2)]);
  };
  const body = Buffer.concat([
    Buffer.from("WAVE"),
    head,
    chunk("LIST", Buffer.from("abc")),
    chunk("data", data),
  ]);
  return chunk("RIFF", body);
}

describe("sounds", () => {
  it.each([
    [8, 1, (value: number, out: Buffer, at: number) => out.writeUInt8(Math.round(value * 128) + 128, at)],
    [16, 1, (value: number, out: Buffer, at: number) => out.writeInt16LE(Math.round(value * 32768), at)],
    [24, 1, (value: number, out: Buffer, at: number) => out.writeIntLE(Math.round(value * 8388608), at, 3)],
    [32, 3, (value: number, out: Buffer, at: number) => out.writeFloatLE(value, at)],
  ] as const)("of %i bits are read as their loudness", async (bits, kind, write) => {
    // Second channel: square waves, their loudness is their height.
    const heights = [0.5, 0.25, 0.125];
    const data = Buffer.alloc(heights.length * 10 * 2 * (bits / 8));
    heights.forEach((height, w) => {
      for (let i = 0; i < 10; i++) {
        write(0, data, ((w * 10 + i) * 2 * bits) / 8);
        write(i % 2 === 0 ? height : -height, data, (((w * 10 + i) * 2 + 1) * bits) / 8);
      }
    });
    const read = await readSampled(
      file(`${bits}.wav`, wav({ channels: 2, rateHz: 1000, bits, kind }, data)),
      1,
    );
    read!.values.forEach((value, w) => {
      expect(value).toBeCloseTo(heights[w], 6);
    });
    expect(read!.values.length).toBe(3);
  });

  it("that cannot be read say why", async () => {
    await expect(
      readSampled(file("a.wav", wav({ channels: 1, rateHz: 1000, bits: 4, kind: 2 }, Buffer.alloc(8)))),
    ).rejects.toThrow("convert the file");
    const whole = wav({ channels: 1, rateHz: 1000, bits: 16, kind: 1 }, Buffer.alloc(200));
    await expect(readSampled(file("b.wav", whole.subarray(0, 30)))).rejects.toThrow("cut short");
    await expect(readSampled(file("c.wav", whole), 5)).rejects.toThrow("a channel out of 0, got 5");
  });
});

describe("signals", () => {
  it("are read as their means, by the channel's label, and serve as a series", async () => {
    const seconds = 8;
    const records = Array.from({ length: seconds }, (_, s) =>
      Array.from({ length: 200 }, (_, i) => Math.round(1000 * Math.sin((s * 200 + i) / 9))),
    );
    const flat = records.map((record) => record.map(() => 0));
    const path = file(
      "a.edf",
      makeEdf([
        { label: "flat", records: flat },
        { label: "ECG", records },
      ]),
    );
    const read = await readSampled(path, "ECG");
    expect(read!.values.length).toBe(100 * seconds);
    expect(read!.values[3]).toBeCloseTo((records[0][6] + records[0][7]) / 2, 6);
    await expect(readSampled(path)).rejects.toThrow("name one");
    const coded = (await openSeries({ series: path, column: "ECG" })).code(1, {
      trainCount: 400,
      testCount: 100,
    });
    expect(coded.labels.length).toBe(500);
  });

  it.each([16, 212] as const)("of WFDB in format %i, by the signal's description", async (format) => {
    const frames = Array.from({ length: 700 }, (_, i) => [i % 50, Math.round(900 * Math.sin(i / 30))]);
    const samples = frames.flat();
    const packed = Buffer.alloc(samples.length * 2);
    samples.forEach((value, i) => {
      packed.writeInt16LE(value, 2 * i);
    });
    file(`r${format}.dat`, format === 16 ? packed : twelveBits(samples));
    const signal = (label: string) => `r${format}.dat ${format} 100(0)/mV 12 0 0 0 0 ${label}`;
    const header = file(`r${format}.hea`, `r${format} 2 200 700\n${signal("II")}\n${signal("V5")}\n`);
    const read = await readSampled(header, "V5");
    expect(read).toMatchObject({ column: "V5", more: false });
    expect(read!.values.length).toBe(350);
    read!.values.forEach((value, w) => {
      expect(value).toBeCloseTo((frames[2 * w][1] + frames[2 * w + 1][1]) / 200, 9);
    });
    await expect(readSampled(header)).rejects.toThrow("2 channels (II, V5); name one");
  });

  it("of NWB, also beside spikes, by the name of the series", async () => {
    await loadHdf5();
    const values = Array.from({ length: 900 }, (_, i) => Math.sin(i / 7));
    const write = (name: string, withUnits: boolean) => {
      const path = join(folder, name);
      guarded("write", () => {
        const hdf5 = new File(path, "w");
        hdf5.create_attribute("nwb_version", "2.7.0");
        const series = (at: Group, label: string, gain: number) => {
          const group = at.create_group(label);
          group.create_attribute("neurodata_type", "TimeSeries");
          const data = group.create_dataset({ name: "data", data: Float64Array.from(values) });
          data.create_attribute("unit", "m");
          data.create_attribute("conversion", gain);
          return group;
        };
        const behaviour = hdf5.create_group("processing").create_group("behavior");
        const start = series(behaviour, "position", 0.5).create_dataset({ name: "starting_time", data: 3 });
        start.create_attribute("rate", 50);
        const times = Float64Array.from(values, (_, i) => 3 + i / 50);
        series(hdf5.create_group("acquisition"), "speed", 2).create_dataset({
          name: "timestamps",
          data: times,
        });
        if (withUnits) {
          const units = hdf5.create_group("units");
          units.create_dataset({ name: "spike_times", data: Float64Array.of(1, 2) });
          units.create_dataset({ name: "spike_times_index", data: Uint32Array.of(2) });
          units.create_dataset({ name: "id", data: Int32Array.of(0) });
        }
        hdf5.close();
      });
      return path;
    };
    for (const path of [write("alone.nwb", false), write("units.nwb", true)]) {
      const position = await readSampled(path, "position");
      expect([...position!.values]).toEqual(values.map((value) => value * 0.5));
      expect([...(await readSampled(path, "speed"))!.values]).toEqual(values.map((value) => value * 2));
      const coded = (await openSeries({ series: path, column: "speed" })).code(1, {
        trainCount: 400,
        testCount: 100,
      });
      expect(coded.labels.length).toBe(500);
    }
    const empty = join(folder, "empty.nwb");
    guarded("write", () => new File(empty, "w").close());
    await expect(readSampled(empty)).rejects.toThrow("expected samples in HDF5");
  });

  it("are not sought in a text", async () => {
    expect(await readSampled(file("a.csv", "x\n1\n2\n3\n4\n5\n6\n"))).toBeUndefined();
    expect(await readSampled(join(folder, "none"))).toBeUndefined();
  });
});

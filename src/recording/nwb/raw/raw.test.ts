import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Dataset, File } from "h5wasm/node";
import { afterAll, expect, test } from "vitest";
import { loadHdf5 } from "../../hdf5.ts";
import { ElectricalWriter } from "../electrical.ts";
import type { NwbSession } from "../session.ts";
import { structuralFaults } from "../structure.ts";
import { BlockQueue, queueMemory } from "./queue.ts";
import { RawRecorder } from "./recorder.ts";

const folder = mkdtempSync(join(tmpdir(), "wetgrad-raw-"));
afterAll(() => rmSync(folder, { recursive: true }));

const CHANNELS = 8;
const session: NwbSession = {
  identifier: "raw-1",
  description: "a test",
  startTime: "2000-01-01T00:00:00+00:00",
  framesPerSecond: 1000,
  device: { name: "simulated-mea", description: "8 electrodes" },
  electrodes: Array.from({ length: CHANNELS }, (_, i) => ({ xUm: i * 200, yUm: 0, location: "array" })),
  subject: { id: "culture", description: "simulated culture", species: "none" },
};
const block = (k: number, frames: number) =>
  Int16Array.from({ length: frames * CHANNELS }, (_, i) => ((k * 7919 + i * 31) % 65536) - 32768);

test("a full queue refuses, and gives back what it took in order", () => {
  const queue = new BlockQueue(queueMemory(2, 3));
  expect([1, 2, 3].map((k) => queue.push(k * 10, Int16Array.of(k, k, -k)))).toEqual([true, true, false]);
  expect(queue.waiting).toBe(2);
  queue.end();
  const seen: number[][] = [];
  queue.drain((frame, samples) => seen.push([frame, ...samples]));
  expect(seen).toEqual([
    [10, 1, 1, -1],
    [20, 2, 2, -2],
  ]);
});

test("what the thread wrote is what was handed over; the structure is that of the schema", async () => {
  const path = join(folder, "raw.nwb");
  const [blocks, frames] = [60, 100];
  const recorder = await RawRecorder.open(path, {
    session,
    voltsPerStep: 1e-6,
    blockFrames: frames,
    slots: blocks,
  });
  for (let k = 0; k < blocks; k++) expect(recorder.push(block(k, frames))).toBe(true);
  expect(() => recorder.push(new Int16Array(3))).toThrow(/expected 800 values, got 3/);
  const report = await recorder.close();
  expect(report).toMatchObject({
    framesWritten: blocks * frames,
    framesLost: 0,
    blocksLost: 0,
    slots: blocks,
  });
  expect(await structuralFaults(path)).toEqual([]);
  await loadHdf5();
  const file = new File(path, "r");
  const data = (file.get("acquisition/ElectricalSeries/data") as Dataset).value as Int16Array;
  expect(data.length).toBe(blocks * frames * CHANNELS);
  for (const k of [0, 41, 59])
    expect(data.subarray(k * frames * CHANNELS, (k + 1) * frames * CHANNELS)).toEqual(block(k, frames));
  file.close();

  const python = "/usr/bin/python3";
  if (!existsSync(python)) return;
  try {
    execFileSync(python, ["-c", "import h5py"], { stdio: "ignore" });
  } catch {
    return; // no python3-h5py here
  }
  const script = `
import h5py, json, sys
s = h5py.File(sys.argv[1], "r")["acquisition/ElectricalSeries"]
print(json.dumps([str(s["data"].dtype), list(s["data"].shape), s["data"].attrs["unit"], s["starting_time"].attrs["rate"].item(), s.file[s["electrodes"].attrs["table"]].name, s["data"][4100, 3].item()]))`;
  expect(JSON.parse(execFileSync(python, ["-c", script, path], { encoding: "utf8" }))).toEqual([
    "int16",
    [6000, CHANNELS],
    "volts",
    1000,
    "/general/extracellular_ephys/electrodes",
    block(41, frames)[3],
  ]);
});

test("lost blocks leave a gap that the file names", async () => {
  const path = join(folder, "gap.nwb");
  const writer = await ElectricalWriter.create(path, { session, voltsPerStep: 1e-6 });
  writer.append(0, block(0, 500));
  writer.append(1500, block(1, 500));
  expect(() => writer.append(10, block(2, 5))).toThrow(/whole frames from 2000 on/);
  writer.close(2250);
  expect(await structuralFaults(path)).toEqual([]);
  const file = new File(path, "r");
  const data = (file.get("acquisition/ElectricalSeries/data") as Dataset).value as Int16Array;
  expect(data.length).toBe(2250 * CHANNELS);
  expect(data.subarray(500 * CHANNELS, 1500 * CHANNELS).every((v) => v === 0)).toBe(true);
  expect(data.subarray(1500 * CHANNELS, 2000 * CHANNELS)).toEqual(block(1, 500));
  expect([...((file.get("intervals/invalid_times/start_time") as Dataset).value as Float64Array)]).toEqual([
    0.5, 2,
  ]);
  expect([...((file.get("intervals/invalid_times/stop_time") as Dataset).value as Float64Array)]).toEqual([
    1.5, 2.25,
  ]);
  file.close();
});

test("a damaged series is found", async () => {
  const path = join(folder, "damaged.nwb");
  const writer = await ElectricalWriter.create(path, { session, voltsPerStep: 1e-6 });
  writer.append(0, block(0, 500));
  writer.close();
  const file = new File(path, "a");
  (file.get("acquisition/ElectricalSeries/data") as Dataset).delete_attribute("unit");
  (file.get("acquisition/ElectricalSeries/starting_time") as Dataset).delete_attribute("rate");
  const electrodes = file.get("acquisition/ElectricalSeries/electrodes") as Dataset;
  electrodes.write_slice([[2, 3]], Int32Array.of(CHANNELS));
  file.delete_attribute("namespace");
  file.create_attribute("namespace", "hdmf-common");
  file.close();
  expect((await structuralFaults(path)).sort()).toEqual([
    "/ (NWBFile): namespace is not core",
    "/acquisition/ElectricalSeries (ElectricalSeries): /acquisition/ElectricalSeries/electrodes points past the table's 8 rows",
    "/acquisition/ElectricalSeries (ElectricalSeries): data has no unit",
    "/acquisition/ElectricalSeries (ElectricalSeries): data needs unit volts",
    "/acquisition/ElectricalSeries (ElectricalSeries): starting_time needs unit seconds and a rate",
  ]);
});

test("a path that cannot be written is one clear line", async () => {
  await expect(
    RawRecorder.open(join(folder, "none", "x.nwb"), { session, voltsPerStep: 1e-6, blockFrames: 10 }),
  ).rejects.toThrow(/could not create/);
});

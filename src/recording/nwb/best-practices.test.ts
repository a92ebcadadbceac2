/** A run's file against the published best practices of NWB, read by h5py. */
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Dataset, File, type Group } from "h5wasm/node";
import { afterAll, describe, expect, test } from "vitest";
import { exampleSegments, SESSION } from "../spool/example.ts";
import type { Segment } from "../spool/segment.ts";
import { bestPracticeFaults, hasH5py } from "../testing/best-practices.ts";
import { NwbReader } from "./reader.ts";
import { buildNwb } from "./run.ts";
import { structuralFaults } from "./structure.ts";

const folder = mkdtempSync(join(tmpdir(), "wetgrad-practices-"));
afterAll(() => rmSync(folder, { recursive: true }));

const session = {
  ...SESSION,
  experimentDescription: "a test",
  keywords: ["test"],
  subject: { id: "culture", description: "simulated culture", age: "P21D", species: "In silico" },
};
const path = join(folder, "run.nwb");
const segments = exampleSegments(400);

/** Its frames as they are, every tenth later by one frame, or only the first two. */
function timed(segment: Segment, how: "regular" | "irregular" | "short"): Segment["series"][number] {
  const [{ values, frames, ...about }] = segment.series;
  const kept = how === "short" ? 2 : frames.length;
  const late = (frame: number, i: number) => (how === "irregular" && i % 10 === 9 ? frame + 1 : frame);
  return {
    ...about,
    name: how,
    values: Array.from(values).slice(0, kept),
    frames: Array.from(frames, late).slice(0, kept),
  };
}

describe.runIf(hasH5py)(`NWB's best practices${hasH5py ? "" : " (skipped: no python3-h5py)"}`, () => {
  test("a run's file keeps to them, and times come back whether stored as a rate or one by one", async () => {
    const [first] = segments;
    const kinds = ["regular", "irregular", "short"] as const;
    const series = kinds.map((how) => timed(first, how));
    await buildNwb(path, session, [{ ...first, series }, ...segments.slice(1)]);
    expect(bestPracticeFaults(path)).toEqual([]);
    expect(await structuralFaults(path)).toEqual([]);
    const reader = await NwbReader.open(path);
    const read = new Map([...reader.series()].map(({ name, timestamps }) => [name, timestamps]));
    reader.close();
    for (const { name, frames } of series)
      read.get(`seed7_assigned_descent_${name}`)!.forEach((seconds: number, i: number) => {
        expect(seconds).toBeCloseTo(frames[i] / session.framesPerSecond, 9);
      });
    const file = new File(path, "r");
    const module = file.get("processing/misc") as Group;
    const told = (name: string) => (module.get(`seed7_assigned_descent_${name}`) as Group).keys().sort();
    expect(told("regular")).toEqual(["data", "starting_time"]);
    for (const name of ["irregular", "short"]) expect(told(name)).toEqual(["data", "timestamps"]);
    file.close();
  });

  test("whatever goes against them is named", async () => {
    const damaged = join(folder, "damaged.nwb");
    copyFileSync(path, damaged);
    const file = new File(damaged, "a");
    const at = (name: string) => file.get(name) as Dataset;
    const write = (name: string, row: number, value: number) =>
      at(name).write_slice([[row, row + 1]], new Float64Array([value]));
    const misc = "processing/misc/seed7_assigned_descent_irregular";
    at(`${misc}/data`).delete_attribute("unit");
    write(`${misc}/timestamps`, 1, 1000);
    write("units/spike_times", 0, -1);
    at("units/spike_times").delete_attribute("resolution");
    write("intervals/stimulation_seed7_assigned_descent/stop_time", 3, 0);
    write("intervals/stimulation_seed7_assigned_descent/start_time", 20, 0);
    at("units/electrodes").write_slice([[0, 1]], new Int32Array([16]));
    (file.get("processing") as Group)
      .create_group("free:name")
      .create_attribute("neurodata_type", "ProcessingModule");
    at("units/phase").delete_attribute("description");
    at("units/phase").create_attribute("description", "No description.");
    file.close();
    const faults = bestPracticeFaults(damaged);
    for (const expected of [
      "irregular: data has no unit",
      "irregular: timestamps do not ascend",
      "/units: spikes before 0",
      "/units: spike_times have no resolution",
      "/units[0]: spikes outside of the observed intervals",
      "/units/electrodes: points outside of its table",
      "/intervals/stimulation_seed7_assigned_descent: ends before it starts",
      "/intervals/stimulation_seed7_assigned_descent: start times do not ascend",
      "/processing/free:name: a slash or colon in its name",
      "/processing/free:name: not a name of a module",
      "/units/phase: no description",
    ])
      expect(
        faults.filter((fault) => fault.includes(expected)),
        expected,
      ).not.toEqual([]);
  });

  test("regular times one by one, no age and a date before 1980 are named, too", async () => {
    const other = join(folder, "other.nwb");
    await buildNwb(other, { ...SESSION, startTime: "1970-01-01T00:00:00+00:00" }, segments.slice(0, 1));
    const file = new File(other, "a");
    const series = (file.get("processing") as Group).create_group("hand");
    series.create_attribute("neurodata_type", "TimeSeries");
    series.create_dataset({ name: "data", data: new Float64Array(5) }).create_attribute("unit", "V");
    series.create_dataset({ name: "timestamps", data: Float64Array.from([0, 0.1, 0.2, 0.3, 0.4]) });
    file.close();
    const faults = bestPracticeFaults(other);
    for (const expected of [
      "/processing/hand: regular timestamps",
      "/general/subject: age '' is no ISO 8601 duration",
      "/general/subject: species '' is not a binomial",
      "/general/experiment_description: missing",
      "/session_start_time: before 1980",
    ])
      expect(
        faults.filter((fault) => fault.includes(expected)),
        expected,
      ).not.toEqual([]);
  });
});

import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Dataset, File } from "h5wasm/node";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { Random } from "../../math/random.ts";
import { allSpikes, RecordingError } from "../contract.ts";
import { openRecording } from "../open.ts";
import { NwbReader } from "./reader.ts";
import type { NwbSession } from "./session.ts";
import { structuralFaults } from "./structure.ts";
import { type NwbPulse, type NwbUnit, NwbWriter } from "./writer.ts";

const folder = mkdtempSync(join(tmpdir(), "wetgrad-nwb-"));
afterAll(() => rmSync(folder, { recursive: true }));

const session: NwbSession = {
  identifier: "run-7",
  description: "a test",
  startTime: "2000-01-01T00:00:00+00:00",
  framesPerSecond: 25_000,
  device: { name: "simulated-mea", description: "64 electrodes" },
  electrodes: Array.from({ length: 64 }, (_, i) => ({
    xUm: Math.floor(i / 8) * 200,
    yUm: (i % 8) * 200,
    location: i < 32 ? "data" : "prediction",
  })),
  subject: { id: "culture", description: "simulated culture", age: "P21D" },
};

/** More than one block of the reader's rows. */
const PULSES = 5000;
const origin = { seed: 3, code: "assigned", arm: "descent", cycle: 2, phase: "train" };

function makeUnits(seed: number): NwbUnit[] {
  const random = Random.of(seed, "units");
  return Array.from({ length: 64 }, (_, channel) => {
    let seconds = 10;
    const spikeTimes = Array.from(
      { length: channel === 5 ? 0 : random.integer(300) },
      () => (seconds += random.uniform()),
    );
    return { channel, spikeTimes, startSeconds: 10, stopSeconds: 1000 };
  });
}

function makePulses(count: number): NwbPulse[] {
  return Array.from({ length: count }, (_, i) => ({
    channel: i % 64,
    startSeconds: i * 0.125,
    phases: [
      { currentUa: -1.5, durationUs: 160 },
      { currentUa: 1.5, durationUs: 160 },
    ],
  }));
}

/** Writes the same rows, handed over in parts of `part`. */
async function write(path: string, part: number): Promise<void> {
  const writer = await NwbWriter.create(path, session);
  const units = [...makeUnits(1), ...makeUnits(2)];
  for (let i = 0; i < units.length; i += part) writer.appendUnits(origin, units.slice(i, i + part));
  writer.appendStimulation(origin, makePulses(PULSES));
  const values = Array.from({ length: 1300 }, (_, i) => i / 4);
  for (let i = 0; i < values.length; i += part) {
    const some = values.slice(i, i + part);
    writer.appendTimeSeries(
      { module: "seed3_descent", name: "datum", unit: "a.u.", description: "the datum shown" },
      some,
      some.map((v) => v * 50_000),
    );
  }
  const uneven = { module: "seed3_descent", name: "uneven", unit: "bits", description: "at uneven times" };
  writer.appendTimeSeries(uneven, [1, 2, 3, 4], [0, 25_000, 50_000, 62_500]);
  writer.close();
}

const path = join(folder, "run.nwb");
beforeAll(() => write(path, 7));

test("what was written reads back as the culture that it is of", async () => {
  const path = join(folder, "one.nwb");
  const writer = await NwbWriter.create(path, session);
  writer.appendUnits(origin, makeUnits(1));
  writer.close();
  const recording = await openRecording(path);
  expect(recording).toMatchObject({
    culture: "seed3 assigned descent",
    startSeconds: 10,
    durationSeconds: 990,
  });
  const units = makeUnits(1);
  expect(recording.channels.map((channel) => channel.spikeCount)).toEqual(
    units.map((unit) => unit.spikeTimes.length),
  );
  expect(recording.channels[9]).toMatchObject({ name: "9", xUm: 200, yUm: 200, group: "data" });
  for (const i of [0, 5, 63])
    expect(Array.from(allSpikes(recording, i))).toEqual(Array.from(units[i].spikeTimes, (time) => time - 10));
  recording.close();
});

test("units, pulses and series read back with their culture and cycle", async () => {
  const reader = await NwbReader.open(path);
  const units = [...makeUnits(1), ...makeUnits(2)];
  expect([...reader.units()]).toEqual(
    units.map((unit) => ({ ...origin, ...unit, spikeTimes: Float64Array.from(unit.spikeTimes) })),
  );
  expect([...reader.stimulation()]).toEqual(makePulses(PULSES).map((pulse) => ({ ...origin, ...pulse })));
  const values = Float64Array.from({ length: 1300 }, (_, i) => i / 4);
  expect([...reader.series()]).toEqual([
    {
      module: "seed3_descent",
      name: "datum",
      unit: "a.u.",
      description: "the datum shown",
      values,
      timestamps: values.map((v) => v * 2),
    },
    {
      module: "seed3_descent",
      name: "uneven",
      unit: "bits",
      description: "at uneven times",
      values: Float64Array.of(1, 2, 3, 4),
      timestamps: Float64Array.of(0, 1, 2, 2.5),
    },
  ]);
  reader.close();
});

test("pulses of light read back as light", async () => {
  const path = join(folder, "light.nwb");
  const writer = await NwbWriter.create(path, { ...session, isLit: true });
  const light = { irradianceMwPerMm2: 0.5, durationUs: 200_000 };
  const pulses = [3, 1].map((channel, i) => ({ channel, startSeconds: 2 * i, phases: [], light }));
  writer.appendUnits(origin, makeUnits(1));
  writer.appendStimulation(origin, pulses);
  writer.close();
  const reader = await NwbReader.open(path);
  expect([...reader.stimulation()]).toEqual(pulses.map((pulse) => ({ ...origin, ...pulse })));
  const [segment] = reader.segments();
  const { startSeconds, channels, chargeNc } = reader.pulsesOf(segment);
  expect([[...startSeconds], [...channels], [...chargeNc]]).toEqual([
    [0, 2],
    [3, 1],
    [0, 0],
  ]);
  reader.close();
});

test("the same rows give the same bytes, however they are handed over and whenever", async () => {
  const later = vi.spyOn(Date, "now").mockReturnValue(Date.now() + 3_600_000); // HDF5 stamps objects with the time
  await write(join(folder, "c.nwb"), 128);
  later.mockRestore();
  expect(readFileSync(path).equals(readFileSync(join(folder, "c.nwb")))).toBe(true);
});

test("the structure is that of schema 2.7", async () => {
  expect(await structuralFaults(path)).toEqual([]);
});

test("a damaged structure is found", async () => {
  const damaged = join(folder, "damaged.nwb");
  copyFileSync(path, damaged);
  const file = new File(damaged, "a");
  (file.get("units/arm") as Dataset).delete_attribute("description");
  (file.get("units/spike_times_index") as Dataset).write_slice([[127, 128]], new Uint32Array([1]));
  (file.get("processing/seed3_descent/uneven/data") as Dataset).resize([3]);
  file.close();
  expect((await structuralFaults(damaged)).sort()).toEqual([
    "/processing/seed3_descent/uneven (TimeSeries): data and timestamps differ in length",
    "/units (Units): spike_times_index does not end at the end of spike_times",
    "/units (Units): spike_times_index is not ascending",
    "/units/arm (VectorData): no attribute description",
  ]);
});

test("bad rows are refused in one line", async () => {
  const writer = await NwbWriter.create(join(folder, "e.nwb"), session);
  expect(() => writer.appendUnits(origin, [{ ...makeUnits(1)[0], channel: 64 }])).toThrow(
    /channel below 64, got 64/,
  );
  expect(() => writer.appendUnits({ ...origin, arm: "x".repeat(32) }, makeUnits(1))).toThrow(RecordingError);
  const about = { module: "m", unit: "a.u.", description: "" };
  expect(() => writer.appendTimeSeries({ ...about, name: "s" }, [1], [])).toThrow(/1 values but 0 frames/);
  expect(() => writer.appendTimeSeries({ ...about, name: "a/b" }, [1], [1])).toThrow(/name without/);
  writer.close();
  await expect(NwbWriter.create(join(folder, "none", "f.nwb"), session)).rejects.toThrow(
    /could not create .*No such file/,
  );
  await expect(NwbWriter.create(join(folder, "f.nwb"), { ...session, startTime: "today" })).rejects.toThrow(
    /time zone/,
  );
});

const python = "/usr/bin/python3";
const h5py = existsSync(python) && canRun(["-c", "import h5py"]);
function canRun(args: string[]): boolean {
  try {
    execFileSync(python, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

describe.runIf(h5py)(`read by h5py${h5py ? "" : " (skipped: python3-h5py is not installed)"}`, () => {
  test("HDF5's own Python binding sees the same numbers and follows the references", async () => {
    const script = `
import h5py, json, sys
f = h5py.File(sys.argv[1], "r")
u = f["units"]
ends = u["spike_times_index"][:].tolist()
s = f["intervals/stimulation_seed3_assigned_descent"]
e = f["general/extracellular_ephys/electrodes"]
print(json.dumps({
  "spikes": u["spike_times"][ends[0]:ends[1]].tolist(),
  "colnames": [c if isinstance(c, str) else c.decode() for c in u.attrs["colnames"]],
  "target": f[u["spike_times_index"].attrs["target"]].name,
  "table": f[u["electrodes"].attrs["table"]].name,
  "group": f[e["group"][3]].name,
  "device": f[e["group"][3]]["device"].name,
  "arm": u["arm"][0].decode(),
  "pulse": [s["start_time"][8], s["electrode"][8].item(), s["current_ua"][8].tolist(), s["duration_us"][8].tolist()],
  "series": f["processing/seed3_descent/datum/data"][-1],
  "reference": f["timestamps_reference_time"].asstr()[()],
}))`;
    const seen = JSON.parse(execFileSync(python, ["-c", script, path], { encoding: "utf8" }));
    expect(seen).toEqual({
      spikes: makeUnits(1)[1].spikeTimes,
      colnames: ["spike_times", "obs_intervals", "electrodes", "seed", "code", "arm", "cycle", "phase"],
      target: "/units/spike_times",
      table: "/general/extracellular_ephys/electrodes",
      group: "/general/extracellular_ephys/array",
      device: "/general/devices/simulated-mea",
      arm: "descent",
      pulse: [1, 8, [-1.5, 1.5, 0], [160, 160, 0]],
      series: 1299 / 4,
      reference: session.startTime,
    });
  });
});

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { NwbReader } from "../../recording/nwb/reader.ts";
import type { TissuePlace } from "../../tissue/place.ts";
import { RunControl } from "../control/control.ts";
import { Programs } from "../job/setup.ts";
import { type VatConfig, vatConfig } from "./config.ts";
import { runVat } from "./run.ts";

const root = mkdtempSync(join(tmpdir(), "wetgrad-vat-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const config: VatConfig = vatConfig.parse({
  task: "peers",
  brains: 3,
  seeds: 1,
  arms: ["descent", "unconnected", "yoked"],
  cycles: 2,
  neurons: 120,
  presentations: 16,
  probeTrials: 30,
  babbleTrials: 50,
  fitSteps: 5,
  record: true,
});

/** Compiled once for all runs here. */
const programs = new Programs("cpu");
afterAll(() => programs.dispose());

/** What a run found, without how long it took. */
async function run(folder: string, place: TissuePlace, signal?: AbortSignal, onStep?: (n: number) => void) {
  const { report, paths } = await runVat(config, join(root, folder), {
    wetgradVersion: "test",
    place,
    signal,
    programs,
    onProgress: ({ done }) => onStep?.(done),
  });
  return { found: report, paths };
}

it("ends with the same bits after being stopped in the middle, wherever its brains are held", async () => {
  const whole = await run("whole", { kind: "threads", threads: 2 });
  // In the training of the second cycle.
  const controller = new AbortController();
  const stopped = run("stopped", { kind: "local" }, controller.signal, (done) => {
    if (done >= 135) controller.abort();
  });
  await expect(stopped).rejects.toThrow("stopped");
  const resumed = await run("stopped", { kind: "local" });
  expect(resumed.found).toEqual(whole.found);
  expect(readFileSync(whole.paths.html, "utf8")).toContain("One mind or many?");
  for (const arm of ["descent", "unconnected"]) {
    const model = (folder: string) => readFileSync(join(root, folder, "models", `${arm}-seed1.safetensors`));
    expect(model("stopped").equals(model("whole"))).toBe(true);
  }
  const { descent, yoked } = whole.found.vat.arms;
  expect(yoked!.pulses).toBe(descent!.pulses);
  expect(descent!.refused).toBe(0);
  const recording = (folder: string) => join(root, folder, "recording.nwb");
  expect(readFileSync(recording("stopped")).equals(readFileSync(recording("whole")))).toBe(true);
  const reader = await NwbReader.open(recording("whole"));
  const segments = reader.segments().filter(({ arm }) => arm === "descent");
  const written = segments.filter(({ phase }) => phase === "train");
  // Each brain's second training begins where its first probe ended: 30 steps to settle, 50 babbled,
  // 16 of training, 30 of the probe.
  const starts = segments.filter(({ code }) => code === "brain-1").map(({ startSeconds }) => startSeconds);
  expect(starts.map((seconds) => Math.round(seconds * 10))).toEqual([80, 96, 126, 142]);
  expect(written.reduce((sum, segment) => sum + reader.pulsesOf(segment).channels.length, 0)).toBe(
    descent!.pulses,
  );
  expect(segments.every(({ spikes }) => spikes > 100)).toBe(true);
  reader.close();
}, 300_000);

/** Every spike of training, from its beginning, as text. */
async function trainingSpikes(folder: string): Promise<Record<"descent" | "frozen", string[]>> {
  const reader = await NwbReader.open(join(root, folder, "recording.nwb"));
  const of = (name: string) =>
    [...reader.units()]
      .filter(({ arm, phase }) => arm === name && phase === "train")
      .flatMap(({ code, channel, startSeconds, spikeTimes }) =>
        Array.from(spikeTimes, (at) => `${code} ${channel} ${Math.round((at - startSeconds) * 25_000)}`),
      );
  const spikes = { descent: of("descent"), frozen: of("frozen") };
  reader.close();
  return spikes;
}

it("takes its plasticity from who watches, in every arm, and says so", async () => {
  const one: VatConfig = { ...config, arms: ["descent", "frozen"], cycles: 1 };
  const hooks = { wetgradVersion: "test", place: { kind: "local" } as const, programs };
  const control = new RunControl();
  control.tune({ plasticity: 0 });
  const tuned = await runVat(one, join(root, "tuned"), { ...hooks, control });
  // Without plasticity a descent leaves as little behind as its frozen control, which is sent the same pulses.
  const spikes = await trainingSpikes("tuned");
  expect(spikes.descent).toEqual(spikes.frozen);
  expect(spikes.descent.length).toBeGreaterThan(100);
  expect(tuned.report.notes.join()).toContain(
    "plasticity was set to 0 times the plan's for cycle 1 of seed 1",
  );
  // Continued, it is tuned as it was.
  const again = new RunControl();
  expect(await runVat(one, join(root, "tuned"), { ...hooks, control: again })).toMatchObject({
    report: { vat: tuned.report.vat, notes: tuned.report.notes },
  });
  expect(again.tuning).toEqual({ plasticity: 0 });
  const planned = await runVat(one, join(root, "planned"), hooks);
  expect(planned.report.vat.arms["descent"].after).not.toEqual(tuned.report.vat.arms["descent"].after);
  const asPlanned = await trainingSpikes("planned");
  expect(asPlanned.descent).not.toEqual(asPlanned.frozen);
  expect(planned.report.notes.join()).not.toContain("plasticity was set");
}, 300_000);

it("says what is wrong with a run that cannot be", async () => {
  const fault = (change: object) => vatConfig.safeParse({ ...config, ...change }).error?.issues[0];
  expect(fault({})).toBeUndefined();
  expect(fault({ arms: ["yoked"] })).toMatchObject({
    path: ["arms"],
    message: expect.stringContaining("replays the descent"),
  });
  expect(fault({ arms: ["yoked", "descent"] })).toMatchObject({ path: ["arms"] });
  expect(fault({ arms: ["feedback"] })).toMatchObject({
    path: ["arms"],
    message: expect.stringContaining("the task pong"),
  });
  expect(fault({ task: "signals" })).toMatchObject({ path: ["streams"] });
  const streams = ["henon", "sine", "laser", "lorenz"];
  expect(fault({ task: "signals", streams })).toMatchObject({
    path: ["brains"],
    message: expect.stringContaining("each of 4"),
  });
  const hooks = { wetgradVersion: "test", place: { kind: "local" } as const };
  await expect(runVat({ ...config, brains: 4 }, join(root, "whole"), hooks)).rejects.toThrow(
    "another experiment",
  );
});

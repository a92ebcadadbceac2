import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { CommanderError } from "commander";
import { expect, test } from "vitest";
import { ComputeDeviceError } from "../../compute/executor/device-error.ts";
import { UnsafePulse } from "../../device/gate/unsafe-pulse.ts";
import { DeviceError, DeviceLost } from "../../device/lost.ts";
import { RunError } from "../../experiment/error.ts";
import { JournalError } from "../../experiment/journal/journal.ts";
import { RecordingError } from "../../recording/contract.ts";
import { ReportError } from "../../report/error.ts";
import { TaskError } from "../../tasks/error.ts";
import { NetworkError } from "../../tissue/nats/server/connection.ts";
import { defaultFolder, organoidConfigOf } from "../organoid/options.ts";
import { EXPECTED_ERRORS, exitCodeOf, Interrupted, messageOf, UsageError } from "./errors.ts";
import { interruptible } from "./interrupt.ts";
import { createProgress, progressLine } from "./progress.ts";

test("every error class that users can cause is known by its name", () => {
  for (const made of [
    UsageError,
    TaskError,
    RecordingError,
    ReportError,
    JournalError,
    RunError,
    UnsafePulse,
    ComputeDeviceError,
    DeviceLost,
    DeviceError,
    NetworkError,
  ])
    expect(EXPECTED_ERRORS).toContain(made.name);
});

test("exit codes and lines", () => {
  expect(exitCodeOf(new TaskError("x"))).toBe(2);
  expect(exitCodeOf(Object.assign(new Error("from a worker"), { name: "TaskError" }))).toBe(2);
  expect(exitCodeOf(new TypeError("x"))).toBe(1);
  expect(exitCodeOf(new Interrupted("x"))).toBe(130);
  expect(exitCodeOf(new CommanderError(0, "commander.helpDisplayed", ""))).toBe(0);
  expect(exitCodeOf(new CommanderError(1, "commander.unknownOption", ""))).toBe(2);
  const missing = Object.assign(new Error("ENOENT: no such file"), { code: "ENOENT", path: "/a" });
  expect([exitCodeOf(missing), messageOf(missing)]).toEqual([2, "error: /a: no such file or folder"]);
  expect(messageOf(new TaskError("two\n  lines"))).toBe("error: two; lines");
  expect(messageOf(new TypeError("x"))).toMatch(/^internal error: x .*WETGRAD_DEBUG=1/);
});

test("disk and memory that give out have an exit code of their own, and say that the same command continues", async () => {
  const full = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  const fromWorker = Object.assign(new Error("/run/a.stage: no space left on the disk; make room"), {
    name: "StorageError",
  });
  // A real thread that takes more than it may have.
  const greedy = new Worker("const all = []; for (;;) all.push(new Array(1e5).fill(0.5));", {
    ...{ eval: true, resourceLimits: { maxOldGenerationSizeMb: 8 } },
  });
  const [outOfMemory] = (await once(greedy, "error")) as [Error];
  for (const error of [full, fromWorker, outOfMemory]) {
    expect(exitCodeOf(error), error.message).toBe(3);
    expect(messageOf(error)).toMatch(/^error: [^\n]+$/);
  }
  expect(messageOf(full)).toMatch(/no space left on the disk; what was done is kept/);
  expect(messageOf(outOfMemory)).toMatch(/^error: out of memory .*fewer --workers/);
});

test("the first Ctrl-C aborts and the run is reported as stopped", async () => {
  const said: string[] = [];
  const run = interruptible(
    (signal) =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      }),
    (line) => said.push(line),
  );
  process.emit("SIGINT");
  await expect(run).rejects.toThrow("stopped; the same command continues");
  expect(said).toHaveLength(1);
  expect(process.listenerCount("SIGTERM")).toBe(0);
});

test("a fault while stopping is still a fault", async () => {
  const run = interruptible(
    async () => {
      process.emit("SIGINT");
      throw new RangeError("broken");
    },
    () => {},
  );
  await expect(run).rejects.toThrow(RangeError);
});

test("progress: share, rate since the start of this run, time left", () => {
  const event = { done: 600, total: 1000, unit: "presentations", message: "2 of 8 cultures done" };
  expect(progressLine(event, 200, 10, false)).toBe(
    "60 % · 600/1000 presentations · 40.0/s · 10 s left · 2 of 8 cultures done",
  );
  expect(progressLine(event, 200, 10, true).startsWith("██████████████░░░░░░░░░░ 60 %")).toBe(true);
});

test("progress writes plain lines now and then where there is no terminal, and a bar in place where there is", () => {
  for (const isTTY of [false, true]) {
    let [clock, written] = [0, ""];
    const progress = createProgress({ isTTY, columns: 60, write: (text) => (written += text) }, () => clock);
    for (let done = 0; done <= 100; done++, clock += 250)
      progress.update({ done, total: 100, unit: "trials", message: "m".repeat(80) });
    if (isTTY) {
      const drawn = written.split("\r\u001b[2K").slice(1);
      expect(drawn).toHaveLength(101);
      expect(Math.max(...drawn.map((text) => text.length))).toBe(59);
      expect(written).not.toContain("\n");
    } else {
      expect(written.trimEnd().split("\n")).toHaveLength(4);
      expect(written).not.toContain("\u001b");
    }
  }
});

test("options become a configuration, --quick is overruled by what is named, and folders follow it", () => {
  expect(organoidConfigOf({})).toMatchObject({ series: "laser", seeds: 8, cycles: 4 });
  const quick = organoidConfigOf({ quick: true, seeds: "3", code: "free, assigned" });
  expect(quick).toMatchObject({
    seeds: 3,
    cycles: 1,
    arms: ["descent", "random", "sham"],
    codes: ["free", "assigned"],
  });
  expect(defaultFolder(quick)).toBe(defaultFolder({ ...quick }));
  expect(defaultFolder(quick)).not.toBe(defaultFolder({ ...quick, seeds: 4 }));
  expect(defaultFolder({ ...quick, series: "../x/my data.csv" })).toMatch(/^runs.my-data-[0-9a-f]{8}$/);
  expect(() => organoidConfigOf({ seeds: "Infinity" })).toThrow(UsageError);
  expect(() => organoidConfigOf({ seeds: "" })).toThrow(UsageError);
});

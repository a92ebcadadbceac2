import { Worker } from "node:worker_threads";
import { expect, it } from "vitest";
import { RunControl } from "./control.ts";

it("holds another thread while paused, and lets it go when resumed or stopped", async () => {
  const control = new RunControl();
  // The worker counts while it is not paused, with the flags alone: 1 is the pause.
  const worker = new Worker(
    `const { workerData, parentPort } = require("node:worker_threads");
     const flags = new Int32Array(workerData.flags);
     const count = new Int32Array(workerData.count);
     while (Atomics.load(flags, 0) === 0) {
       while (Atomics.load(flags, 1) === 1 && Atomics.load(flags, 0) === 0) Atomics.wait(flags, 1, 1, 100);
       Atomics.add(count, 0, 1);
       Atomics.wait(count, 0, -1, 1);
     }
     parentPort.postMessage("ended");`,
    { eval: true, workerData: { flags: control.buffer, count: new SharedArrayBuffer(4) } },
  );
  const ended = new Promise((resolve) => worker.once("message", resolve));
  control.pause();
  expect(control.isPaused).toBe(true);
  control.stop();
  expect(await ended).toBe("ended");
  expect(new RunControl(control.buffer).isStopped).toBe(true);
  await worker.terminate();
});

it("sleeps only while it is paused", () => {
  const control = new RunControl();
  control.sleepWhilePaused();
  control.pause();
  control.resume();
  control.sleepWhilePaused();
  control.pause();
  control.stop();
  control.sleepWhilePaused();
  expect(control.isStopped).toBe(true);
});

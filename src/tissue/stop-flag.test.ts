import { once } from "node:events";
import { MessageChannel } from "node:worker_threads";
import { expect, test } from "vitest";
import { startThread } from "../threads/start.ts";
import type { Tissue } from "./contract.ts";
import { heardTissue } from "./heard.ts";
import { StopFlag } from "./stop-flag.ts";
import { Stopped } from "./stopped.ts";
import type { GateThreadData } from "./testing/gate-thread.ts";

/** Keeps this thread from hearing anything. */
function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

test("while the thread that hears stops is busy nothing passes another thread's gate, and after a stop that came meanwhile nothing more", async () => {
  const [flag, passed] = [new StopFlag(), new SharedArrayBuffer(4)];
  const count = new Int32Array(passed);
  const data: GateThreadData = { stop: flag.buffer, passed };
  const thread = startThread(import.meta.url, "./testing/gate-thread", data);
  const refused = once(thread, "message");
  const listened = flag.listen();
  await expect.poll(() => count[0], { timeout: 30_000 }).toBeGreaterThan(100);
  const { port1, port2 } = new MessageChannel();
  port1.on("message", () => flag.stop());
  const before = count[0];
  block(500);
  const during = count[0];
  block(200);
  expect(count[0]).toBe(during);
  // Heard again, it goes on.
  await expect.poll(() => count[0], { timeout: 30_000 }).toBeGreaterThan(during);
  expect(during).toBeGreaterThanOrEqual(before);
  // Sent while this thread is busy.
  block(500);
  port2.postMessage("stop");
  const atStop = count[0];
  await refused;
  expect(count[0]).toBe(atStop);
  listened();
  port1.close();
});

test("where nobody listens, or this very thread does, a gate waits for nobody", () => {
  const flag = new StopFlag();
  expect(flag.mustRefuse()).toBe(false);
  const listened = flag.listen();
  block(100);
  expect(flag.mustRefuse()).toBe(false);
  flag.stop();
  expect(flag.mustRefuse()).toBe(true);
  listened();
});

test("a step does not begin before what came while this thread was busy is heard", async () => {
  const flag = new StopFlag();
  const begun: number[] = [];
  const tissue = { step: async (step: number) => void begun.push(step) } as unknown as Tissue;
  const heard = heardTissue(tissue, flag);
  const { port1, port2 } = new MessageChannel();
  port1.on("message", () => flag.stop());
  await heard.step(0, []);
  port2.postMessage("stop");
  // Within a message's own turn, as the work of a run is.
  await expect(heard.step(1, [])).rejects.toThrow(Stopped);
  expect(begun).toEqual([0]);
  port1.close();
});

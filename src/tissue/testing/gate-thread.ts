/** A thread with a gate: counts what passes, in Int32 0 of `passed`, until it must refuse. */
import { parentPort, workerData } from "node:worker_threads";
import { StopFlag } from "../stop-flag.ts";

export interface GateThreadData {
  readonly stop: SharedArrayBuffer;
  readonly passed: SharedArrayBuffer;
}

const { stop, passed } = workerData as GateThreadData;
const flag = new StopFlag(stop);
const count = new Int32Array(passed);
while (!flag.mustRefuse()) Atomics.add(count, 0, 1);
parentPort?.postMessage("refused");

/** The thread that writes raw samples to an NWB file. */
import { parentPort, workerData } from "node:worker_threads";
import { ElectricalWriter, type RawFormat } from "../electrical.ts";
import { BlockQueue, type QueueMemory } from "./queue.ts";

export interface RawWork {
  readonly path: string;
  readonly format: RawFormat;
  readonly queue: QueueMemory;
}

export type RawMessage =
  | { readonly kind: "ready" }
  | { readonly kind: "closed"; readonly frames: number; readonly busyMs: number }
  | { readonly kind: "failed"; readonly name: string; readonly message: string };

const { path, format, queue } = workerData as RawWork;
const tell = (message: RawMessage) => parentPort!.postMessage(message);
parentPort!.on("message", () => {}); // stays until it is ended, so that messages arrive
try {
  const writer = await ElectricalWriter.create(path, format);
  tell({ kind: "ready" });
  let busyMs = 0;
  new BlockQueue(queue).drain((frame, block) => {
    const start = performance.now();
    writer.append(frame, block);
    busyMs += performance.now() - start;
  });
  const { frames } = writer;
  writer.close();
  tell({ kind: "closed", frames, busyMs });
} catch (error) {
  const { name, message } = error as Error;
  tell({ kind: "failed", name, message });
}

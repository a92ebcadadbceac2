/** The thread that reads saved runs: one request after the other, each answered before the next comes. */
import { parentPort } from "node:worker_threads";
import type { ServerMessage } from "../../protocol.ts";
import type { Kept } from "../folder.ts";
import { openSaved } from "./open.ts";
import type { SavedRecording } from "./recording.ts";

export type SavedRequest =
  | {
      readonly kind: "open" | "segment";
      readonly folder: string;
      readonly experiment: Kept;
      readonly index: number;
    }
  | { readonly kind: "forget"; readonly folder: string };

export type SavedAnswer =
  | { readonly kind: "opened"; readonly messages: readonly ServerMessage[]; readonly canReplay: boolean }
  | { readonly kind: "frames"; readonly frames: readonly Uint8Array[] }
  | { readonly kind: "forgotten" }
  | { readonly kind: "failed"; readonly message: string };

/** Recordings that are kept open, the latest asked for. */
const OPEN_RECORDINGS = 4;
const recordings = new Map<string, SavedRecording>();

const port = parentPort;
port?.on("message", (request: SavedRequest) => {
  answer(request).then(
    (found) =>
      port.postMessage(
        found,
        found.kind === "frames" ? found.frames.map(({ buffer }) => buffer as ArrayBuffer) : [],
      ),
    (error: Error) => port.postMessage({ kind: "failed", message: error.message } satisfies SavedAnswer),
  );
});

async function answer(request: SavedRequest): Promise<SavedAnswer> {
  const { folder } = request;
  if (request.kind === "forget") {
    forget(folder);
    return { kind: "forgotten" };
  }
  if (request.kind === "open") {
    forget(folder);
    const { messages } = await open(folder, request.experiment);
    return { kind: "opened", messages, canReplay: recordings.has(folder) };
  }
  if (!recordings.has(folder)) await open(folder, request.experiment);
  const recording = recordings.get(folder);
  if (!recording) throw new Error("expected a run with its recording, got one without; reload the page");
  recordings.delete(folder); // To the end of the order.
  recordings.set(folder, recording);
  return { kind: "frames", frames: recording.frames(request.index) };
}

async function open(folder: string, experiment: Kept) {
  const run = await openSaved(folder, experiment);
  if (run.recording) recordings.set(folder, run.recording);
  for (const oldest of [...recordings.keys()].slice(0, -OPEN_RECORDINGS)) forget(oldest);
  return run;
}

function forget(folder: string): void {
  recordings.get(folder)?.close();
  recordings.delete(folder);
}

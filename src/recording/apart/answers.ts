/**
 * The thread that reads HDF5. The library keeps what memory it ever had, and a damaged file can stop it for good: then the
 * thread says that it is spent, and is thrown away. Whatever it has open can be opened again by the next.
 */
import { type MessagePort, parentPort } from "node:worker_threads";
import type { SpikeFile } from "../cultures/spike-file.ts";
import { hdf5State } from "../hdf5.ts";
import type { SignalEvent, SignalRecording } from "../signals/contract.ts";
import type { Answer, EventBatch, FileApart, Request } from "./calls.ts";
import { SpikeCursor } from "./cursor.ts";
import { holdsSamplesAlone, openSignals, openSpikes } from "./here.ts";

/** Who asks and waits: its port, and the count of answers that it watches. */
export interface Waiter {
  readonly port: MessagePort;
  readonly answered: Int32Array;
}

/** More memory than this of the library is given back, once a file has been closed. */
const MOST_KEPT_BYTES = 48 << 20;
const EVENTS = 1000;

type Opened =
  | { readonly holds: "spikes"; readonly file: SpikeFile; readonly cursor: SpikeCursor }
  | { readonly holds: "signals"; readonly file: SignalRecording };

const files = new Map<number, Opened>();
let isSpent = false;
let queue = Promise.resolve();

parentPort?.once("message", ({ port, answered }: Waiter) => {
  parentPort!.on("message", (request: Request) =>
    inTurn(request, (answer, moved) => {
      parentPort!.postMessage(answer, moved);
    }),
  );
  port.on("message", (request: Request) =>
    inTurn(request, (answer, moved) => {
      port.postMessage(answer, moved);
      Atomics.add(answered, 0, 1);
      Atomics.notify(answered, 0);
    }),
  );
});

function inTurn(request: Request, say: (answer: Answer, moved: ArrayBuffer[]) => void): void {
  queue = queue.then(async () => {
    if (isSpent) return say({ kind: "again", isSpent }, []);
    const moved: ArrayBuffer[] = [];
    let answer: { kind: "value"; value: unknown } | { kind: "error"; name: string; message: string };
    try {
      answer = { kind: "value", value: await answerTo(request, moved) };
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      answer = { kind: "error", name, message };
    }
    const { isStopped, bytes } = hdf5State();
    isSpent = isStopped || (bytes > MOST_KEPT_BYTES && !files.has(request.file.id));
    if (isSpent) closeAll();
    say({ ...answer, isSpent }, moved);
  });
}

async function answerTo({ file, call, given }: Request, moved: ArrayBuffer[]): Promise<unknown> {
  if (call === "holdsSamplesAlone") return holdsSamplesAlone(file.path);
  if (call === "close") return close(file.id);
  const opened = files.get(file.id) ?? (await open(file));
  files.set(file.id, opened);
  const asked = { call, given } as Request;
  if (asked.call === "about") return about(opened.file);
  if (opened.holds === "spikes") {
    const { channel, had } = asked.given as Request<"spikes">["given"];
    const batch = opened.cursor.take(channel, had);
    moved.push(batch.seconds.buffer as ArrayBuffer);
    return batch;
  }
  if (asked.call === "events") return eventsOf(opened.file, (asked.given as Request<"events">["given"]).had);
  const { start, count, channels } = asked.given as Request<"read">["given"];
  const samples = opened.file.read(start, count, channels);
  moved.push(samples.buffer as ArrayBuffer);
  return samples;
}

async function open({ holds, path, name }: FileApart): Promise<Opened> {
  if (holds === "signals") return { holds, file: await openSignals(path, name) };
  const file = await openSpikes(path, name);
  return { holds, file, cursor: new SpikeCursor(file) };
}

function close(id: number): null {
  const opened = files.get(id);
  files.delete(id);
  opened?.file.close();
  return null;
}

/** What is open also has temporary files. */
function closeAll(): void {
  for (const id of [...files.keys()])
    try {
      close(id);
    } catch {
      // The library is not there any more.
    }
}

/** All that can be told without asking. */
function about(file: object): unknown {
  return Object.fromEntries(
    Object.entries(file).filter(([key, value]) => typeof value !== "function" && key !== "counts"),
  );
}

function eventsOf(file: SignalRecording, had: number): EventBatch {
  const events: SignalEvent[] = [];
  let seen = 0;
  for (const event of file.events()) {
    if (seen++ < had) continue;
    if (events.length === EVENTS) return { events, isWhole: false };
    events.push(event);
  }
  return { events, isWhole: true };
}

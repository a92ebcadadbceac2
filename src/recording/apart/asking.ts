/**
 * Asks the thread that reads HDF5 (answers.ts). One thread serves all files; one that is spent is thrown away, with all the
 * memory that it held, and its files are opened again by the next. Opening a file lets others have their turn; what is read
 * of it afterwards is waited for, as reading a file in this thread would be.
 */
import { MessageChannel, type MessagePort, receiveMessageOnPort, type Worker } from "node:worker_threads";
import { StorageError } from "../../files/storage.ts";
import { startThread } from "../../threads/start.ts";
import { RecordingError } from "../contract.ts";
import type { Waiter } from "./answers.ts";
import type { Answer, Calls, FileApart, Request } from "./calls.ts";

/** A thread that has not answered for so many naps is lost. Naps, not time: a process may be frozen for long. */
const NAP_MS = 1000;
const MOST_NAPS = 120;

interface Reader {
  readonly worker: Worker;
  readonly port: MessagePort;
  readonly answered: Int32Array;
  /** Who waits for answers, in the order in which they asked. */
  readonly asking: ((answer: Answer | Error) => void)[];
}

let reader: Reader | undefined;

type Given<Name extends keyof Calls> = Calls[Name]["given"];
type Value<Name extends keyof Calls> = Calls[Name]["answer"];

export function hasThread(): boolean {
  return reader !== undefined;
}

/** Asks, and lets others have their turn meanwhile. */
export async function ask<Name extends keyof Calls>(
  file: FileApart,
  call: Name,
  given: Given<Name>,
): Promise<Value<Name>> {
  for (;;) {
    const asked = (reader ??= start());
    const answer = await new Promise<Answer | Error>((resolve) => {
      asked.asking.push(resolve);
      asked.worker.ref();
      asked.worker.postMessage({ file, call, given } satisfies Request);
    });
    if (asked.asking.length === 0) asked.worker.unref();
    if (answer instanceof Error) throw lost(file, answer.message);
    if (answer.isSpent) discard(asked);
    if (answer.kind !== "again") return told(answer) as Value<Name>;
  }
}

/** Asks and waits; from a file that has been opened before, whose thread may be spent since. */
export function askNow<Name extends keyof Calls>(
  file: FileApart,
  call: Name,
  given: Given<Name>,
): Value<Name> {
  for (;;) {
    const asked = (reader ??= start());
    const before = Atomics.load(asked.answered, 0);
    asked.port.postMessage({ file, call, given } satisfies Request);
    for (let naps = 0; Atomics.wait(asked.answered, 0, before, NAP_MS) === "timed-out"; )
      if (++naps === MOST_NAPS) {
        discard(asked);
        throw lost(file, "it does not answer");
      }
    const answer = receiveMessageOnPort(asked.port)?.message as Answer;
    if (answer.isSpent) discard(asked);
    if (answer.kind !== "again") return told(answer) as Value<Name>;
  }
}

function start(): Reader {
  const worker = startThread(import.meta.url, "./thread", null);
  const { port1: port, port2 } = new MessageChannel();
  const answered = new Int32Array(new SharedArrayBuffer(4));
  const own: Reader = { worker, port, answered, asking: [] };
  worker.postMessage({ port: port2, answered } satisfies Waiter, [port2]);
  const end = (error: Error) => {
    if (reader === own) reader = undefined;
    for (const tell of own.asking.splice(0)) tell(error);
  };
  worker.on("message", (answer: Answer) => own.asking.shift()?.(answer));
  worker.on("error", end);
  worker.on("exit", () => end(new Error("it ended")));
  worker.unref();
  port.unref();
  return own;
}

/** Ends a thread as soon as nobody waits for it. */
function discard(spent: Reader): void {
  if (reader === spent) reader = undefined;
  if (spent.asking.length === 0) void spent.worker.terminate();
}

function told(answer: Exclude<Answer, { kind: "again" }>): unknown {
  if (answer.kind === "value") return answer.value;
  if (answer.name === "RecordingError") throw new RecordingError(answer.message);
  if (answer.name === "StorageError") throw new StorageError(answer.message);
  throw Object.assign(new Error(answer.message), { name: answer.name });
}

function lost({ path }: FileApart, why: string): RecordingError {
  return new RecordingError(`${path}: the thread that reads HDF5 was lost (${why}); the file is damaged`);
}

/** Opens a recording of signals by its first bytes. */
import { closeSync, openSync, readSync } from "node:fs";
import { basename } from "node:path";
import { RecordingError } from "../contract.ts";
import { ByteFile } from "./bytes.ts";
import type { SignalRecording } from "./contract.ts";
import { isEdf, openEdf } from "./edf/reader.ts";
import { openEeglab } from "./eeglab.ts";
import { isEyelink, openEyelink } from "./eyelink/reader.ts";
import { isMat5 } from "./mat5/file.ts";
import { isMat73 } from "./mat73/file.ts";

/** Whether the file looks like a recording of signals (EDF, BDF, EEGLAB, EyeLink ASC). */
export function holdsSignals(path: string): boolean {
  return openerOf(path) !== undefined;
}

export async function openSignals(path: string): Promise<SignalRecording> {
  const open = openerOf(path);
  if (!open)
    throw new RecordingError(
      `${path}: expected EDF, BDF, an EEGLAB .set file or an EyeLink .asc file, got something else`,
    );
  const file = new ByteFile(path);
  try {
    return await open(file, basename(path).replace(/\.[^.]*$/, ""));
  } catch (error) {
    file.close();
    if (error instanceof RecordingError) throw error;
    throw new RecordingError(`${path}: damaged (${(error as Error).message.split("\n")[0]})`, {
      cause: error,
    });
  }
}

type Opener = (file: ByteFile, name: string) => SignalRecording | Promise<SignalRecording>;

function openerOf(path: string): Opener | undefined {
  const head = Buffer.alloc(64);
  const handle = openSync(path, "r");
  let read: number;
  try {
    read = readSync(handle, head);
  } finally {
    closeSync(handle);
  }
  const bytes = head.subarray(0, read);
  if (isEdf(bytes)) return openEdf;
  if (isMat5(bytes) || isMat73(bytes)) return openEeglab;
  if (isEyelink(bytes)) return openEyelink;
  return undefined;
}

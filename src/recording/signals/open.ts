/** Opens a recording of signals by its first bytes. */
import { closeSync, openSync, readSync } from "node:fs";
import { basename } from "node:path";
import { RecordingError } from "../contract.ts";
import { isBrainVision, openBrainVision } from "./brainvision.ts";
import { ByteFile } from "./bytes.ts";
import type { SignalRecording } from "./contract.ts";
import { isEdf, openEdf } from "./edf/reader.ts";
import { openEeglab } from "./eeglab.ts";
import { isEyelink, openEyelink } from "./eyelink/reader.ts";
import { isIntan, openIntan } from "./intan.ts";
import { isMat5 } from "./mat5/file.ts";
import { isMat73 } from "./mat73/file.ts";
import { isHdf5, isRawNwb, openNwbSignals } from "./nwb.ts";
import { isWfdb, openWfdb } from "./wfdb.ts";
import { isXdf, openXdf } from "./xdf/xdf.ts";

/** Whether the file looks like a recording of signals, and not of spikes. */
export async function holdsSignals(path: string): Promise<boolean> {
  const head = headOf(path);
  return openerOf(head) !== undefined || (isHdf5(head) && (await isRawNwb(path)));
}

export async function openSignals(path: string): Promise<SignalRecording> {
  const head = headOf(path);
  const name = basename(path).replace(/\.[^.]*$/, "");
  if (isHdf5(head)) return openNwbSignals(path, name);
  const open = openerOf(head);
  if (!open)
    throw new RecordingError(
      `${path}: expected signals (EDF, BDF, EEGLAB, EyeLink, BrainVision, WFDB, XDF, Intan, NWB), got something else`,
    );
  const file = new ByteFile(path);
  try {
    return await open(file, name);
  } catch (error) {
    file.close();
    if (error instanceof RecordingError) throw error;
    throw new RecordingError(`${path}: damaged (${(error as Error).message.split("\n")[0]})`, {
      cause: error,
    });
  }
}

type Opener = (file: ByteFile, name: string) => SignalRecording | Promise<SignalRecording>;

function headOf(path: string): Uint8Array {
  const head = Buffer.alloc(512);
  const handle = openSync(path, "r");
  try {
    return head.subarray(0, readSync(handle, head));
  } finally {
    closeSync(handle);
  }
}

function openerOf(bytes: Uint8Array): Opener | undefined {
  if (isEdf(bytes)) return openEdf;
  if (isMat5(bytes) || isMat73(bytes)) return openEeglab;
  if (isEyelink(bytes)) return openEyelink;
  if (isXdf(bytes)) return openXdf;
  if (isIntan(bytes)) return openIntan;
  if (isBrainVision(bytes)) return openBrainVision;
  if (isWfdb(bytes)) return openWfdb;
  return undefined;
}

/** Opens a recording of signals by its first bytes. */
import { closeSync, openSync, readSync } from "node:fs";
import { basename, resolve } from "node:path";
import { holdsSamplesAlone, openHdf5Signals } from "../apart/hdf5.ts";
import { isHdf5, isMat73 } from "../apart/signature.ts";
import { RecordingError } from "../contract.ts";
import { recordingFolder } from "../readers/folders/folder.ts";
import { isBrainVision, openBrainVision } from "./brainvision.ts";
import { ByteFile } from "./bytes.ts";
import type { SignalRecording } from "./contract.ts";
import { isEdf, openEdf } from "./edf/reader.ts";
import { openEeglab } from "./eeglab.ts";
import { isEyelink, openEyelink } from "./eyelink/reader.ts";
import { isIntan, openIntan } from "./intan.ts";
import { isMat5 } from "./mat5/file.ts";
import { isContinuousAlone, openEphysSignals } from "./open-ephys.ts";
import { isWfdb, openWfdb } from "./wfdb.ts";
import { isXdf, openXdf } from "./xdf/xdf.ts";

/** Whether the file looks like a recording of signals, and not of spikes. */
export async function holdsSignals(path: string): Promise<boolean> {
  const folder = recordingFolder(path);
  if (folder !== undefined) return isContinuousAlone(folder);
  const head = headOf(path);
  if (isMat73(head) || openerOf(head) !== undefined) return true;
  return isHdf5(head) && (await holdsSamplesAlone(path));
}

export async function openSignals(path: string): Promise<SignalRecording> {
  const folder = recordingFolder(path);
  if (folder !== undefined) return openEphysSignals(folder, basename(resolve(folder)));
  const head = headOf(path);
  const name = basename(path).replace(/\.[^.]*$/, "");
  if (isHdf5(head) || isMat73(head)) return openHdf5Signals(path, name);
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
  if (isMat5(bytes)) return openEeglab;
  if (isEyelink(bytes)) return openEyelink;
  if (isXdf(bytes)) return openXdf;
  if (isIntan(bytes)) return openIntan;
  if (isBrainVision(bytes)) return openBrainVision;
  if (isWfdb(bytes)) return openWfdb;
  return undefined;
}

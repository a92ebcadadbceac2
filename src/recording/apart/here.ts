/** Files of HDF5, read in this thread: what the thread of answers.ts does, and nobody else who is built. */
import type { SpikeFile } from "../cultures/spike-file.ts";
import { openHdf5Spikes } from "../readers/hdf5.ts";
import { ByteFile } from "../signals/bytes.ts";
import type { SignalRecording } from "../signals/contract.ts";
import { openEeglab } from "../signals/eeglab.ts";
import * as hdf5 from "../signals/hdf5.ts";
import { isHdf5 } from "./signature.ts";

export async function openSpikes(path: string, name: string): Promise<SpikeFile> {
  return openHdf5Spikes(path, name);
}

export async function openSignals(path: string, name: string): Promise<SignalRecording> {
  const file = new ByteFile(path);
  const head = file.read(0, Math.min(16, file.length));
  if (!isHdf5(head)) return openEeglab(file, name);
  file.close();
  return hdf5.openHdf5Signals(path, name);
}

export async function holdsSamplesAlone(path: string): Promise<boolean> {
  return hdf5.holdsSamplesAlone(path);
}

/**
 * Files of HDF5, wherever they are read: in a thread of their own, so that a damaged one spoils nothing else. Only from source,
 * where a thread takes seconds to load, they are read here.
 */
import type { SpikeFile } from "../cultures/spike-file.ts";
import type { SignalRecording } from "../signals/contract.ts";
import * as apart from "./open.ts";

const isBuilt = !import.meta.url.endsWith(".ts");
const readers = () => (isBuilt ? apart : import("./here.ts"));

export async function openHdf5Spikes(path: string, name: string): Promise<SpikeFile> {
  return (await readers()).openSpikes(path, name);
}

/** Also of MATLAB 7.3, which is HDF5. */
export async function openHdf5Signals(path: string, name: string): Promise<SignalRecording> {
  return (await readers()).openSignals(path, name);
}

export async function holdsSamplesAlone(path: string): Promise<boolean> {
  return (await readers()).holdsSamplesAlone(path);
}

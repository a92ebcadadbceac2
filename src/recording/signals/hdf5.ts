/** Samples in HDF5 files, by their layout: NWB, Multi Channel Systems. */
import type { File } from "h5wasm/node";
import { RecordingError } from "../contract.ts";
import { closeHdf5, loadHdf5, openHdf5 } from "../hdf5.ts";
import { isMcs, mcsHoldsSpikes } from "../readers/mcs.ts";
import { isNwb, unitsOf } from "../readers/nwb/units.ts";
import type { SignalRecording } from "./contract.ts";
import { mcsStreams, openMcsSignals } from "./mcs.ts";
import { nwbSeries, openNwbSeries } from "./nwb.ts";

/** Whether the file holds samples, and no spikes beside them. */
export async function holdsSamplesAlone(path: string): Promise<boolean> {
  await loadHdf5();
  let file: File;
  try {
    file = openHdf5(path);
  } catch {
    return false; // Said in better words by who opens it.
  }
  try {
    if (isNwb(file)) return !unitsOf(file) && nwbSeries(file).length > 0;
    return isMcs(file) && !mcsHoldsSpikes(file) && mcsStreams(file).length > 0;
  } catch {
    return false;
  } finally {
    closeHdf5(file);
  }
}

export async function openHdf5Signals(path: string, name: string): Promise<SignalRecording> {
  await loadHdf5();
  const file = openHdf5(path);
  try {
    if (isNwb(file)) return openNwbSeries(file, name);
    if (isMcs(file)) return openMcsSignals(file, name);
    throw new RecordingError(
      `${path}: expected samples in HDF5 (NWB, Multi Channel Systems), got another layout`,
    );
  } catch (error) {
    closeHdf5(file);
    if (error instanceof RecordingError) throw error;
    throw new RecordingError(`${path}: damaged (${(error as Error).message.split("\n")[0]})`, {
      cause: error,
    });
  }
}

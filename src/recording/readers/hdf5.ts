/** Spikes in HDF5 files, by their layout. */
import { RecordingError } from "../contract.ts";
import type { SpikeFile } from "../cultures/spike-file.ts";
import { closeHdf5, loadHdf5, openHdf5 } from "../hdf5.ts";
import { isCl1, openCl1 } from "./cl1.ts";
import { isMaxWell, openMaxWell } from "./maxwell.ts";
import { isMcs, openMcs } from "./mcs.ts";
import { isMea, openMea } from "./mea.ts";
import { isNwbRun, openNwbRun } from "./nwb/run.ts";
import { isNwb, openNwbEvents, openNwbUnits, unitsOf } from "./nwb/units.ts";

type Hdf5 = ReturnType<typeof openHdf5>;

export async function openHdf5Spikes(path: string, name: string): Promise<SpikeFile> {
  await loadHdf5();
  const file = openHdf5(path);
  try {
    return openLayout(file, path, name);
  } catch (error) {
    closeHdf5(file);
    if (error instanceof RecordingError) throw error;
    throw new RecordingError(`${path}: damaged (${(error as Error).message})`, { cause: error });
  }
}

function openLayout(file: Hdf5, path: string, name: string): SpikeFile {
  if (isNwb(file)) return openNwb(file, name);
  if (isMea(file)) return openMea(file, name);
  if (isCl1(file)) return openCl1(file, name);
  if (isMaxWell(file)) return openMaxWell(file, name);
  if (isMcs(file)) return openMcs(file, name);
  throw new RecordingError(
    `${path}: an HDF5 file of no layout known here (MEA: /spikes and /sCount; NWB; CL1: a /spikes table; MaxWell: /wells or /data_store; Multi Channel Systems: /Data/Recording_0)`,
  );
}

function openNwb(file: Hdf5, name: string): SpikeFile {
  const units = unitsOf(file);
  if (units) return isNwbRun(units) ? openNwbRun(file, name, units) : openNwbUnits(file, name, units);
  const events = openNwbEvents(file, name);
  if (events) return events;
  const version = file.attrs["nwb_version"]?.value ?? "of unknown version";
  throw new RecordingError(
    `${name}: an NWB ${version} file without spikes (no units table with spike_times, no SpikeEventSeries); --detect 5 finds them in raw samples`,
  );
}

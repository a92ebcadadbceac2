/** What the commands of `wetgrad emulator` ask for: a device to compute on, a recording, the emulator of one. */
import { COMPUTE_DEVICES, type ComputeDevice } from "../../compute/contract.ts";
import type { CountFileOptions } from "../../forecast/recorded/counted-recording.ts";
import type { ReadCulture } from "../../recording/contract.ts";
import { nameOf } from "../options/names.ts";
import { tellDoubts } from "../options/recording.ts";

export { MODEL_FILE } from "../../forecast/recorded/emulator-files.ts";

/** Checked before anything is read. */
export async function computeDeviceOf(name: string): Promise<ComputeDevice> {
  const device = nameOf(name, "--compute", COMPUTE_DEVICES);
  const { checkDevice } = await import("../../compute/index.ts");
  await checkDevice(device);
  return device;
}

/** A recording as forecasters take it; what is doubtful about it is said on stderr. */
export async function countTold(path: string, options: CountFileOptions, say?: (line: string) => void) {
  const { countRecording } = await import("../../forecast/recorded/counted-recording.ts");
  const recording = await countRecording(path, options);
  tellDoubts(path, recording.doubts, say);
  return recording;
}

/** The emulator in the folder `--model`, and the counts of its channels in a recording. */
export async function openWithModel(path: string, folder: string, read: ReadCulture) {
  const { readEmulator } = await import("../../forecast/recorded/emulator-folder.ts");
  const emulator = readEmulator(folder);
  return { emulator, recording: await countTold(path, { ...emulator, read }) };
}

/** Opening a recording, and the emulator of one, for the commands of `wetgrad emulator`. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ComputeDevice } from "../../compute/index.ts";
import { UsageError } from "../manners/errors.ts";

export const MODEL_FILE = "emulator.safetensors";
export const FIT_FILE = "fit.safetensors";

const DEVICES: readonly ComputeDevice[] = ["cpu", "webgpu", "cuda", "jaxjs"];

/** Checked before anything is read. */
export async function computeDeviceOf(name: string): Promise<ComputeDevice> {
  const device = DEVICES.find((known) => known === name);
  if (!device) throw new UsageError(`--device: expected ${DEVICES.join(", ")}, got ${JSON.stringify(name)}`);
  const { checkDevice } = await import("../../compute/index.ts");
  await checkDevice(device);
  return device;
}

/** Counts of a recording's live channels, and what was found and filtered. */
export async function openCounts(path: string, binSeconds: number, channelNames?: readonly string[]) {
  const { openRecording } = await import("../../recording/open.ts");
  const { cleanSpikes } = await import("../../recording/clean.ts");
  const { recordedCounts } = await import("../../forecast/recorded/counts.ts");
  const raw = await openRecording(path);
  try {
    // Channels that a saved emulator names are taken whether they are alive here or not.
    const cleaning = channelNames ? { deadBelowHz: 0 } : {};
    const { recording, report } = cleanSpikes(raw, cleaning);
    const { counts } = recordedCounts(recording, { binSeconds, ...(channelNames ? { channelNames } : {}) });
    return {
      name: recording.name,
      counts,
      channelNames: channelNames ?? recording.channels.map(({ name }) => name),
      channels: recording.channels,
      cleaning: {
        filter: report.filter,
        spikes: report.spikes,
        kept: report.kept,
        doubleDetectionShare: report.shortIntervalShare,
        deadChannels: report.deadChannels,
      },
    };
  } finally {
    raw.close();
  }
}

export async function readModel(folder: string) {
  const path = join(folder, MODEL_FILE);
  if (!existsSync(path))
    throw new UsageError(
      `--model ${folder}: expected a folder with ${MODEL_FILE}, as \`wetgrad emulator fit\` writes; ${existsSync(join(folder, FIT_FILE)) ? "the fit there is not finished: run the same fit again" : "fit one first"}`,
    );
  const { decodeForecastEmulator } = await import("../../forecast/emulator/saved.ts");
  return decodeForecastEmulator(readFileSync(path));
}

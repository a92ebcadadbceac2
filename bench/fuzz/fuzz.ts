/** Feeds a reader damaged files and sorts what comes back: a read, one clear line, or a fault. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Random } from "../../src/math/random.ts";
import { isHdf5 } from "../../src/recording/apart/signature.ts";
import { RecordingError } from "../../src/recording/contract.ts";
import { WiringError } from "../../src/wiring/contract.ts";
import { mutate } from "./mutate.ts";
import { mutateHdf5 } from "./mutate-hdf5.ts";
import type { FuzzedReader } from "./readers.ts";

export type Outcome =
  | { readonly kind: "read" }
  /** The error's line, without what differs from file to file. */
  | { readonly kind: "refused"; readonly error: string }
  /** Anything but a `RecordingError` or `WiringError` of one line. */
  | { readonly kind: "fault"; readonly error: string };

/** More time than this is no time of a reader's own. */
const MOST_SECONDS = 1;
const SECONDS_PER_BYTE = 1e-6;

/** What becomes of the damaged file number `index`. */
export async function fuzzOnce(
  reader: FuzzedReader,
  folder: string,
  seed: number,
  index: number,
): Promise<Outcome> {
  const path = join(folder, reader.fileName ?? `damaged.${reader.extension}`);
  const bytes = writeDamaged(reader, folder, path, Random.of(seed, reader.name, index));
  const before = process.cpuUsage();
  try {
    await reader.read(path);
    const { user, system } = process.cpuUsage(before);
    const seconds = (user + system) * 1e-6;
    return seconds <= MOST_SECONDS + SECONDS_PER_BYTE * bytes
      ? { kind: "read" }
      : { kind: "fault", error: `${seconds.toFixed(1)} s of processor for ${bytes} bytes` };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const isRefusal = error instanceof RecordingError || error instanceof WiringError;
    if (isRefusal && !message.includes("\n")) return { kind: "refused", error: normalised(message) };
    return { kind: "fault", error: `${error instanceof Error ? error.name : typeof error}: ${message}` };
  }
}

/** Share of damage that falls on a file beside the first, and share of an HDF5 file's that leaves it one. */
const BESIDE = 0.3;
const SOUND_HDF5 = 0.4;

/** The file and those beside it, one of them damaged; how many bytes they have. */
function writeDamaged(reader: FuzzedReader, folder: string, path: string, random: Random): number {
  const { original, beside = {} } = reader;
  const names = Object.keys(beside);
  const other =
    names.length > 0 && random.uniform() < BESIDE ? names[random.integer(names.length)] : undefined;
  const structured = isHdf5(original) && random.uniform() < SOUND_HDF5;
  let bytes = 0;
  for (const [name, content] of [...Object.entries(beside), [undefined, original] as const]) {
    const written = name === other && !(name === undefined && structured) ? mutate(content, random) : content;
    const to = name === undefined ? path : join(folder, name);
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, written);
    bytes += written.length;
  }
  if (structured) mutateHdf5(path, random);
  return bytes;
}

/** The line with paths, quotations and numbers taken out, so that equal faults count as one. */
function normalised(message: string): string {
  return message
    .replace(/\S*(damaged|spike_times|structure|onnectivity|annotations|connectome)\.\w+/g, "FILE")
    .replace(/"[^"]*"?/g, '"..."')
    .replace(/[^\x20-\x7e]+/g, "?")
    .replace(/-?\d+(\.\d+)?(e[+-]?\d+)?/g, "N")
    .slice(0, 90);
}

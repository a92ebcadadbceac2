/** Spikes in binary files, by their first bytes. */

import { RecordingError } from "../../contract.ts";
import type { SpikeFile } from "../../cultures/spike-file.ts";
import { ByteFile } from "../../signals/bytes.ts";
import { isAxionSpk, openAxionSpk } from "./axion-spk.ts";
import { isNev, openNev } from "./blackrock.ts";
import { isNex, openNex } from "./neuroexplorer.ts";

const READERS = [
  [isAxionSpk, openAxionSpk],
  [isNev, openNev],
  [isNex, openNex],
] as const;

/** Undefined where the file is none of them. */
export function openBinarySpikes(head: Uint8Array, path: string, name: string): SpikeFile | undefined {
  const open = READERS.find(([is]) => is(head))?.[1];
  if (!open) return undefined;
  const file = new ByteFile(path);
  try {
    return open(file, name);
  } catch (error) {
    file.close();
    if (error instanceof RecordingError) throw error;
    throw new RecordingError(`${path}: damaged (${(error as Error).message.split("\n")[0]})`, {
      cause: error,
    });
  }
}

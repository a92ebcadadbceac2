/** Files of HDF5, opened in the thread that reads it (answers.ts), by the contracts of those that are read here. */
import type { SpikeFile } from "../cultures/spike-file.ts";
import type { SignalEvent, SignalRecording } from "../signals/contract.ts";
import { ask, askNow, hasThread } from "./asking.ts";
import type { FileApart, SignalsAbout, SpikeBatch, SpikesAbout } from "./calls.ts";

let files = 0;

function fileAt(holds: FileApart["holds"], path: string, name: string): FileApart {
  return { id: files++, holds, path, name };
}

export async function openSpikes(path: string, name: string): Promise<SpikeFile> {
  const file = fileAt("spikes", path, name);
  const about = (await ask(file, "about", null)) as SpikesAbout;
  let kept:
    | { readonly from: number; readonly batch: SpikeBatch; readonly starts: readonly number[] }
    | undefined;
  /** A batch that begins with a channel, of which one has `had` spikes. */
  const fetch = (channel: number, had: number): SpikeBatch => {
    const batch = askNow(file, "spikes", { channel, had });
    const starts = [0];
    for (const count of batch.counts) starts.push(starts.at(-1)! + count);
    if (had === 0) kept = { from: channel, batch, starts };
    return batch;
  };
  /** The spikes of a channel from the last batch, where they are all there. */
  const found = (channel: number): Float64Array | undefined => {
    if (!kept || channel < kept.from) return undefined;
    const { batch, starts, from } = kept;
    const [i, last] = [channel - from, batch.counts.length - 1];
    return i < last || (i === last && batch.isWhole)
      ? batch.seconds.slice(starts[i], starts[i + 1])
      : undefined;
  };
  function* readSpikes(channel: number): Generator<Float64Array> {
    const here = found(channel);
    if (here) {
      if (here.length > 0) yield here;
      return;
    }
    for (let had = 0; ; ) {
      const { seconds, counts, isWhole } = fetch(channel, had);
      const isLast = counts.length > 1 || isWhole;
      had += counts[0];
      if (counts[0] > 0) yield seconds.slice(0, counts[0]);
      if (isLast) return;
    }
  }
  return { ...about, readSpikes, close: closing(file) };
}

export async function openSignals(path: string, name: string): Promise<SignalRecording> {
  const file = fileAt("signals", path, name);
  const about = (await ask(file, "about", null)) as SignalsAbout;
  return {
    ...about,
    *events(): Generator<SignalEvent> {
      for (let had = 0; ; ) {
        const { events, isWhole } = askNow(file, "events", { had });
        had += events.length;
        yield* events;
        if (isWhole) return;
      }
    },
    read: (start, count, channels) => askNow(file, "read", { start, count, ...(channels && { channels }) }),
    close: closing(file),
  };
}

export async function holdsSamplesAlone(path: string): Promise<boolean> {
  return ask(fileAt("signals", path, ""), "holdsSamplesAlone", null);
}

function closing(file: FileApart): () => void {
  let isClosed = false;
  return () => {
    if (isClosed) return;
    isClosed = true;
    // A thread that is spent has closed what it had open; the next has not opened it.
    if (hasThread()) askNow(file, "close", null);
  };
}

/** Reads everything in a file, by what it holds; throws what its reader throws. */
import { openRecordingFile } from "../../src/recording/open.ts";
import { openSignals } from "../../src/recording/signals/open.ts";
import { readingTimes } from "../../src/recording/signals/reading-times.ts";

export const READ = { spikes, signals, reading } as const;
export type Contents = keyof typeof READ;

async function spikes(path: string): Promise<void> {
  const file = await openRecordingFile(path);
  try {
    for (const culture of file.cultures)
      culture.channels.forEach((_, channel) => {
        if (culture.counts) culture.counts.read(channel);
        else for (const block of culture.readSpikes(channel)) void block.length;
      });
  } finally {
    file.close();
  }
}

async function signals(path: string): Promise<void> {
  const recording = await openSignals(path);
  try {
    for (const event of recording.events()) void event.seconds;
    recording.channels.forEach(({ samples }, channel) => {
      const window = Math.min(samples, 500);
      recording.read(0, window, [channel]);
      recording.read(samples - window, window, [channel]);
    });
  } finally {
    recording.close();
  }
}

async function reading(path: string): Promise<void> {
  for await (const word of readingTimes(path)) void word.text;
}

/** recording.nwb of a culture that read: every spike of the array, every pulse that passed the gate, and each sentence as a trial. */
import { rmSync } from "node:fs";
import { DEFAULT_SCAFFOLD, type ScaffoldName, scaffolds } from "../../device/simulated/scaffolds.ts";
import { NwbWriter } from "../../recording/nwb/writer.ts";
import type { ReadStretch } from "../brain/culture-reading.ts";
import { readingSession } from "./session.ts";

export interface ReadingRecorder {
  add(stretch: ReadStretch): void;
  /** Writes what is of whole sets, and closes the file. */
  close(): void;
  /** Takes a file away that is not whole. */
  abandon(): void;
}

/** Spikes of a set are held until its end: 8 bytes each. */
export async function recordReading(
  path: string,
  { seed, scaffold = DEFAULT_SCAFFOLD }: { seed: number; scaffold?: ScaffoldName },
): Promise<ReadingRecorder> {
  const { profile } = scaffolds[scaffold];
  const writer = await NwbWriter.create(
    path,
    readingSession({
      identifier: `wetgrad-reading-${scaffold}-${seed}`,
      description: "A simulated culture reads sentences in the time of simulated eyes.",
      experimentDescription: "Which sentence was read is decoded from the spikes",
      seeds: [seed],
      scaffold,
      zones: { sensory: "words are given here", prediction: "never stimulated, decoded from" },
    }),
  );
  const sets = new Map<string, { from: number; to: number; times: number[][] }>();
  const seconds = (frame: number) => frame / profile.framesPerSecond;
  const origin = (phase: string) => ({ seed, code: "assigned", arm: "reading", cycle: -1, phase });
  return {
    add({ phase, text, startFrame, durationFrames, spikes, sent }) {
      const set = sets.get(phase) ?? {
        from: startFrame,
        to: startFrame,
        times: profile.electrodes.map(() => []),
      };
      sets.set(phase, set);
      set.to = startFrame + durationFrames;
      spikes.channels.forEach((channel, i) => {
        set.times[channel]?.push(seconds(startFrame + spikes.frames[i]));
      });
      writer.appendStimulation(
        origin(phase),
        sent.map(({ frame, channel, phases }) => ({
          channel,
          startSeconds: seconds(startFrame + frame),
          phases,
        })),
      );
      const trial = { startSeconds: seconds(startFrame), stopSeconds: seconds(set.to), text };
      writer.appendTrials(origin(phase), [trial], "trials");
    },
    close() {
      for (const [phase, { from, to, times }] of sets)
        writer.appendUnits(
          origin(phase),
          times.map((spikeTimes, channel) => ({
            channel,
            spikeTimes,
            startSeconds: seconds(from),
            stopSeconds: seconds(to),
          })),
        );
      writer.close();
    },
    abandon() {
      writer.abandon();
      rmSync(path, { force: true });
    },
  };
}

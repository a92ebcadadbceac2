/** recording.nwb of a culture that read: every spike of the array, every pulse that passed the gate, and each sentence as a trial. */
import { rmSync } from "node:fs";
import { DEFAULT_SCAFFOLD, type ScaffoldName, scaffolds } from "../../device/simulated/scaffolds.ts";
import { layoutFor } from "../../protocol/layout.ts";
import { SIMULATED_EPOCH } from "../../recording/nwb/session.ts";
import { NwbWriter } from "../../recording/nwb/writer.ts";
import { type ReadStretch, readingCulture } from "../brain/culture-reading.ts";

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
  const { roles } = layoutFor(profile, seed, 8);
  const { neurons, div } = readingCulture(seed, scaffold);
  const writer = await NwbWriter.create(path, {
    identifier: `wetgrad-reading-${scaffold}-${seed}`,
    description:
      "A simulated culture reads sentences in the time of simulated eyes. Time is simulated, the date is not.",
    startTime: SIMULATED_EPOCH,
    framesPerSecond: profile.framesPerSecond,
    device: {
      name: profile.name,
      description: `${profile.electrodes.length} electrodes, ${profile.preparation}`,
    },
    electrodes: profile.electrodes.map(({ channel, xUm, yUm }) => ({
      xUm,
      yUm,
      location: roles.sensory.includes(channel)
        ? "words are given here"
        : roles.prediction.includes(channel)
          ? "never stimulated, decoded from"
          : "read only",
    })),
    experimentDescription: "Which sentence was read is decoded from the spikes",
    subject: {
      id: `seed-${seed}`,
      description: `simulated culture, ${neurons} neurons`,
      age: `P${Math.round(div)}D`,
      species: "In silico",
    },
    keywords: ["simulated culture", "reading", "wetgrad"],
  });
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
      writer.appendTrial({ startSeconds: seconds(startFrame), stopSeconds: seconds(set.to), phase, text });
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

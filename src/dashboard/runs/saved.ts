/** A saved run as a feed: its report, its journal, and its recording to replay. */
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import type { OrganoidConfig } from "../../descent/config.ts";
import { Journal } from "../../descent/journal/journal.ts";
import { encodeFrame } from "../../descent/live/frames.ts";
import { jobsOf, RUN_FORMAT } from "../../descent/run.ts";
import { simulatedProfile } from "../../device/simulated/array.ts";
import { NwbReader, type NwbSegment } from "../../recording/nwb/reader.ts";
import { readReport } from "../../report/files.ts";
import { Feed } from "../feed.ts";
import { clean } from "./clean.ts";
import { describeRun } from "./organoid.ts";

/** What a cycle's entry of the journal holds (src/descent/train-arm.ts); older runs lack some. */
interface CycleEntry {
  readonly seed: number;
  readonly code: string;
  readonly cycle: number;
  readonly crossEntropy: readonly number[];
  readonly priorError: readonly number[];
  readonly forecast?: readonly (readonly number[])[];
  readonly nextClass?: readonly number[];
  readonly overlap?: readonly number[];
  readonly correlation?: readonly number[];
}

interface RefitEntry {
  readonly seed: number;
  readonly code: string;
  readonly cycle: number;
  readonly autoencoderLoss: number;
  readonly dynamicsLoss: number;
}

export async function savedFeed(folder: string, config: OrganoidConfig): Promise<Feed> {
  const name = basename(folder);
  const recording = await openRecording(folder);
  const segments = recording?.segments() ?? [];
  const feed = new Feed({
    ...(recording
      ? { segment: async (index: number) => segmentFrame(recording, segments[index], config) }
      : {}),
  });
  const isFinished = existsSync(join(folder, "report.json"));
  const note = isFinished ? "" : "This run has not finished: continue it under Control.";
  feed.say(describeRun(name, config, "saved", note));
  if (isFinished) {
    const report = readReport(folder);
    const jobs = jobsOf(config).length;
    feed.say({ kind: "report", finished: jobs, of: jobs, report });
  }
  tellJournal(feed, folder, config);
  feed.say({
    kind: "segments",
    segments: segments.map((segment) => {
      const { arm, cycle, phase, startSeconds, stopSeconds, spikes } = segment;
      return { culture: cultureOf(config, segment), arm, cycle, phase, startSeconds, stopSeconds, spikes };
    }),
  });
  return feed;
}

async function openRecording(folder: string): Promise<NwbReader | null> {
  const path = join(folder, "recording.nwb");
  return existsSync(path) ? NwbReader.open(path) : null;
}

function cultureOf(config: OrganoidConfig, { seed, code }: { seed: number; code: string }): number {
  return jobsOf(config).findIndex((job) => job.seed === seed && job.code === code);
}

function tellJournal(feed: Feed, folder: string, config: OrganoidConfig): void {
  const path = join(folder, "journal.sqlite");
  if (!existsSync(path)) return;
  let journal: Journal;
  try {
    journal = Journal.open(path, RUN_FORMAT);
  } catch (error) {
    // In use by a run that is going on in another process: the rest can be shown.
    feed.say({ kind: "log", atMs: 0, level: "warning", text: (error as Error).message });
    return;
  }
  try {
    for (const { value } of journal.list("cycle")) tellCycle(feed, value as unknown as CycleEntry, config);
    for (const { value } of journal.list("refit")) {
      const { cycle, autoencoderLoss, dynamicsLoss, ...job } = value as unknown as RefitEntry;
      feed.say({ kind: "fit", culture: cultureOf(config, job), cycle, autoencoderLoss, dynamicsLoss });
    }
  } finally {
    journal.close();
  }
}

function tellCycle(feed: Feed, entry: CycleEntry, config: OrganoidConfig): void {
  const { cycle } = entry;
  const culture = cultureOf(config, entry);
  entry.crossEntropy.forEach((crossEntropy, presentation) => {
    feed.say({
      ...{ kind: "write", culture, cycle, presentation },
      forecast: [...(entry.forecast?.[presentation] ?? [])],
      nextClass: entry.nextClass?.[presentation] ?? 0,
      crossEntropy: clean(crossEntropy),
      priorError: clean(entry.priorError[presentation]),
      overlap: clean(entry.overlap?.[presentation] ?? 0),
      correlation: clean(entry.correlation?.[presentation] ?? 0),
    });
  });
}

/** All spikes and pulses of a recorded segment. */
function segmentFrame(
  recording: NwbReader,
  segment: NwbSegment | undefined,
  config: OrganoidConfig,
): Uint8Array {
  if (!segment) throw new Error("expected a segment of this recording, got another number; reload the page");
  const { framesPerSecond } = simulatedProfile;
  const startFrame = Math.round(segment.startSeconds * framesPerSecond);
  const offset = (seconds: number) => Math.round(seconds * framesPerSecond) - startFrame;
  const { times, channels } = recording.spikesOf(segment);
  const order = Uint32Array.from(times.keys()).sort((a, b) => times[a]! - times[b]!);
  const pulses = recording.pulsesOf(segment);
  return encodeFrame({
    type: "activity",
    culture: cultureOf(config, segment),
    startFrame,
    endFrame: Math.round(segment.stopSeconds * framesPerSecond),
    spikeOffsets: Uint32Array.from(order, (i) => offset(times[i]!)),
    spikeChannels: Uint16Array.from(order, (i) => channels[i]!),
    pulseOffsets: Uint32Array.from(pulses.startSeconds, offset),
    pulseChannels: pulses.channels,
    pulseChargeNc: pulses.chargeNc,
  });
}

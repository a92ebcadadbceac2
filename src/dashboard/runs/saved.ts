/** A saved run as a feed: its report, its journal, and its recording to replay. */
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { simulatedProfile } from "../../device/simulated/array.ts";
import type { OrganoidConfig } from "../../experiment/config.ts";
import { encodeFrame } from "../../experiment/live/frames.ts";
import { jobsOf } from "../../experiment/run.ts";
import { NwbReader, type NwbSegment } from "../../recording/nwb/reader.ts";
import { readReport } from "../../report/files.ts";
import { Feed } from "../feed.ts";
import type { MessageOf } from "../protocol.ts";
import { cultureOf, tellJournal } from "./journal.ts";
import { describeRun } from "./organoid.ts";

export async function savedFeed(folder: string, config: OrganoidConfig): Promise<Feed> {
  const name = basename(folder);
  const recording = await openRecording(folder);
  const segments = recording?.segments() ?? [];
  /** Weight maps by culture, arm and cycle. */
  const maps = new Map<string, Float32Array>();
  const feed = new Feed({
    ...(recording
      ? {
          segment: async (index: number) => {
            const segment = segments[index];
            const activity = segmentFrame(recording, segment, config);
            const map = segment && mapFrame(maps, cultureOf(config, segment), segment);
            return map ? [activity, map] : [activity];
          },
        }
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
  for (const { culture, arm, cycle, mean } of tellJournal(feed, folder, config))
    maps.set(mapKey(culture, arm, cycle), mean);
  if (recording) for (const ledger of ledgersOf(recording, config)) feed.say(ledger);
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

function mapKey(culture: number, arm: string, cycle: number): string {
  return `${culture}:${arm}:${cycle}`;
}

/** The weights as they were after a stretch: those of the arm's cycle, else as they were before training. */
function mapFrame(
  maps: ReadonlyMap<string, Float32Array>,
  culture: number,
  { arm, cycle, stopSeconds }: NwbSegment,
): Uint8Array | null {
  const mean = maps.get(mapKey(culture, arm, cycle)) ?? maps.get(mapKey(culture, "common", -1));
  if (!mean) return null;
  const side = Math.round(Math.sqrt(mean.length));
  const frame = Math.round(stopSeconds * simulatedProfile.framesPerSecond);
  return encodeFrame({
    type: "weights",
    culture,
    startFrame: frame,
    endFrame: frame,
    from: side,
    to: side,
    mean,
  });
}

/** The charge that each electrode received in the recorded stretches. The gate's refusals are not recorded. */
function ledgersOf(recording: NwbReader, config: OrganoidConfig): MessageOf<"ledger">[] {
  const accounts = new Map<number, { pulses: Float64Array; chargeNc: Float64Array }>();
  const { electrodes } = simulatedProfile;
  const place = new Map(electrodes.map(({ channel }, i) => [channel, i]));
  for (const segment of recording.segments()) {
    const culture = cultureOf(config, segment);
    const { pulses, chargeNc } = accounts.get(culture) ?? {
      pulses: new Float64Array(electrodes.length),
      chargeNc: new Float64Array(electrodes.length),
    };
    accounts.set(culture, { pulses, chargeNc });
    const { channels, chargeNc: charges } = recording.pulsesOf(segment);
    channels.forEach((channel, i) => {
      const at = place.get(channel);
      if (at === undefined) return;
      pulses[at]++;
      chargeNc[at] += charges[i];
    });
  }
  return [...accounts].map(([culture, { pulses, chargeNc }]) => ({
    kind: "ledger",
    culture,
    refusals: 0,
    recentRefusals: [],
    electrodes: electrodes.map(({ channel }, i) => ({
      channel,
      pulses: pulses[i],
      chargeNc: chargeNc[i],
      netChargeNc: 0,
      cancelled: 0,
      refusals: 0,
    })),
  }));
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
  const order = Uint32Array.from(times.keys()).sort((a, b) => times[a] - times[b]);
  const pulses = recording.pulsesOf(segment);
  return encodeFrame({
    type: "activity",
    culture: cultureOf(config, segment),
    startFrame,
    endFrame: Math.round(segment.stopSeconds * framesPerSecond),
    spikeOffsets: Uint32Array.from(order, (i) => offset(times[i])),
    spikeChannels: Uint16Array.from(order, (i) => channels[i]),
    pulseOffsets: Uint32Array.from(pulses.startSeconds, offset),
    pulseChannels: pulses.channels,
    pulseChargeNc: pulses.chargeNc,
  });
}

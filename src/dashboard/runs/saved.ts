/** A saved run as a feed: its report, its journal, and its recording to replay. */
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import type { OrganoidConfig } from "../../descent/config.ts";
import { Journal } from "../../descent/journal/journal.ts";
import { encodeFrame } from "../../descent/live/frames.ts";
import { AS_PLANNED, type Tuning } from "../../descent/live/tuning.ts";
import { jobsOf, RUN_FORMAT } from "../../descent/run.ts";
import { simulatedProfile } from "../../device/simulated/array.ts";
import { NwbReader, type NwbSegment } from "../../recording/nwb/reader.ts";
import { readReport } from "../../report/files.ts";
import { Feed } from "../feed.ts";
import type { MessageOf } from "../protocol.ts";
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

interface Whose {
  readonly seed: number;
  readonly code: string;
  readonly arm: string;
  readonly cycle: number;
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
  tellJournal(feed, folder, config, maps);
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

function cultureOf(config: OrganoidConfig, { seed, code }: { seed: number; code: string }): number {
  return jobsOf(config).findIndex((job) => job.seed === seed && job.code === code);
}

function tellJournal(
  feed: Feed,
  folder: string,
  config: OrganoidConfig,
  maps: Map<string, Float32Array>,
): void {
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
    for (const probe of barestProbes(journal, config)) feed.say(probe);
    for (const { value } of journal.list("shown")) {
      const { seed, code, ...probe } = value as unknown as Whose & MessageOf<"probe">;
      feed.say({ ...probe, kind: "probe", culture: cultureOf(config, { seed, code }) });
    }
    for (const { value } of journal.list("weights")) {
      const { mean, arm, cycle, ...job } = value as unknown as Whose & { readonly mean: string };
      const bytes = Uint8Array.from(Buffer.from(mean, "base64"));
      maps.set(mapKey(cultureOf(config, job), arm, cycle), new Float32Array(bytes.buffer));
    }
    tellEvents(feed, journal);
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

/** What happened, as far as the journal has it: it keeps no times of day. */
function tellEvents(feed: Feed, journal: Journal): void {
  const say = (level: MessageOf<"log">["level"], text: string) =>
    feed.say({ kind: "log", atMs: 0, level, text });
  for (const { value } of journal.list("tuning")) {
    const { seed, code, cycle, plasticity } = value as unknown as Partial<Whose> & Tuning;
    if (seed !== undefined && cycle !== undefined && plasticity !== AS_PLANNED.plasticity)
      say(
        "warning",
        `seed ${seed}, ${code} code, cycle ${cycle + 1}: plasticity ${plasticity} times the plan's`,
      );
  }
  for (const { value } of journal.list("probe")) {
    const { seed, code, arm, cycle, accuracy } = value as unknown as Whose & { accuracy: number };
    say(
      "info",
      `seed ${seed}, ${code} code: ${arm}, cycle ${cycle + 1}: ${(100 * accuracy).toFixed(1)} % right`,
    );
  }
}

/** The last probe of each culture and arm, as scores alone: all that there is of a run that is not done. */
function barestProbes(journal: Journal, config: OrganoidConfig): MessageOf<"probe">[] {
  const last = new Map<string, MessageOf<"probe">>();
  for (const { value } of journal.list("probe")) {
    const { arm, cycle, accuracy, nllNats, ...job } = value as unknown as Whose & MessageOf<"probe">;
    const culture = cultureOf(config, job);
    const key = `${culture}:${arm}`;
    if ((last.get(key)?.cycle ?? -1) > cycle) continue;
    last.set(key, {
      ...{ kind: "probe", culture, arm, cycle, accuracy, nllNats: clean(nllNats), firstStep: 0 },
      ...{ truth: [], predicted: [], labels: [], latent: [], explained: [] },
    });
  }
  return [...last.values()];
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
    ...{ type: "weights", culture, startFrame: frame, endFrame: frame },
    ...{ from: side, to: side, mean },
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
      pulses[at]!++;
      chargeNc[at]! += charges[i]!;
    });
  }
  return [...accounts].map(([culture, { pulses, chargeNc }]) => ({
    ...{ kind: "ledger", culture, refusals: 0, recentRefusals: [] },
    electrodes: electrodes.map(({ channel }, i) => ({
      ...{ channel, pulses: pulses[i]!, chargeNc: chargeNc[i]!, netChargeNc: 0, cancelled: 0, refusals: 0 },
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

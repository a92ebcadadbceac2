/** The recording of a saved run, to be replayed stretch by stretch. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { StimulableProfile } from "../../../device/profile.ts";
import { encodeFrame } from "../../../experiment/live/frames.ts";
import { NwbReader, type NwbSegment } from "../../../recording/nwb/reader.ts";
import type { MessageOf } from "../../protocol.ts";
import type { cultureIndex } from "../describe.ts";
import type { WeightMap } from "../journal.ts";

/** Whose recording it is. */
export interface Recorded {
  readonly profile: StimulableProfile;
  readonly cultureOf: ReturnType<typeof cultureIndex>;
}

export class SavedRecording {
  private readonly segments: readonly NwbSegment[];
  /** By culture, arm and cycle. */
  private readonly maps = new Map<string, Float32Array>();

  private constructor(
    private readonly reader: NwbReader,
    private readonly recorded: Recorded,
  ) {
    this.segments = reader.segments();
  }

  /** Null where the run has kept none. */
  static async of(folder: string, recorded: Recorded): Promise<SavedRecording | null> {
    const path = join(folder, "recording.nwb");
    return existsSync(path) ? new SavedRecording(await NwbReader.open(path), recorded) : null;
  }

  close(): void {
    this.reader.close();
  }

  /** Weights to be shown after the stretches that led to them. */
  weights(maps: readonly WeightMap[]): void {
    for (const { culture, arm, cycle, mean } of maps) this.maps.set(mapKey(culture, arm, cycle), mean);
  }

  contents(): MessageOf<"segments"> {
    return {
      kind: "segments",
      segments: this.segments.map((segment) => {
        const { arm, cycle, phase, startSeconds, stopSeconds, spikes } = segment;
        return {
          culture: this.recorded.cultureOf(segment),
          arm,
          cycle,
          phase,
          startSeconds,
          stopSeconds,
          spikes,
        };
      }),
    };
  }

  /** Binary frames: all spikes and pulses of a segment, then the weights after it where they were kept. */
  frames(index: number): Uint8Array[] {
    const segment = this.segments[index];
    if (!segment)
      throw new Error("expected a segment of this recording, got another number; reload the page");
    const map = this.weightFrame(segment);
    return [this.activityFrame(segment), ...(map ? [map] : [])];
  }

  /** The charge that each electrode received in the recorded stretches. The gate's refusals are not recorded. */
  ledgers(): MessageOf<"ledger">[] {
    const accounts = new Map<number, { pulses: Float64Array; chargeNc: Float64Array }>();
    const { electrodes } = this.recorded.profile;
    const place = new Map(electrodes.map(({ channel }, i) => [channel, i]));
    for (const segment of this.segments) {
      const culture = this.recorded.cultureOf(segment);
      const { pulses, chargeNc } = accounts.get(culture) ?? {
        pulses: new Float64Array(electrodes.length),
        chargeNc: new Float64Array(electrodes.length),
      };
      accounts.set(culture, { pulses, chargeNc });
      const { channels, chargeNc: charges } = this.reader.pulsesOf(segment);
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
      electrodes: electrodes.map(({ channel }, i) => ({
        channel,
        pulses: pulses[i],
        chargeNc: chargeNc[i],
      })),
    }));
  }

  /** The weights as they were after a stretch: those of the arm's cycle, else as they were before training. */
  private weightFrame(segment: NwbSegment): Uint8Array | null {
    const { arm, cycle, stopSeconds } = segment;
    const culture = this.recorded.cultureOf(segment);
    const mean = this.maps.get(mapKey(culture, arm, cycle)) ?? this.maps.get(mapKey(culture, "common", -1));
    if (!mean) return null;
    const side = Math.round(Math.sqrt(mean.length));
    const frame = Math.round(stopSeconds * this.recorded.profile.framesPerSecond);
    const stamp = { culture, startFrame: frame, endFrame: frame };
    return encodeFrame({ type: "weights", ...stamp, from: side, to: side, mean });
  }

  private activityFrame(segment: NwbSegment): Uint8Array {
    const { framesPerSecond } = this.recorded.profile;
    const startFrame = Math.round(segment.startSeconds * framesPerSecond);
    const offset = (seconds: number) => Math.round(seconds * framesPerSecond) - startFrame;
    const { times, channels } = this.reader.spikesOf(segment);
    const order = Uint32Array.from(times.keys()).sort((a, b) => times[a] - times[b]);
    const pulses = this.reader.pulsesOf(segment);
    return encodeFrame({
      type: "activity",
      culture: this.recorded.cultureOf(segment),
      startFrame,
      endFrame: Math.round(segment.stopSeconds * framesPerSecond),
      spikeOffsets: Uint32Array.from(order, (i) => offset(times[i])),
      spikeChannels: Uint16Array.from(order, (i) => channels[i]),
      pulseOffsets: Uint32Array.from(pulses.startSeconds, offset),
      pulseChannels: pulses.channels,
      pulseChargeNc: pulses.chargeNc,
    });
  }
}

function mapKey(culture: number, arm: string, cycle: number): string {
  return `${culture}:${arm}:${cycle}`;
}

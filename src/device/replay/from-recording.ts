/** A recording as something to replay: its channels numbered in order, its spikes in order of time. */
import { allSpikes, labelOf, type Recording } from "../../recording/contract.ts";
import { type DeviceFile, profileOf } from "../device-file.ts";
import { SpikeList } from "../live/spike-list.ts";
import { DeviceError } from "../lost.ts";
import type { ReplaySource } from "./driver.ts";

const DEFAULT_RATE_HZ = 25_000;

export function replaySource(recording: Recording, file: DeviceFile = {}): ReplaySource {
  const { counts, channels, durationSeconds, meta } = recording;
  const name = labelOf(recording);
  if (counts)
    throw new DeviceError(`${name}: expected spike times to replay, but the file holds counts only`);
  if (channels.length === 0) throw new DeviceError(`${name}: holds no channels to replay`);
  const framesPerSecond = meta.samplingRateHz ?? DEFAULT_RATE_HZ;
  const list = new SpikeList();
  let last = -1;
  channels.forEach((_, channel) => {
    for (const seconds of allSpikes(recording, channel)) {
      const frame = Math.max(0, Math.round(seconds * framesPerSecond));
      list.add(frame, channel);
      last = Math.max(last, frame);
    }
  });
  const endFrame = Math.max(Math.ceil(durationSeconds * framesPerSecond), last + 1);
  const numbers = channels.map((_, channel) => channel);
  const places = channels.flatMap(({ name: label, xUm, yUm }, channel) =>
    xUm === undefined || yUm === undefined ? [] : [{ channel, name: label, xUm, yUm }],
  );
  const { preparation = "in-vitro" } = file;
  return {
    profile: profileOf({ name: `replay of ${name}`, preparation, framesPerSecond }, numbers, {
      electrodes: places,
      ...file,
    }),
    spikes: list.takeUntil(endFrame),
    endFrame,
  };
}

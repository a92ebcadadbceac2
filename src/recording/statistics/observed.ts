/** A recording with its gaps closed: what statistics over observed time read. */
import { observedSeconds, type Recording } from "../contract.ts";
import type { SpikeTrains } from "./trains.ts";

export function observedTrains(recording: Recording): SpikeTrains {
  const { observed, channels } = recording;
  if (observed.length === 1 && observed[0].startSeconds === 0) return recording;
  return {
    durationSeconds: observedSeconds(recording),
    channels,
    *readSpikes(channel) {
      let [next, closed] = [0, -(observed[0]?.startSeconds ?? 0)];
      for (const block of recording.readSpikes(channel))
        yield block.map((time) => {
          while (next + 1 < observed.length && time >= observed[next + 1].startSeconds) {
            closed -= observed[next + 1].startSeconds - observed[next].endSeconds;
            next++;
          }
          return time + closed;
        });
    },
  };
}

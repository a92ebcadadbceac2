/**
 * Where a worker thread leaves what its cultures did: one lane of shared memory per culture, read by the main thread without
 * a copy through a message. Start of the step and number of spikes first, then frames and channels. A result that does
 * not fit (more spikes than a lane holds, refused pulses) goes by message.
 */
import type { StepResult } from "../contract.ts";

/** Float64: start frame, number of spikes. */
const HEAD_BYTES = 16;
export const LANE_SPIKES = 8192;
const LANE_BYTES = HEAD_BYTES + 6 * LANE_SPIKES;

export function sharedLanes(brains: number): SharedArrayBuffer {
  return new SharedArrayBuffer(brains * LANE_BYTES);
}

function laneAt(memory: SharedArrayBuffer, lane: number) {
  const at = lane * LANE_BYTES;
  return {
    head: new Float64Array(memory, at, 2),
    frames: new Int32Array(memory, at + HEAD_BYTES, LANE_SPIKES),
    channels: new Uint16Array(memory, at + HEAD_BYTES + 4 * LANE_SPIKES, LANE_SPIKES),
  };
}

/** Puts a result into its lane; false if it does not fit. */
export function writeLane(memory: SharedArrayBuffer, lane: number, result: StepResult): boolean {
  const { startFrame, spikes, refused, isLost } = result;
  const { head, frames, channels } = laneAt(memory, lane);
  const count = spikes.frames.length;
  if (count > LANE_SPIKES || refused.length > 0 || isLost) return false;
  frames.set(spikes.frames);
  channels.set(spikes.channels);
  head[0] = startFrame;
  head[1] = count;
  return true;
}

export function readLane(memory: SharedArrayBuffer, lane: number, brain: number): StepResult {
  const { head, frames, channels } = laneAt(memory, lane);
  const [startFrame, count] = head;
  return {
    brain,
    startFrame,
    spikes: {
      frames: Float64Array.from(frames.subarray(0, count)),
      channels: Uint16Array.from(channels.subarray(0, count)),
    },
    refused: [],
  };
}

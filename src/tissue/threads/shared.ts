/**
 * Where a worker thread leaves what its brains did: one lane of shared memory per brain, read by the main thread without
 * a copy through a message. Step, number of spikes and refusals first, then frames and channels. A brain that spikes more
 * than its lane holds sends the rest by message.
 */
import type { StepResult } from "../contract.ts";

const HEAD_WORDS = 2;
export const LANE_SPIKES = 8192;
const LANE_BYTES = 4 * HEAD_WORDS + 6 * LANE_SPIKES;

export function sharedLanes(brains: number): SharedArrayBuffer {
  return new SharedArrayBuffer(brains * LANE_BYTES);
}

function laneAt(memory: SharedArrayBuffer, lane: number) {
  const at = lane * LANE_BYTES;
  return {
    head: new Int32Array(memory, at, HEAD_WORDS),
    frames: new Int32Array(memory, at + 4 * HEAD_WORDS, LANE_SPIKES),
    channels: new Uint16Array(memory, at + 4 * (HEAD_WORDS + LANE_SPIKES), LANE_SPIKES),
  };
}

/** Puts a result into its lane; false if it is too long for it. */
export function writeLane(memory: SharedArrayBuffer, lane: number, { spikes, refused }: StepResult): boolean {
  const { head, frames, channels } = laneAt(memory, lane);
  const count = spikes.frames.length;
  if (count > LANE_SPIKES) return false;
  frames.set(spikes.frames);
  channels.set(spikes.channels);
  head[0] = count;
  head[1] = refused;
  return true;
}

export function readLane(memory: SharedArrayBuffer, lane: number, brain: number): StepResult {
  const { head, frames, channels } = laneAt(memory, lane);
  const count = head[0];
  return {
    brain,
    spikes: {
      frames: Float64Array.from(frames.subarray(0, count)),
      channels: Uint16Array.from(channels.subarray(0, count)),
    },
    refused: head[1],
  };
}

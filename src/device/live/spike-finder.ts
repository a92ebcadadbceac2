/** Spikes of many channels of raw samples, as one list in frame order. */

import { ThresholdDetector, type ThresholdParameters } from "../../recording/detection/threshold.ts";
import type { Frame, Spikes } from "../contract.ts";
import { SpikeList } from "./spike-list.ts";

/** Raw samples of one channel, for whoever wants more than spikes. Times are frames, values as the device gives them. */
export interface SampleBlock {
  readonly channel: number;
  readonly fromFrame: Frame;
  readonly samples: ArrayLike<number>;
}

export class SpikeFinder {
  private readonly detectors: ReadonlyMap<number, ThresholdDetector>;
  private readonly next = new Map<number, Frame>();
  private readonly found = new SpikeList();

  constructor(
    channels: readonly number[],
    samplesPerSecond: number,
    parameters?: ThresholdParameters,
    private readonly onSamples?: (block: SampleBlock) => void,
  ) {
    this.detectors = new Map(
      channels.map((channel) => [channel, new ThresholdDetector(samplesPerSecond, parameters)]),
    );
  }

  /** Takes in a block that follows the channel's last one, or comes after a gap. */
  feed(block: SampleBlock): void {
    const { channel, fromFrame, samples } = block;
    const detector = this.detectors.get(channel)!;
    const expected = this.next.get(channel);
    if (expected !== undefined && expected !== fromFrame) detector.gap();
    for (let i = 0; i < samples.length; i++)
      if (detector.next(fromFrame + i, samples[i])) this.found.add(fromFrame + i, channel);
    this.next.set(channel, fromFrame + samples.length);
    this.onSamples?.(block);
  }

  /** The frame up to which a channel has come in, once any of it has. */
  channelUntil(channel: number): Frame | undefined {
    return this.next.get(channel);
  }

  /** The frame up to which every channel has come in; `start` before that. */
  until(start: Frame): Frame {
    let until = Number.POSITIVE_INFINITY;
    for (const channel of this.detectors.keys()) until = Math.min(until, this.next.get(channel) ?? start);
    return until;
  }

  /** Takes out the spikes before `frame`. */
  takeUntil(frame: Frame): Spikes {
    return this.found.takeUntil(frame);
  }
}

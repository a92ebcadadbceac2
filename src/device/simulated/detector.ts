/**
 * Spike detection on the simulated array: each cell is seen by its nearest electrode, the less surely the farther
 * it lies; electrodes miss spikes, make some up, are blind for a dead time after each, and the whole array is
 * blind after a stimulus.
 *
 * Every draw is a function of (seed, step, cell) or of (seed, electrode, event number), never of how the recording
 * is cut into reads, so that any cutting gives the same spikes.
 */
import type { Places } from "../../culture/anatomy.ts";
import { Random, type RandomState, threefry2x32 } from "../../math/random.ts";
import type { DeviceProfile } from "../profile.ts";
import type { Frame, Spikes } from "../signals.ts";
import type { SimulatedMeaParameters } from "./parameters.ts";

export interface DetectorSnapshot {
  /** Detections after the last read frame: frames and channels. */
  readonly waiting: readonly (readonly [Frame, number])[];
  /** Frame of each electrode's last detection, by electrode index. */
  readonly lastDetected: readonly Frame[];
  /** Each electrode's next false detection, and the stream that draws the ones after. */
  readonly noise: readonly { readonly next: Frame; readonly stream: RandomState }[];
}

/** What a spike detector needs to know of its array and the cells: plain data. */
export interface Sensing {
  readonly framesPerSecond: number;
  /** Length of the culture's step. */
  readonly stepFrames: number;
  /** Channel of each electrode. */
  readonly channels: readonly number[];
  /** Index of the electrode that sees each cell `[N]`, or `UNSEEN`, and its probability of detection times 2^32 `[N]`. */
  readonly seenBy: Int16Array;
  readonly chance: Float64Array;
  /** False detections per electrode and second. */
  readonly noiseHz: number;
  /** After a detection an electrode sees nothing for so long; after the start of any pulse the whole array. */
  readonly deadFrames: number;
  readonly blankFrames: number;
}

/** In the place of an electrode's index: no electrode sees the cell. */
export const UNSEEN = -1;

/** Which electrode sees each of the cells, and how surely; those far above the array are seen by none. */
export function sensingOf(
  { electrodes, framesPerSecond }: DeviceProfile,
  { positionsMm, heightsMm }: Places,
  stepFrames: number,
  parameters: SimulatedMeaParameters["detection"],
): Sensing {
  const cells = positionsMm.length / 2;
  const seenBy = new Int16Array(cells).fill(UNSEEN);
  const chance = new Float64Array(cells);
  for (let cell = 0; cell < cells; cell++) {
    let nearest = parameters.radiusMm;
    electrodes.forEach(({ xUm, yUm }, index) => {
      const dx = positionsMm[2 * cell] - xUm / 1e3;
      if (Math.abs(dx) > nearest) return;
      const dy = positionsMm[2 * cell + 1] - yUm / 1e3;
      const distance = heightsMm === undefined ? Math.hypot(dx, dy) : Math.hypot(dx, dy, heightsMm[cell]);
      if (distance > nearest) return;
      nearest = distance;
      seenBy[cell] = index;
    });
    chance[cell] = parameters.probability * Math.exp(-((nearest / parameters.fallMm) ** 2)) * 2 ** 32;
  }
  return {
    framesPerSecond,
    stepFrames,
    channels: electrodes.map(({ channel }) => channel),
    seenBy,
    chance,
    noiseHz: parameters.noiseHz,
    deadFrames: Math.round((parameters.deadTimeUs * framesPerSecond) / 1e6),
    blankFrames: Math.round((parameters.blankingUs * framesPerSecond) / 1e6),
  };
}

export class SpikeDetector {
  private readonly key: readonly [number, number];
  private readonly draw = new Uint32Array(2);
  private waiting: (readonly [Frame, number])[] = [];
  private lastDetected: Frame[];
  private noise: { next: Frame; stream: Random }[];

  constructor(
    private readonly sensing: Sensing,
    seed: number,
    startFrame: Frame,
  ) {
    const { channels } = sensing;
    this.key = Random.of(seed, "detection").state().key;
    this.lastDetected = channels.map(() => Number.MIN_SAFE_INTEGER);
    this.noise = channels.map((channel) => {
      const stream = Random.of(seed, "noise", channel);
      return { next: this.noiseAfter(startFrame, stream), stream };
    });
  }

  /** How many frames after the start of a pulse the array is blind. */
  get blindFrames(): number {
    return this.sensing.blankFrames;
  }

  /** Takes in a spike that a cell fired in a step of the culture. */
  sense(step: number, cell: number): void {
    const { seenBy, chance, stepFrames } = this.sensing;
    const electrode = seenBy[cell];
    if (electrode === UNSEEN) return;
    threefry2x32(this.key, step, cell, this.draw);
    if (this.draw[0] >= chance[cell]) return;
    const jitter = Math.floor((this.draw[1] / 2 ** 32) * stepFrames);
    this.waiting.push([step * stepFrames + jitter, electrode]);
  }

  /** The detections before `untilFrame`, given the start frames of all pulses that can blind them, ascending. */
  emit(untilFrame: Frame, pulseFrames: readonly Frame[]): Spikes {
    const events = this.waiting.filter(([frame]) => frame < untilFrame);
    this.waiting = this.waiting.filter(([frame]) => frame >= untilFrame);
    this.noise.forEach((source, electrode) => {
      for (; source.next < untilFrame; source.next = this.noiseAfter(source.next, source.stream))
        events.push([source.next, electrode]);
    });
    events.sort((a, b) => a[0] - b[0] || a[1] - b[1]);

    const { channels, blankFrames, deadFrames } = this.sensing;
    let latestPulse = Number.NEGATIVE_INFINITY;
    let pulse = 0;
    const seen = events.filter(([frame, electrode]) => {
      while (pulse < pulseFrames.length && pulseFrames[pulse] <= frame) latestPulse = pulseFrames[pulse++];
      if (frame - latestPulse < blankFrames) return false;
      if (frame - this.lastDetected[electrode] < deadFrames) return false;
      this.lastDetected[electrode] = frame;
      return true;
    });
    return {
      frames: Float64Array.from(seen, ([frame]) => frame),
      channels: Uint16Array.from(seen, ([, electrode]) => channels[electrode]),
    };
  }

  snapshot(): DetectorSnapshot {
    return {
      waiting: [...this.waiting],
      lastDetected: [...this.lastDetected],
      noise: this.noise.map(({ next, stream }) => ({ next, stream: stream.state() })),
    };
  }

  restore({ waiting, lastDetected, noise }: DetectorSnapshot): void {
    this.waiting = [...waiting];
    this.lastDetected = [...lastDetected];
    this.noise = noise.map(({ next, stream }) => ({ next, stream: Random.resume(stream) }));
  }

  /** The frame of the false detection after `frame`: exponential waiting times, at least one frame. */
  private noiseAfter(frame: Frame, stream: Random): Frame {
    const { noiseHz, framesPerSecond } = this.sensing;
    if (noiseHz === 0) return Number.MAX_SAFE_INTEGER;
    const frames = (-Math.log(stream.uniform()) / noiseHz) * framesPerSecond;
    return frame + Math.max(1, Math.ceil(frames));
  }
}

/**
 * Spike detection on the simulated array: each cell is seen by its nearest electrode, the less surely the farther
 * it lies; electrodes miss spikes, make some up, are blind for a dead time after each, and the whole array is
 * blind after a stimulus.
 *
 * Every draw is a function of (seed, step, cell) or of (seed, electrode, event number), never of how the recording
 * is cut into reads, so that any cutting gives the same spikes.
 */
import { Random, type RandomState, threefry2x32 } from "../../math/random.ts";
import type { DeviceProfile, Frame, Spikes } from "../contract.ts";
import type { SimulatedMeaParameters } from "./parameters.ts";

export interface DetectorSnapshot {
  /** Detections after the last read frame: frames and channels. */
  readonly waiting: readonly (readonly [Frame, number])[];
  /** Frame of each electrode's last detection, by electrode index. */
  readonly lastDetected: readonly Frame[];
  /** Each electrode's next false detection, and the stream that draws the ones after. */
  readonly noise: readonly { readonly next: Frame; readonly stream: RandomState }[];
}

const NOT_SEEN = -1;

export class SpikeDetector {
  /** Per cell: index of the electrode that sees it, and detection probability times 2^32. */
  private readonly seenBy: Int16Array;
  private readonly chance: Float64Array;
  private readonly key: readonly [number, number];
  private readonly draw = new Uint32Array(2);
  private readonly deadFrames: number;
  private readonly blankFrames: number;
  private waiting: (readonly [Frame, number])[] = [];
  private lastDetected: Frame[];
  private noise: { next: Frame; stream: Random }[];

  constructor(
    private readonly profile: DeviceProfile,
    positionsMm: Float32Array,
    private readonly stepFrames: number,
    private readonly parameters: SimulatedMeaParameters["detection"],
    seed: number,
    startFrame: Frame,
  ) {
    const { electrodes, framesPerSecond } = profile;
    this.key = Random.of(seed, "detection").state().key;
    this.deadFrames = Math.round((parameters.deadTimeUs * framesPerSecond) / 1e6);
    this.blankFrames = Math.round((parameters.blankingUs * framesPerSecond) / 1e6);
    this.lastDetected = electrodes.map(() => Number.MIN_SAFE_INTEGER);
    this.noise = electrodes.map(({ channel }) => {
      const stream = Random.of(seed, "noise", channel);
      return { next: this.noiseAfter(startFrame, stream), stream };
    });
    const cells = positionsMm.length / 2;
    this.seenBy = new Int16Array(cells).fill(NOT_SEEN);
    this.chance = new Float64Array(cells);
    for (let cell = 0; cell < cells; cell++) {
      let nearest = parameters.radiusMm;
      electrodes.forEach(({ xUm, yUm }, index) => {
        const distance = Math.hypot(positionsMm[2 * cell] - xUm / 1e3, positionsMm[2 * cell + 1] - yUm / 1e3);
        if (distance > nearest) return;
        nearest = distance;
        this.seenBy[cell] = index;
      });
      this.chance[cell] = parameters.probability * Math.exp(-((nearest / parameters.fallMm) ** 2)) * 2 ** 32;
    }
  }

  /** Channel that sees each cell, -1 for none, and the share of its spikes that is detected. */
  view(): { readonly seenOn: Int16Array; readonly detection: Float32Array } {
    const { electrodes } = this.profile;
    return {
      seenOn: this.seenBy.map((index) => (index === NOT_SEEN ? -1 : electrodes[index].channel)),
      detection: Float32Array.from(this.chance, (chance) => chance / 2 ** 32),
    };
  }

  /** How many frames after the start of a pulse the array is blind. */
  get blindFrames(): number {
    return this.blankFrames;
  }

  /** Takes in a spike that a cell fired in a step of the culture. */
  sense(step: number, cell: number): void {
    const electrode = this.seenBy[cell];
    if (electrode === NOT_SEEN) return;
    threefry2x32(this.key[0], this.key[1], step, cell, this.draw);
    if (this.draw[0] >= this.chance[cell]) return;
    const jitter = Math.floor((this.draw[1] / 2 ** 32) * this.stepFrames);
    this.waiting.push([step * this.stepFrames + jitter, electrode]);
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

    let latestPulse = Number.NEGATIVE_INFINITY;
    let pulse = 0;
    const seen = events.filter(([frame, electrode]) => {
      while (pulse < pulseFrames.length && pulseFrames[pulse] <= frame) latestPulse = pulseFrames[pulse++];
      if (frame - latestPulse < this.blankFrames) return false;
      if (frame - this.lastDetected[electrode] < this.deadFrames) return false;
      this.lastDetected[electrode] = frame;
      return true;
    });
    return {
      frames: Float64Array.from(seen, ([frame]) => frame),
      channels: Uint16Array.from(seen, ([, electrode]) => this.profile.electrodes[electrode].channel),
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
    const { noiseHz } = this.parameters;
    if (noiseHz === 0) return Number.MAX_SAFE_INTEGER;
    const frames = (-Math.log(stream.uniform()) / noiseHz) * this.profile.framesPerSecond;
    return frame + Math.max(1, Math.ceil(frames));
  }
}

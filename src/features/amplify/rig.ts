/**
 * A culture that is written to in windows: four volleys of a pattern, then what it answers, as counts by electrode and bin. Every
 * pulse passes the gate.
 */
import type { Device } from "../../device/contract.ts";
import { openDevice } from "../../device/gate/open.ts";
import { quietCulture } from "../../device/protocols/quieting.ts";
import { growSimulated } from "../../device/simulated/grow.ts";
import { pulsesFor } from "../../device/stimulation.ts";

/** Amplitude by electrode, `[E]` from 0 to 1: a write. */
export type Pattern = Float32Array;

export const WINDOW_MS = 100;
export const BINS = 5;
const VOLLEYS_MS = [0, 20, 40, 60];
const DIV = 21;

export class Rig {
  readonly electrodes: number;
  /** Numbers of a window: electrode by electrode, its bins. */
  readonly width: number;
  private readonly channels: readonly number[];
  private readonly indexOf: Map<number, number>;
  private readonly frames: number;
  private readonly volleys: readonly number[];

  private constructor(readonly device: Device) {
    const { electrodes, framesPerSecond } = device.profile;
    this.channels = electrodes.map(({ channel }) => channel);
    this.indexOf = new Map(this.channels.map((channel, i) => [channel, i]));
    this.electrodes = electrodes.length;
    this.width = this.electrodes * BINS;
    const framesOf = (ms: number) => Math.round((ms * framesPerSecond) / 1000);
    this.frames = framesOf(WINDOW_MS);
    this.volleys = VOLLEYS_MS.map(framesOf);
  }

  /** A simulated culture of 21 days, quieted, plasticity off. */
  static async grow(seed: number): Promise<Rig> {
    const device = openDevice(growSimulated({ preset: "default", seed, div: DIV }));
    await quietCulture(device, { seed });
    return new Rig(device);
  }

  /** A pattern of full pulses on `electrodes`. */
  patternOf(electrodes: readonly number[], amplitude = 1): Pattern {
    const pattern = new Float32Array(this.electrodes);
    for (const e of electrodes) pattern[e] = amplitude;
    return pattern;
  }

  /** Presents `pattern` in a window; writes counts `[width]` to `out`. */
  async present(pattern: Pattern | null, out: Float32Array): Promise<void> {
    const { device, channels, frames } = this;
    const start = device.now();
    if (pattern) {
      const there = channels.filter((_, i) => pattern[i] > 0);
      const amplitudes = [...pattern].filter((amplitude) => amplitude > 0);
      await device.stimulate(
        this.volleys.flatMap((volley) => pulsesFor(there, amplitudes, start + volley, device.profile)),
      );
    }
    const spikes = await device.read(start + frames);
    out.fill(0);
    for (let i = 0; i < spikes.frames.length; i++) {
      const bin = Math.floor(((spikes.frames[i] - start) * BINS) / frames);
      const electrode = this.indexOf.get(spikes.channels[i]);
      if (electrode !== undefined) out[electrode * BINS + Math.max(0, Math.min(BINS - 1, bin))]++;
    }
  }

  /** Presents all patterns, one window each and `rest` windows of nothing after it; counts `[patterns, width]`. */
  async presentAll(patterns: readonly (Pattern | null)[], rest = 0): Promise<Float32Array> {
    const out = new Float32Array(patterns.length * this.width);
    const unheard = new Float32Array(this.width);
    for (const [n, pattern] of patterns.entries()) {
      await this.present(pattern, out.subarray(n * this.width, (n + 1) * this.width));
      for (let r = 0; r < rest; r++) await this.present(null, unheard);
    }
    return out;
  }

  plasticity(scale: number): void {
    this.device.simulated!.plasticity(scale);
  }

  close(): Promise<void> {
    return this.device.close();
  }
}

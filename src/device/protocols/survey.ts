/**
 * A survey of what pulses evoke: every electrode is pulsed alone, again and again in an order that never repeats, and the spikes
 * that follow elsewhere are counted, after the artifact and the cells that the pulse fires itself, before the next round of
 * spikes. It says which electrodes reach which, whatever the tissue (Wagenaar, Pine & Potter 2004, "Effective parameters for
 * stimulation of dissociated cultures using multi-electrode arrays", https://doi.org/10.1016/j.jneumeth.2004.03.005).
 *
 * Legend: N electrodes surveyed.
 */
import { Random } from "../../math/random.ts";
import type { Device, Spikes } from "../contract.ts";
import { UnsafePulse } from "../gate/unsafe-pulse.ts";
import type { DeviceProfile } from "../profile.ts";
import { pulsesFor } from "../stimulation.ts";

/** Spikes from here on after a pulse are counted, and until here. */
export const SURVEY_FROM_MS = 4;
export const SURVEY_UNTIL_MS = 20;

/** Plain data. */
export interface Survey {
  /** `[N]` the electrodes, which were pulsed and listened to. */
  readonly channels: readonly number[];
  /** Pulses on each. */
  readonly repeats: number;
  /** `[N, N]` spikes on electrode f after all pulses on electrode e; 0 where they are the same. */
  readonly counts: Uint32Array;
  /** Pulses that the safety gate refused: of these nothing is known. */
  readonly refused: number;
}

/** Each of `channels` once in every round. */
export function surveyOrder(channels: readonly number[], repeats: number, seed: number): number[] {
  const random = Random.of(seed, "survey order");
  return Array.from({ length: repeats }, () =>
    random.permutation(channels.length).map((i) => channels[i]),
  ).flat();
}

/** Counts what follows each pulse. */
export class SurveyCounts {
  private readonly indexOf: ReadonlyMap<number, number>;
  private readonly counts: Uint32Array;
  private readonly window: readonly [from: number, until: number];
  private refused = 0;

  constructor(
    private readonly channels: readonly number[],
    framesPerSecond: number,
  ) {
    this.indexOf = new Map(channels.map((channel, i) => [channel, i]));
    this.counts = new Uint32Array(channels.length ** 2);
    this.window = [SURVEY_FROM_MS, SURVEY_UNTIL_MS].map((ms) => (ms * framesPerSecond) / 1000) as [
      number,
      number,
    ];
  }

  /** What followed a pulse on a channel, frames counted from the pulse; null where the gate refused it. */
  add(pulsed: number, spikes: Spikes | null): void {
    if (spikes === null) {
      this.refused++;
      return;
    }
    const row = (this.indexOf.get(pulsed) ?? 0) * this.channels.length;
    const [from, until] = this.window;
    spikes.frames.forEach((frame, i) => {
      const channel = spikes.channels[i];
      const column = this.indexOf.get(channel);
      if (column === undefined || channel === pulsed || frame < from || frame >= until) return;
      this.counts[row + column]++;
    });
  }

  finish(repeats: number): Survey {
    return { channels: this.channels, repeats, counts: this.counts, refused: this.refused };
  }
}

export interface SurveyOptions {
  readonly seed: number;
  readonly repeats: number;
  /** From one pulse to the next. */
  readonly gapMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly onPulse?: ((done: number, total: number) => void) | undefined;
}

/** A pulse on a device that lives in real time is planned this long ahead, so that it is there in time. */
const LEAD_MS = 60;

/** Surveys a device through its gate. Plasticity is off meanwhile, where it can be. */
export async function surveyDevice(device: Device, options: SurveyOptions): Promise<Survey> {
  const { seed, repeats, gapMs, signal, onPulse } = options;
  const { profile, simulated } = device;
  const perMs = profile.framesPerSecond / 1000;
  const channels = surveyable(profile);
  const counts = new SurveyCounts(channels, profile.framesPerSecond);
  const order = surveyOrder(channels, repeats, seed);
  simulated?.plasticity(0);
  for (const [done, channel] of order.entries()) {
    signal?.throwIfAborted();
    const at = device.present() + (simulated ? 0 : Math.ceil(LEAD_MS * perMs));
    const isSent = await sent(device, channel, at);
    await device.read(at);
    const { frames, channels: on } = await device.read(at + Math.ceil(gapMs * perMs));
    counts.add(channel, isSent ? { frames: frames.map((frame) => frame - at), channels: on } : null);
    onPulse?.(done + 1, order.length);
    if (done % 64 === 63) await new Promise(setImmediate);
  }
  simulated?.plasticity(1);
  return counts.finish(repeats);
}

/** The channels that may be pulsed, as far as the profile says. */
export function surveyable({ electrodes, reservedChannels }: DeviceProfile): number[] {
  return electrodes
    .filter(({ channel, material }) => !reservedChannels.includes(channel) && material !== "unknown")
    .map(({ channel }) => channel);
}

/** False where the gate refuses the pulse. */
async function sent(device: Device, channel: number, frame: number): Promise<boolean> {
  try {
    await device.stimulate(pulsesFor([channel], 1, frame, device.profile));
    return true;
  } catch (error) {
    if (!(error instanceof UnsafePulse) || error.rule === "stopped" || error.rule === "clock") throw error;
    return false;
  }
}

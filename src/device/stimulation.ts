/** The stimulation codec: amplitudes on electrodes become pulses; an intended neural state becomes electrodes. */
import type { DeviceProfile, Frame, Pulse } from "./contract.ts";
import type { Light } from "./signals.ts";

/** A full pulse: cathodic first, then its mirror image; 0.4 nC per phase. */
export const FULL_CURRENT_UA = 2.5;
const PHASE_US = 160;

/**
 * One balanced biphasic pulse per channel, beginning at `frame`; the current is `amplitude` times the full one,
 * and evoked depolarisation is proportional to it. Amplitude 0 sends no pulse.
 */
export function pulsesFor(
  channels: readonly number[],
  amplitudes: number | readonly number[],
  frame: Frame,
  profile: DeviceProfile,
): Pulse[] {
  if (typeof amplitudes !== "number" && amplitudes.length !== channels.length)
    throw new RangeError(
      `pulsesFor: expected one amplitude per channel, got ${amplitudes.length} for ${channels.length} channels`,
    );
  const pulses: Pulse[] = [];
  /** Pulses of one amplitude share their phases, which a message to a thread then holds once. */
  const phasesOf = new Map<number, Pulse["phases"]>();
  channels.forEach((channel, i) => {
    const amplitude = typeof amplitudes === "number" ? amplitudes : amplitudes[i];
    if (!(amplitude >= 0 && Number.isFinite(amplitude)))
      throw new RangeError(`pulsesFor: expected an amplitude >= 0 on channel ${channel}, got ${amplitude}`);
    if (!profile.electrodes.some((electrode) => electrode.channel === channel))
      throw new RangeError(`pulsesFor: device ${profile.name} has no channel ${channel}`);
    if (amplitude === 0) return;
    const phases = phasesOf.get(amplitude) ?? biphasic(FULL_CURRENT_UA * amplitude);
    phasesOf.set(amplitude, phases);
    pulses.push({ frame, channel, phases });
  });
  return pulses;
}

/**
 * One flash per channel of light, beginning at `frame`; its irradiance is `amplitude` times the full one. Amplitude 0 lights nothing.
 * Throws `RangeError` for an amplitude that is none, or a channel that is not one of light.
 */
export function flashesFor(
  channels: readonly number[],
  amplitude: number,
  { frame, full }: { readonly frame: Frame; readonly full: Light },
  { name, lightChannels = [] }: Pick<DeviceProfile, "name" | "lightChannels">,
): Pulse[] {
  if (!(amplitude >= 0 && Number.isFinite(amplitude)))
    throw new RangeError(`flashesFor: expected an amplitude >= 0, got ${amplitude}`);
  const dark = channels.find((channel) => !lightChannels.includes(channel));
  if (dark !== undefined) throw new RangeError(`flashesFor: device ${name} has no channel of light ${dark}`);
  if (amplitude === 0) return [];
  const { irradianceMwPerMm2, durationUs } = full;
  const light = { irradianceMwPerMm2: amplitude * irradianceMwPerMm2, durationUs };
  return channels.map((channel) => ({ frame, channel, phases: [], light }));
}

function biphasic(currentUa: number): Pulse["phases"] {
  return [
    { currentUa: -currentUa, durationUs: PHASE_US },
    { currentUa, durationUs: PHASE_US },
  ];
}

/** Added to rates before their ratio is taken, so that silence is finite. */
const RATE_FLOOR = 0.1;

/** An intended state and the one expected without a write, `[bins, channels]` expected counts each. */
export interface IntendedState {
  readonly intended: Float32Array;
  readonly alone: Float32Array;
  readonly channels: number;
}

/**
 * The `count` channels of `zone` that an intended state raises most over the state expected without a write: by
 * the sum over bins of log((intended + 0.1) / (alone + 0.1)). Best first; ties go to the lower channel.
 */
export function decodeWrite(
  { intended, alone, channels }: IntendedState,
  zone: readonly number[],
  count: number,
): number[] {
  if (intended.length !== alone.length || intended.length % channels !== 0)
    throw new RangeError(
      `decodeWrite: expected two states of [bins, ${channels}], got ${intended.length} and ${alone.length} values`,
    );
  if (count > zone.length)
    throw new RangeError(
      `decodeWrite: expected at most ${zone.length} channels, the size of the zone, got ${count}`,
    );
  const score = new Map<number, number>();
  for (const channel of zone) {
    if (!(channel >= 0 && channel < channels))
      throw new RangeError(`decodeWrite: no channel ${channel} in the state`);
    let sum = 0;
    for (let i = channel; i < intended.length; i += channels) {
      if (!(intended[i] >= 0 && alone[i] >= 0))
        throw new RangeError(`decodeWrite: expected counts >= 0, got ${intended[i]} and ${alone[i]}`);
      sum += Math.log((intended[i] + RATE_FLOOR) / (alone[i] + RATE_FLOOR));
    }
    score.set(channel, sum);
  }
  return [...zone].sort((a, b) => score.get(b)! - score.get(a)! || a - b).slice(0, count);
}

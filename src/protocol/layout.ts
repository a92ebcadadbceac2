/**
 * The protocol on one culture: what a datum and a write become as pulses, and what spikes become as a neural state.
 *
 * Legend: B bins, C channels (as many as the device has electrodes), in the device's own order.
 */
import { binSpikes } from "../device/binning.ts";
import type { DeviceProfile, Pulse, Spikes } from "../device/contract.ts";
import { pulsesFor } from "../device/stimulation.ts";
import { type Datum, framesOf, type Protocol, type ProtocolFrames, type Write } from "./protocol.ts";
import type { Roles } from "./roles.ts";

/** One culture as an experiment sees it: the protocol on its device's clock, and the roles of its electrodes. */
export interface Layout {
  readonly protocol: Protocol;
  readonly frames: ProtocolFrames;
  readonly profile: DeviceProfile;
  readonly roles: Roles;
  /** Length of the channel axis of a state. */
  readonly channels: number;
}

export function layoutOf(protocol: Protocol, profile: DeviceProfile, roles: Roles): Layout {
  const channels = 1 + Math.max(...profile.electrodes.map(({ channel }) => channel));
  return { protocol, profile, roles, channels, frames: framesOf(protocol, profile.framesPerSecond) };
}

/** The pulses of a presentation, their frames counted from its start: the datum's volleys, each followed by the write. */
export function pulsesOf({ frames, roles, profile }: Layout, datum: Datum, write: Write | null): Pulse[] {
  const channels = channelsOf(roles, datum);
  return frames.volleys
    .slice(0, datum.volleys)
    .flatMap((volley) => [
      ...pulsesFor(channels, 1, volley, profile),
      ...(write ? pulsesFor(write.channels, write.amplitude, volley + write.delayFrames, profile) : []),
    ]);
}

/** The electrodes that carry a datum. */
export function channelsOf({ sensory }: Roles, { places }: Datum): number[] {
  return places.map((place) => sensory[place]);
}

/**
 * Counts `[B, C]` as read, outside the artifact windows, summed over the datum's volleys; of fewer volleys than the
 * protocol's as if of all. Frames of `spikes` are counted from the presentation's start.
 */
export function readState(layout: Layout, spikes: Spikes, { volleys }: Datum): Float32Array {
  const { frames, protocol, channels } = layout;
  const state = new Float32Array(protocol.bins * channels);
  const scale = frames.volleys.length / volleys;
  for (const volley of frames.volleys.slice(0, volleys)) {
    const counts = binSpikes(spikes, volley, { binFrames: frames.bin, bins: protocol.bins, channels });
    for (let i = 0; i < state.length; i++) state[i] += scale * counts[i];
  }
  return state;
}

/** What of a presentation reached the tissue. */
export interface Delivered {
  readonly datum: Datum;
  readonly write: Write | null;
  /** Pulses that the tissue was given, their frames counted from the presentation's start. */
  readonly pulses: readonly Pulse[];
}

/**
 * The state with the efference copy added: stimulation artifacts hide the spikes that a pulse evokes directly, so each pulse
 * that was delivered is put in their place, in its own bin. Changes `state` and returns it.
 *
 * `writeShare` scales the copy of the write alone: babbling varies it, so that the bridge also learns states in which no
 * pulse hides anything, as the culture's own predictions are.
 */
export function addEfference(
  layout: Layout,
  state: Float32Array,
  { datum, write, pulses }: Delivered,
  writeShare = 1,
): Float32Array {
  const { frames, protocol, channels, roles } = layout;
  const perPulse = (protocol.evokedCount * frames.volleys.length) / datum.volleys;
  const volleys = frames.volleys.slice(0, datum.volleys);
  const sent = new Set(pulses.map(({ frame, channel }) => `${frame} ${channel}`));
  const delivered = (channel: number, delayFrames: number) =>
    volleys.reduce((count, volley) => count + (sent.has(`${volley + delayFrames} ${channel}`) ? 1 : 0), 0);
  for (const channel of channelsOf(roles, datum)) state[channel] += perPulse * delivered(channel, 0);
  if (write) {
    const bin = Math.floor(write.delayFrames / frames.bin) * channels;
    for (const channel of write.channels)
      state[bin + channel] += perPulse * delivered(channel, write.delayFrames) * write.amplitude * writeShare;
  }
  return state;
}

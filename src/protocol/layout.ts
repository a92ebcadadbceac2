/**
 * The protocol on one culture: what a datum and a write become as pulses, and what spikes become as a neural state.
 *
 * Legend: B bins, C channels (as many as the device has electrodes), in the device's own order.
 */
import { binSpikes } from "../device/binning.ts";
import type { DeviceProfile, Frame, Pulse, Spikes } from "../device/contract.ts";
import { flashesFor, pulsesFor } from "../device/stimulation.ts";
import {
  type Datum,
  framesOf,
  type Protocol,
  type ProtocolFrames,
  protocolFor,
  type Write,
  writingAfter,
  writtenElectrodes,
} from "./protocol.ts";
import { divideScaffold, type Roles, rolesOfZones } from "./roles.ts";

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

/**
 * Starts of the datum's volleys, counted from the presentation's start. A write before the first volley has to fall into the
 * presentation, too: all volleys then come later by as much.
 */
export function volleysOf({ frames }: Layout, datum: Datum, write: Write | null): Frame[] {
  const delays = write ? writtenElectrodes(write, datum).map(({ delayFrames }) => delayFrames) : [];
  const lead = -Math.min(0, ...delays);
  return frames.volleys.slice(0, datum.volleys).map((volley) => volley + lead);
}

/**
 * The protocol for a device, with roles by seed, for a task of so many classes; `writeMs` in place of its own. Throws `ProtocolError` where
 * classes are too many, or a time falls between two frames of the device.
 */
export function layoutFor(profile: DeviceProfile, seed: number, classes: number, writeMs?: number): Layout {
  const own = protocolFor(profile);
  const protocol = writeMs === undefined ? own : writingAfter(own, writeMs);
  const wanted = { classCount: classes, electrodesPerClass: protocol.patternSize };
  const { electrodes, zones, reservedChannels } = profile;
  const roles = zones
    ? rolesOfZones(zones, seed, wanted)
    : divideScaffold(electrodes, seed, { ...wanted, division: protocol.division, reservedChannels });
  // A write is as large as a class; an array without zones has room for the protocol's.
  const patternSize = zones ? roles.assigned[0].length : protocol.patternSize;
  return layoutOf({ ...protocol, patternSize }, profile, roles);
}

/** The pulses of a presentation, their frames counted from its start: the datum's volleys, each with its part of the write. */
export function pulsesOf(layout: Layout, datum: Datum, write: Write | null): Pulse[] {
  const channels = channelsOf(layout.roles, datum);
  const written = write ? writtenElectrodes(write, datum) : [];
  return volleysOf(layout, datum, write)
    .flatMap((volley, v) => {
      const now = written.filter(({ volleys }) => v < volleys);
      const electrodes = now.map(({ channel }) => channel);
      return [
        ...stimuliFor(layout, "datum", channels, { amplitude: 1, frame: volley }),
        ...stimuliFor(layout, "write", electrodes, { amplitude: write?.amplitude ?? 1, frame: volley }).map(
          (pulse, i) => ({ ...pulse, frame: volley + now[i].delayFrames }),
        ),
      ];
    })
    .sort((a, b) => a.frame - b.frame);
}

/** Pulses of current, or flashes on channels of light. */
function stimuliFor(
  { protocol: { light }, profile }: Layout,
  kind: "datum" | "write",
  channels: readonly number[],
  { amplitude, frame }: { readonly amplitude: number; readonly frame: Frame },
): Pulse[] {
  return light
    ? flashesFor(channels, amplitude, { frame, full: light[kind] }, profile)
    : pulsesFor(channels, amplitude, frame, profile);
}

/** The electrodes that carry a datum. */
export function channelsOf({ sensory }: Roles, { places }: Datum): number[] {
  return places.map((place) => sensory[place]);
}

/**
 * Counts `[B, C]` as read, outside the artifact windows, summed over the datum's volleys; of fewer volleys than the
 * protocol's as if of all. Frames of `spikes` are counted from the presentation's start.
 */
export function readState(
  layout: Layout,
  spikes: Spikes,
  { datum, write }: Pick<Delivered, "datum" | "write">,
): Float32Array {
  const { frames, protocol, channels } = layout;
  const state = new Float32Array(protocol.bins * channels);
  const scale = frames.volleys.length / datum.volleys;
  for (const volley of volleysOf(layout, datum, write)) {
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
  const { evokedCount, writtenCount = evokedCount } = protocol;
  const scale = frames.volleys.length / datum.volleys;
  const starts = volleysOf(layout, datum, write);
  const sent = new Set(pulses.map(({ frame, channel }) => `${frame} ${channel}`));
  const delivered = (channel: number, delayFrames: number, volleys: number) =>
    starts
      .slice(0, volleys)
      .reduce((count, volley) => count + (sent.has(`${volley + delayFrames} ${channel}`) ? 1 : 0), 0);
  for (const channel of channelsOf(roles, datum))
    state[channel] += scale * evokedCount * delivered(channel, 0, datum.volleys);
  for (const { channel, delayFrames, volleys } of write ? writtenElectrodes(write, datum) : []) {
    const bin = Math.floor(delayFrames / frames.bin);
    // What is evoked before the volley lies outside the state.
    if (bin < 0 || bin >= protocol.bins) continue;
    state[bin * channels + channel] +=
      scale * writtenCount * delivered(channel, delayFrames, volleys) * (write?.amplitude ?? 1) * writeShare;
  }
  return state;
}

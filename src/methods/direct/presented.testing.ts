/** Presentations to a device by itself, for tests: a layout in which place i is channel i, and what is read of a datum. */
import type { Device } from "../../device/contract.ts";
import { type Layout, layoutOf, pulsesOf, readState } from "../../protocol/layout.ts";
import { type Datum, STANDARD_PROTOCOL } from "../../protocol/protocol.ts";

export function plainLayout({ profile }: Pick<Device, "profile">): Layout {
  const sensory = profile.electrodes.map(({ channel }) => channel);
  return layoutOf(STANDARD_PROTOCOL, profile, { sensory, prediction: [], assigned: [] });
}

/** Pulsed in all volleys. */
export function datumOn(channels: readonly number[]): Datum {
  return { places: channels, volleys: STANDARD_PROTOCOL.volleysMs.length };
}

/** Presents a datum on `channels` without a write, and gives the counts `[B, C]` as read. */
export async function presentOn(
  device: Device,
  layout: Layout,
  channels: readonly number[],
): Promise<Float32Array> {
  const datum = datumOn(channels);
  const start = device.now();
  const pulses = pulsesOf(layout, datum, null);
  await device.stimulate(pulses.map((pulse) => ({ ...pulse, frame: start + pulse.frame })));
  const spikes = await device.read(start + layout.frames.presentation);
  return readState(
    layout,
    { ...spikes, frames: spikes.frames.map((frame) => frame - start) },
    { datum, write: null },
  );
}

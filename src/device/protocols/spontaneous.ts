/** Listens to a culture that is left alone. */
import { type SpikeTrains, spikeTrains } from "../../recording/statistics/trains.ts";
import type { ReadableDevice } from "../contract.ts";

/** The spikes of the next `seconds` seconds, by electrode, in seconds from now. */
export async function recordSpontaneous(device: ReadableDevice, seconds: number): Promise<SpikeTrains> {
  const { electrodes, framesPerSecond } = device.profile;
  const indexOf = new Map(electrodes.map(({ channel }, index) => [channel, index]));
  const trains: number[][] = electrodes.map(() => []);
  const start = device.now();
  const end = start + Math.round(seconds * framesPerSecond);
  while (device.now() < end) {
    const spikes = await device.read(Math.min(end, device.now() + framesPerSecond));
    spikes.frames.forEach((frame, i) => {
      const index = indexOf.get(spikes.channels[i]);
      if (index !== undefined) trains[index].push((frame - start) / framesPerSecond);
    });
  }
  return spikeTrains(trains, seconds);
}

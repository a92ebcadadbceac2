/** What a pulse on each electrode evokes on each, over the 100 ms after it: every electrode alone, twice a second, in mixed order. */
import type { Device } from "../device/contract.ts";
import { pulsesFor } from "../device/stimulation.ts";
import { Random } from "../math/random.ts";
import type { Evoked } from "./places.ts";

const [FROM_MS, UNTIL_MS, PERIOD_MS] = [2, 100, 500];

export async function sweep(device: Device, repeats: number, seed: number): Promise<Evoked> {
  const { profile } = device;
  const channels = profile.electrodes.map(({ channel }) => channel);
  const indexOf = new Map(channels.map((channel, i) => [channel, i]));
  const matrix = channels.map(() => new Float64Array(channels.length));
  const perMs = profile.framesPerSecond / 1000;
  const random = Random.of(seed, "cartpole sweep");
  for (let repeat = 0; repeat < repeats; repeat++)
    for (const pulsed of random.permutation(channels.length)) {
      const begin = device.now();
      await device.stimulate(pulsesFor([channels[pulsed]], 1, begin, profile));
      const spikes = await device.read(begin + PERIOD_MS * perMs);
      spikes.frames.forEach((frame, i) => {
        const ms = (frame - begin) / perMs;
        const heard = indexOf.get(spikes.channels[i]);
        if (heard !== undefined && ms >= FROM_MS && ms < UNTIL_MS) matrix[pulsed][heard] += 1 / repeats;
      });
    }
  return { channels, matrix };
}

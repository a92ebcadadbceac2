/**
 * A recording of one's own, as NWB: a simulated dish is read for a while, and its spikes are written so that pynwb, SpikeInterface, MATLAB
 * and `wetgrad recording view` open them.
 *
 *   node examples/record.mjs [OUT.nwb] [SECONDS] [ADDRESS]
 */
import { openAddress, openDevice } from "wetgrad/device";
import { convertToNwb } from "wetgrad/recording";

const [out = "dish.nwb", seconds = "20", address = "simulated:?seed=2"] = process.argv.slice(2);
const durationSeconds = Number(seconds);

const device = openDevice(await openAddress(address));
const { framesPerSecond, electrodes } = device.profile;
const times = new Map(electrodes.map(({ channel }) => [channel, []]));
for (let second = 0; second < durationSeconds; second++) {
  const { frames, channels } = await device.read(device.now() + framesPerSecond);
  frames.forEach((frame, i) => times.get(channels[i])?.push(frame / framesPerSecond));
}
await device.close();

/** What a recording is to wetgrad: named channels, each a stream of spike times, and when it was observed. */
const recording = {
  name: "dish",
  source: "nwb",
  startSeconds: 0,
  durationSeconds,
  observed: [{ startSeconds: 0, endSeconds: durationSeconds }],
  trials: [],
  channels: electrodes.map(({ channel }) => ({ name: `e${channel}`, spikeCount: times.get(channel).length })),
  meta: { divDays: 21 },
  readSpikes: (channel) => [Float64Array.from(times.get(electrodes[channel].channel))],
  close() {},
};
const { spikes, units } = await convertToNwb([recording], out);
console.log(`${out}: ${spikes} spikes on ${units} channels in ${durationSeconds} s`);

/** Reads all of the file that it is told, and prints how much was read and the most (MB) that was held meanwhile. */
import { openRecordingFile } from "../../src/recording/open.ts";
import { openSignals } from "../../src/recording/signals/open.ts";

const [path, holds] = process.argv.slice(2) as [string, string];
/** Between two looks, blocks of spikes or seconds of samples. */
const EVERY = 200;
let [most, reads, items] = [0, 0, 0];
const before = held();

function held(): number {
  // Array buffers are swept beside; the second waits for the first.
  for (let i = 0; i < 2; i++) (globalThis as { gc?: () => void }).gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
}

function look(always = false): void {
  if (always || reads++ % EVERY === 0) most = Math.max(most, held() - before);
}

const looking = setInterval(() => look(true), 100);
if (holds === "spikes") {
  const file = await openRecordingFile(path);
  look(true);
  for (const culture of file.cultures)
    culture.channels.forEach((_, channel) => {
      for (const block of culture.readSpikes(channel)) {
        items += block.length;
        look();
      }
    });
  file.close();
} else {
  const recording = await openSignals(path);
  look(true);
  for (const _ of recording.events()) look();
  recording.channels.forEach(({ rateHz, samples }, channel) => {
    const second = Math.max(1, Math.round(rateHz));
    for (let at = 0; at < samples; at += second) {
      items += recording.read(at, Math.min(second, samples - at), [channel]).length;
      look();
    }
  });
  recording.close();
}
clearInterval(looking);
console.log(JSON.stringify({ items, mostMb: most }));

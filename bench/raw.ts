/**
 * Raw samples of 64 channels at 25 kHz written to NWB at five times real time, while a closed loop runs at 100 Hz on the
 * simulated device (read, bin, gate, pulse; no emulator): what was written and lost, and the loop's timing with the
 * recording and without it. Each tick hands over 1250 frames. WETGRAD_BENCH_SECONDS: length of each (default 30).
 */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { binSpikes } from "../src/device/binning.ts";
import { openDevice } from "../src/device/gate/open.ts";
import { type LoopTiming, runLoop } from "../src/device/loop/loop.ts";
import { growSimulated } from "../src/device/simulated/grow.ts";
import { pulsesFor } from "../src/device/stimulation.ts";
import { Random } from "../src/math/random.ts";
import { RawRecorder } from "../src/recording/nwb/raw/recorder.ts";

const [CHANNELS, FRAMES_PER_SECOND, SPEED, RATE_HZ] = [64, 25_000, 5, 100];
const BLOCK_FRAMES = (FRAMES_PER_SECOND * SPEED) / RATE_HZ;

export async function run(): Promise<object> {
  const seconds = Number(process.env["WETGRAD_BENCH_SECONDS"] ?? 30);
  const folder = mkdtempSync(join(tmpdir(), "wetgrad-raw-"));
  try {
    const without = await loop(seconds, () => {});
    const path = join(folder, "raw.nwb");
    const recorder = await RawRecorder.open(path, {
      session: {
        identifier: "bench",
        description: "benchmark of raw writing",
        startTime: "2000-01-01T00:00:00Z",
        framesPerSecond: FRAMES_PER_SECOND,
        device: { name: "simulated-mea", description: "64 electrodes" },
        electrodes: Array.from({ length: CHANNELS }, (_, i) => ({
          xUm: 200 * (i >> 3),
          yUm: 200 * (i & 7),
          location: "array",
        })),
        subject: { id: "none", description: "noise" },
      },
      voltsPerStep: 0.195e-6,
      blockFrames: BLOCK_FRAMES,
      // As many blocks as a second of ticks.
      slots: RATE_HZ,
    });
    const blocks = noise();
    const start = performance.now();
    const during = await loop(seconds, (tick) => void recorder.push(blocks[tick % blocks.length]));
    const report = await recorder.close();
    const wallSeconds = (performance.now() - start) / 1000;
    const bytes = statSync(path).size;
    return {
      channels: CHANNELS,
      framesPerSecond: FRAMES_PER_SECOND,
      speed: SPEED,
      ...report,
      writtenMbPerSecond: bytes / 2 ** 20 / wallSeconds,
      /** Recorded time over wall time, closing the file included. */
      timesRealTime: report.framesWritten / FRAMES_PER_SECOND / wallSeconds,
      threadBusyShare: report.busyMs / 1000 / wallSeconds,
      loopWithout: without,
      loopDuring: during,
      loadAverage: loadavg()[0],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function loop(seconds: number, handOver: (tick: number) => void): Promise<LoopTiming> {
  const device = openDevice(growSimulated({ preset: "default", seed: 1, div: 21 }));
  const frames = FRAMES_PER_SECOND / RATE_HZ;
  let done = 0;
  const work = async () => {
    const from = device.now();
    const spikes = await device.read(from + frames);
    const counts = binSpikes(spikes, from, { binFrames: frames, bins: 1, channels: CHANNELS });
    handOver(done++);
    const channel = (done * 11 + counts[0]) % CHANNELS;
    await device.stimulate(pulsesFor([channel], 1, device.now() + 5, device.profile));
  };
  try {
    return await runLoop(work, { rateHz: RATE_HZ, ticks: seconds * RATE_HZ });
  } finally {
    await device.close();
  }
}

/** A few different blocks of amplifier noise, about 10 uV. */
function noise(): Int16Array[] {
  const random = Random.of(1, "raw");
  return Array.from({ length: 4 }, () =>
    Int16Array.from({ length: BLOCK_FRAMES * CHANNELS }, () => Math.round(50 * random.normal())),
  );
}

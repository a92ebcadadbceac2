/** A look at a device that is connected: how fast its clock runs, how much it spikes, how evenly its data come. */
import { quantile } from "../math/statistics.ts";
import type { ReadableDevice } from "./contract.ts";

export interface Probe {
  /** Of the device's clock. */
  readonly seconds: number;
  readonly wallSeconds: number;
  /** Frames per wall second; of a device without a clock of its own, how fast it can be read. */
  readonly measuredHz: number;
  /** Whether its clock runs by itself. */
  readonly live: boolean;
  readonly spikes: number;
  readonly spikesPerSecond: number;
  readonly activeChannels: number;
  /**
   * How long after their frame the data of a step could be read, beyond the step that came soonest. Of a device
   * without a clock of its own: how long the reading of a step took.
   */
  readonly lateness: {
    readonly stepMs: number;
    readonly p50Ms: number;
    readonly p99Ms: number;
    readonly maxMs: number;
  };
}

const STEP_MS = 10;
/** A clock whose rate is within this factor of the declared one runs by itself. */
const LIVE_WITHIN = 1.5;

/** Reads `seconds` of the device, in steps of 10 ms or a frame. */
export async function probeDevice(
  device: ReadableDevice,
  seconds: number,
  signal?: AbortSignal,
  onStep: (share: number) => void = () => {},
): Promise<Probe> {
  const { framesPerSecond } = device.profile;
  const step = Math.max(1, Math.round((STEP_MS / 1e3) * framesPerSecond));
  const steps = Math.max(2, Math.round((seconds * framesPerSecond) / step));
  const active = new Set<number>();
  const cameMs: number[] = [];
  const tookMs: number[] = [];
  let spikes = 0;
  await device.read(device.now() + step); // what has waited since the device was opened
  const start = performance.now();
  for (let i = 0; i < steps; i++) {
    signal?.throwIfAborted();
    const before = performance.now();
    const { channels } = await device.read(device.now() + step);
    const now = performance.now();
    spikes += channels.length;
    for (const channel of channels) active.add(channel);
    tookMs.push(now - before);
    cameMs.push(now - start - ((i + 1) * step * 1e3) / framesPerSecond);
    onStep((i + 1) / steps);
    if (i % 100 === 99) await new Promise(setImmediate);
  }
  const wallSeconds = (performance.now() - start) / 1e3;
  const deviceSeconds = (steps * step) / framesPerSecond;
  const measuredHz = (steps * step) / wallSeconds;
  const live = measuredHz < LIVE_WITHIN * framesPerSecond;
  const soonest = Math.min(...cameMs);
  const delays = live ? cameMs.map((ms) => ms - soonest) : tookMs;
  return {
    seconds: deviceSeconds,
    wallSeconds,
    measuredHz,
    live,
    spikes,
    spikesPerSecond: spikes / deviceSeconds,
    activeChannels: active.size,
    lateness: {
      stepMs: (step * 1e3) / framesPerSecond,
      p50Ms: quantile(delays, 0.5),
      p99Ms: quantile(delays, 0.99),
      maxMs: Math.max(...delays),
    },
  };
}

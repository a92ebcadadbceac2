/**
 * Hidden assemblies: sets of cells of a simulated culture that are driven together from within, unseen by the array but for the
 * spikes that follow. Half of the sets come from one place, half from anywhere.
 */
import type { Spikes } from "../../device/contract.ts";
import { openDevice } from "../../device/gate/open.ts";
import { quietCulture } from "../../device/protocols/quieting.ts";
import { growDriven } from "../../device/simulated/driven.ts";
import { Random } from "../../math/random.ts";

export interface AssemblyOptions {
  readonly seed: number;
  readonly windows: number;
  readonly sets?: number;
  /** Cells of a set. */
  readonly cells?: number;
  readonly millivolts?: number;
  readonly onWindow?: (done: number) => void;
  readonly signal?: AbortSignal;
}

/** Counts by electrode and bin, `[N, electrodes x bins]` (electrode by electrode), and which sets were driven, `[N, sets]`. */
export interface AssemblyWorld {
  readonly N: number;
  readonly D: number;
  readonly electrodes: number;
  readonly bins: number;
  readonly K: number;
  readonly counts: Uint16Array;
  readonly amplitudes: Float32Array;
}

const WINDOW_MS = 100;
const BINS = 5;
/** Times within a window at which its sets are driven. */
const DRIVES_MS = [2, 27, 52];
const DIV = 21;
const LEAST_FREQUENCY = 0.02;
const MOST_FREQUENCY = 0.12;
const JOINS = 0.8;

export async function assemblyWorld(options: AssemblyOptions): Promise<AssemblyWorld> {
  const { seed, windows: N, sets: K = 32, cells = 40, millivolts = 15, onWindow, signal } = options;
  const { driver, anatomy, drive } = growDriven({ preset: "default", seed, div: DIV });
  const electrodes = driver.profile.electrodes.length;
  const device = openDevice(driver);
  const random = Random.of(seed, "assemblies");
  const members = membersOf(random, { positionsMm: anatomy.positionsMm, sets: K, cells });
  const frequency = Float64Array.from(
    { length: K },
    () => LEAST_FREQUENCY * (MOST_FREQUENCY / LEAST_FREQUENCY) ** random.uniform(),
  );
  const framesOf = (ms: number) => Math.round((ms * device.profile.framesPerSecond) / 1000);
  const counts = new Uint16Array(N * electrodes * BINS);
  const amplitudes = new Float32Array(N * K);
  try {
    await quietCulture(device, { seed });
    for (let n = 0; n < N; n++) {
      signal?.throwIfAborted();
      const start = device.now();
      for (let k = 0; k < K; k++)
        if (random.uniform() < frequency[k]) amplitudes[n * K + k] = 0.7 + 0.6 * random.uniform();
      const heard: Spikes[] = [];
      for (const ms of DRIVES_MS) {
        heard.push(await device.read(start + framesOf(ms)));
        for (let k = 0; k < K; k++) {
          const amplitude = amplitudes[n * K + k];
          if (amplitude === 0) continue;
          const joining = members[k].filter(() => random.uniform() < JOINS);
          drive(joining, new Float32Array(joining.length).fill(millivolts * amplitude));
        }
      }
      heard.push(await device.read(start + framesOf(WINDOW_MS)));
      for (const { frames, channels } of heard)
        for (let i = 0; i < frames.length; i++) {
          const bin = Math.min(BINS - 1, Math.floor(((frames[i] - start) * BINS) / framesOf(WINDOW_MS)));
          counts[(n * electrodes + channels[i]) * BINS + Math.max(0, bin)]++;
        }
      onWindow?.(n + 1);
    }
  } finally {
    await device.close();
  }
  return { N, D: electrodes * BINS, electrodes, bins: BINS, K, counts, amplitudes };
}

/** Cells of each set: every other set those nearest to a point, the others any. */
function membersOf(
  random: Random,
  { positionsMm, sets, cells }: { positionsMm: ArrayLike<number>; sets: number; cells: number },
): number[][] {
  const total = positionsMm.length / 2;
  return Array.from({ length: sets }, (_, k) => {
    const order = random.permutation(total);
    if (k % 2 === 1) return order.slice(0, cells);
    const centre = order[0];
    const distance = (i: number) =>
      (positionsMm[2 * i] - positionsMm[2 * centre]) ** 2 +
      (positionsMm[2 * i + 1] - positionsMm[2 * centre + 1]) ** 2;
    return order.sort((a, b) => distance(a) - distance(b)).slice(0, cells);
  });
}

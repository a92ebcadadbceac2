/** Spikes that the emulator samples, continuing from the end of a recording. */
import { Random } from "../../math/random.ts";
import { openForecastEmulator } from "../rollout/forecast-emulator.ts";
import type { SavedForecastEmulator } from "../training/saved-emulator.ts";
import type { CountSequences } from "../windows/forecaster.ts";
import { generate } from "./generate.ts";

const SAMPLES = 16;

export interface SampledSpikes {
  /** Whole bins. */
  readonly seconds: number;
  /** In order of time, in seconds from the recording's end. */
  readonly spikes: readonly (readonly [seconds: number, channel: number])[];
}

/** `seconds` of spikes that the emulator draws after the end of `counts`, its own past going on from there; the same for the same seed. */
export async function sampleSpikes(
  { parameters, shape, blend, binSeconds }: SavedForecastEmulator,
  counts: CountSequences,
  { seconds, seed }: { readonly seconds: number; readonly seed: number },
): Promise<SampledSpikes> {
  const emulator = openForecastEmulator(parameters, shape, { samples: SAMPLES, blend, spikeHistory: true });
  const bins = Math.max(1, Math.round(seconds / binSeconds));
  try {
    const drawn = await generate(emulator, counts, bins, seed);
    // The emulator does not say where in its bin a spike lies: anywhere.
    const random = Random.of(seed, "within bins");
    const spikes: [number, number][] = [];
    drawn.forEach((count, i) => {
      const bin = Math.floor(i / counts.channels);
      for (let k = 0; k < count; k++)
        spikes.push([(bin + random.uniform()) * binSeconds, i % counts.channels]);
    });
    spikes.sort(([a], [b]) => a - b);
    return { seconds: bins * binSeconds, spikes };
  } finally {
    await emulator.dispose();
  }
}

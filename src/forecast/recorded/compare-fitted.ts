/** A fitted emulator compared with its baselines on its recording, with everything that its report needs. */
import { following } from "../rollout/following.ts";
import { openForecastEmulator } from "../rollout/forecast-emulator.ts";
import type { SavedForecastEmulator } from "../training/saved-emulator.ts";
import { type CompareOptions, compareOnRecording } from "./compare.ts";
import type { CountedRecording } from "./counted-recording.ts";

const SAMPLES = 64;
const THREADS = 2;

/**
 * Scores a fitted emulator on the last 20 % of its recording beside mean, flat last window and moving average, with `trainedBaselines`
 * beside a GLM and a GRU, too: what `wetgrad emulator compare` reports. Throws `ForecastScoreError` where there is too little to score.
 */
export async function compareFitted(
  { name, counts, cleaning }: CountedRecording,
  { parameters, shape, steps, blend }: SavedForecastEmulator,
  options: CompareOptions,
) {
  const start = performance.now();
  const rates = openForecastEmulator(parameters, shape, { samples: SAMPLES, blend, threads: THREADS });
  const emulator = following(rates, parameters.history, shape.futurePatches);
  try {
    const { scores, figures, test, window } = await compareOnRecording(counts, emulator, options);
    return {
      data: {
        name,
        channels: counts.channels,
        binSeconds: counts.binSeconds,
        sequences: test.sequences.length,
        spikes: test.sequences.reduce(
          (total, sequence) => sequence.reduce((sum, count) => sum + count, total),
          0,
        ),
        synthetic: false,
      },
      window,
      scores,
      figures,
      config: {
        seed: options.seed,
        steps,
        blend: blend.map((patch) => ({ ...patch })),
        filter: cleaning.filter,
      },
      notes: [
        `Fitted on the first 70 % of the recording, scored on the last 20 %. ${cleaning.filter}.`,
        `${cleaning.deadChannels.length} dead channels; ${(100 * cleaning.doubleDetectionShare).toFixed(2)} % of intervals under 1 ms before filtering.`,
      ],
      wallSeconds: (performance.now() - start) / 1000,
    };
  } finally {
    await emulator.dispose();
  }
}

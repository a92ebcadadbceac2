/** Activity sampled from the end of a recording on: the emulator's own counts become its past. */
import { Noise } from "../../compute/index.ts";
import type { ForecastEmulator } from "../rollout/forecast-emulator.ts";
import { cutWindows } from "../windows/cut-windows.ts";
import type { CountSequences } from "../windows/forecaster.ts";

/**
 * `bins` further bins `[bins, C]` after `past [T, C]`. The emulator must draw counts (`spikeHistory`) and several samples:
 * of each forecast one course is followed.
 */
export async function generate(
  emulator: ForecastEmulator,
  past: CountSequences,
  bins: number,
  seed: number,
): Promise<Uint8Array> {
  const { historyBins: H, futureBins: F, channels: C } = emulator.window;
  const recorded = past.sequences.at(-1)!;
  const all = new Uint8Array(H * C + (bins + F) * C);
  all.set(recorded.subarray(recorded.length - H * C));
  const before = recorded.subarray(0, recorded.length - H * C);
  const noise = Noise.of(seed, "generate");
  for (let done = 0; done < bins; done += F) {
    const sofar = { ...past, sequences: [all.subarray(0)], before: [before] };
    const batch = cutWindows(sofar, [[0, H + done]], emulator.window);
    const { counts, samples } = await emulator.forecast(batch, noise);
    if (!counts)
      throw new Error("generate: expected an emulator that draws counts; open it with spikeHistory");
    const chosen = noise.integers([1], samples).data[0];
    const course = counts.subarray(chosen * F * C, (chosen + 1) * F * C);
    all.set(
      Uint8Array.from(course, (count) => Math.min(255, count)),
      (H + done) * C,
    );
  }
  return all.slice(H * C, (H + bins) * C);
}

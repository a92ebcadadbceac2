/** What the decoder is given of a signal for each presentation. */
import type { Seen } from "../modality/activity.ts";

/**
 * `[trials, D]`: the signal's means over `bins` equal parts of each presentation, beginning `delaySeconds` after the
 * presentation does. Parts shorter than a sample take the sample they fall in.
 */
export function binned(
  seen: Seen,
  trials: number,
  trialSeconds: number,
  bins: number,
  delaySeconds = 0,
  spanSeconds = trialSeconds,
) {
  const { rateHz, channels, values } = seen;
  const samples = values.length / channels;
  const D = bins * channels;
  const features = new Float32Array(trials * D);
  for (let t = 0; t < trials; t++)
    for (let b = 0; b < bins; b++) {
      const at = (part: number) => (t * trialSeconds + delaySeconds + (part * spanSeconds) / bins) * rateHz;
      const from = Math.min(samples - 1, Math.floor(at(b) + 1e-6));
      const to = Math.min(samples, Math.max(from + 1, Math.floor(at(b + 1) + 1e-6)));
      for (let k = from; k < to; k++)
        for (let c = 0; c < channels; c++)
          features[t * D + b * channels + c] += values[k * channels + c] / (to - from);
    }
  return { features, D };
}

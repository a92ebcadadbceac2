/** What the decoder is given of a signal for each presentation. */
import type { Seen } from "../modality/activity.ts";

/** Presentations one after the other. */
export interface Presentations {
  readonly trials: number;
  readonly trialSeconds: number;
}

/** Which stretch of the signal belongs to a presentation, and into how many equal parts it is divided. */
export interface Parts {
  readonly bins: number;
  /** From the presentation's beginning to the stretch's; 0 if not given. */
  readonly delaySeconds?: number;
  /** Length of the stretch; that of the presentation if not given. */
  readonly spanSeconds?: number;
}

/**
 * `[trials, D]`: the signal's means over the parts of each presentation. Parts shorter than a sample take the sample
 * they fall in.
 */
export function binned(
  seen: Seen,
  { trials, trialSeconds }: Presentations,
  { bins, delaySeconds = 0, spanSeconds = trialSeconds }: Parts,
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

/**
 * How the emulator's three forecasts become one: a geometric mean about the mean rates, patch by patch,
 * log rate = log mean + sum over k of weight[k] * (log rate of k - log mean).
 */

export interface PatchBlend {
  /** The mean of the dreamed samples. */
  readonly dreams: number;
  readonly direct: number;
  /** The channel-past head, where there is one. */
  readonly past: number;
}

/** One for each patch to come. */
export type Blend = readonly PatchBlend[];

/** Dreams and direct head alike: together they forecast better than either alone. */
export function evenBlend(patches: number): Blend {
  return directBlend(patches, 0.5);
}

/** `share` of the direct head and the rest of the dreams; at 1 the dreams give only the spread. */
export function directBlend(patches: number, share = 1): Blend {
  return Array.from({ length: patches }, () => ({ dreams: 1 - share, direct: share, past: 0 }));
}

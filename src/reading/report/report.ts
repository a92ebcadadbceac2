/** What report.json says of a culture that read. */

import type { CultureReading, ReadExample } from "../brain/culture-reading.ts";
import type { CultureFigures } from "../brain/retrieve.ts";

export interface ReadingReport extends CultureFigures {
  readonly formatVersion: 1;
  readonly kind: "reading";
  readonly wetgradVersion: string;
  readonly seed: number;
  readonly sentences: { readonly fit: number; readonly test: number };
  /** Channels that words are given to, and the others. */
  readonly stimulated: readonly number[];
  readonly neverStimulated: readonly number[];
  readonly read: readonly ReadExample[];
}

export function readingReport(
  figures: CultureFigures,
  { layout: { roles }, examples, fit, test }: CultureReading,
  { seed, wetgradVersion }: { seed: number; wetgradVersion: string },
): ReadingReport {
  return {
    formatVersion: 1,
    kind: "reading",
    wetgradVersion,
    seed,
    sentences: { fit: fit.length, test: test.length },
    stimulated: roles.sensory,
    neverStimulated: roles.prediction,
    read: examples,
    ...figures,
  };
}

/** What report.json says of a culture that read. */

import type { CultureReading } from "../brain/culture-reading.ts";
import type { ReadExamples } from "../brain/example.ts";
import type { CultureFigures } from "../brain/retrieve.ts";

export interface ReadingReport extends CultureFigures, ReadExamples {
  readonly formatVersion: 1;
  readonly kind: "reading";
  readonly wetgradVersion: string;
  readonly seed: number;
  readonly sentences: { readonly fit: number; readonly test: number };
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

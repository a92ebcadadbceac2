/** The vats that the page grows. */
import type { VatSize } from "./messages.ts";

/** Of a hundred brains each has fewer neurons: they would take a minute to grow. */
export const VAT_SIZES: readonly VatSize[] = [
  { brains: 16, neurons: 400 },
  { brains: 100, neurons: 101 },
];

/** A vat's seed in a page of a seed. */
export const vatSeed = (seed: number) => seed + 1;

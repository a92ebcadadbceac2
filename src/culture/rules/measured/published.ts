/** What is measured in cultures and slices, beside which a rule's numbers stand. */
import type { RuleMeasures } from "./measure.ts";

export interface Published {
  readonly measure: keyof RuleMeasures | "logDeviation";
  readonly value: string;
  readonly in: string;
  readonly source: string;
}

export const PUBLISHED: readonly Published[] = [
  {
    measure: "potentiationMs",
    value: "17",
    in: "cultured hippocampal neurons, 60 pairings, one a second: +78 % near 0",
    source: "https://doi.org/10.1146/annurev.neuro.24.1.139",
  },
  {
    measure: "depressionMs",
    value: "34",
    in: "the same: -27 % near 0",
    source: "https://doi.org/10.1146/annurev.neuro.24.1.139",
  },
  {
    measure: "depressionOverPotentiation",
    value: "0.7",
    in: "the areas of that curve: 0.27 x 34 over 0.78 x 17",
    source: "https://doi.org/10.1146/annurev.neuro.24.1.139",
  },
  {
    measure: "potentiationExponent",
    value: "0 to 0.4",
    in: "cultured hippocampal neurons: the stronger a synapse, the less it gains of its weight; 0.4 by a fit to the same data",
    source: "https://doi.org/10.1162/neco.2007.19.6.1437",
  },
  {
    measure: "depressionExponent",
    value: "1",
    in: "cultured hippocampal neurons: the share of the weight that is lost does not depend on the weight",
    source: "https://doi.org/10.1523/JNEUROSCI.18-24-10464.1998",
  },
  {
    measure: "changeAt40Hz",
    value: "+0.5",
    in: "layer 5 of visual cortex, pairs 10 ms apart; 0 at one in ten seconds",
    source: "https://doi.org/10.1016/S0896-6273(01)00542-6",
  },
  {
    measure: "neighbour",
    value: "both ways: weak inputs gain, strong ones lose",
    in: "visual cortex, a cell made to fire in trains",
    source: "https://doi.org/10.1177/1073858414529829",
  },
  {
    measure: "logDeviation",
    value: "0.94",
    in: "layer 5 of visual cortex, log-normal",
    source: "https://doi.org/10.1371/journal.pbio.0030068",
  },
];

/** The pairing curve of cultured hippocampal neurons, as fitted by Bi & Poo 2001. */
export const PUBLISHED_CURVE = {
  source: "https://doi.org/10.1146/annurev.neuro.24.1.139",
  at: (lagMs: number): number =>
    lagMs > 0 ? 0.777 * Math.exp(-lagMs / 16.8) : -0.273 * Math.exp(lagMs / 33.7),
};

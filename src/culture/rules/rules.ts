/**
 * The rules by which a culture's synapses may learn, as plain data over the constants of its preset. A rule is chosen for
 * what tissue does; `normalised` is what cultures have where none is named.
 */
import type { CultureParameters, HomeostasisParameters, PlasticityParameters } from "../parameters.ts";

/** Names of the plasticity rules (docs/plasticity.md). */
export const RULES = [
  "normalised",
  "depression-dominated",
  "homeostatic",
  "soft-bound",
  "logarithmic",
  "triplet",
  "inhibitory",
  "consolidating",
] as const;
export type RuleName = (typeof RULES)[number];

/** The rule where none is named. */
export const DEFAULT_RULE = "normalised" satisfies RuleName;

export interface Rule {
  readonly summary: string;
  /** Where its equation comes from. */
  readonly sources: readonly string[];
  readonly plasticity: Partial<PlasticityParameters>;
  readonly homeostasis: Partial<HomeostasisParameters>;
}

/** Potentiation, depression and the heterosynaptic term are steps in units of the maximum weight. */
const depressionDominated = {
  potentiation: 0.01,
  depression: 0.02,
  heterosynaptic: 0.02,
  preTraceMs: 20,
  postTraceMs: 20,
} satisfies Partial<PlasticityParameters>;

const HOUR_MS = 3_600_000;

/** Rates are kept over a day or two: a silent cell's inputs grow by e in 17 h. Sums are left alone. */
const slowHomeostasis = {
  normalise: false,
  scaling: { targetHz: 1, timeMs: 17 * HOUR_MS },
  rateMemoryMs: 20_000,
} satisfies Partial<HomeostasisParameters>;

/** Each rule: what it changes of a culture's parameters, where it comes from. */
export const rules: Readonly<Record<RuleName, Rule>> = {
  normalised: {
    summary: "pair rule; the inputs of a cell are brought back to their sum every second",
    sources: ["https://doi.org/10.1038/78829"],
    plasticity: {},
    homeostasis: {},
  },
  "depression-dominated": {
    summary: "pair rule in which depression outweighs potentiation, so that sums settle by themselves",
    sources: ["https://doi.org/10.1038/78829", "https://doi.org/10.1103/PhysRevE.59.4498"],
    plasticity: depressionDominated,
    homeostasis: { normalise: false },
  },
  homeostatic: {
    summary: "the same, with inputs that are scaled towards a rate over a day",
    sources: ["https://doi.org/10.1038/36103", "https://doi.org/10.1523/JNEUROSCI.20-23-08812.2000"],
    plasticity: depressionDominated,
    homeostasis: slowHomeostasis,
  },
  "soft-bound": {
    summary: "depression in proportion to the weight, so that no bound is needed; slow homeostasis",
    sources: ["https://doi.org/10.1523/JNEUROSCI.20-23-08812.2000"],
    plasticity: {
      ...depressionDominated,
      weightDependence: { kind: "power", potentiation: 0, depression: 1, reference: 0.07 },
    },
    homeostasis: slowHomeostasis,
  },
  logarithmic: {
    summary: "depression grows with the weight, for strong synapses as its logarithm; slow homeostasis",
    sources: ["https://doi.org/10.1371/journal.pone.0025339"],
    plasticity: {
      ...depressionDominated,
      weightDependence: { kind: "log", reference: 0.07, reach: 50, saturation: 5 },
    },
    homeostasis: slowHomeostasis,
  },
  triplet: {
    summary: "potentiation grows with the rate behind the synapse; sums are brought back every second",
    sources: ["https://doi.org/10.1523/JNEUROSCI.1425-06.2006"],
    plasticity: {
      potentiation: 0.0065,
      depression: 0.0071,
      heterosynaptic: 0.02,
      preTraceMs: 16.8,
      postTraceMs: 33.7,
      triplet: { traceMs: 114, offset: 0 },
    },
    homeostasis: {},
  },
  inhibitory: {
    summary: "homeostatic, and synapses from inhibitory cells learn to hold each cell near a rate",
    sources: ["https://doi.org/10.1126/science.1211095"],
    plasticity: {
      ...depressionDominated,
      inhibitory: { rate: 0.1, targetHz: 1, traceMs: 20, maximumWeight: 8 },
    },
    homeostasis: slowHomeostasis,
  },
  consolidating: {
    summary:
      "homeostatic, and changes fade within an hour unless the cell's firing makes proteins that capture them",
    sources: [
      "https://doi.org/10.1038/385533a0",
      "https://doi.org/10.1371/journal.pcbi.1000248",
      "https://doi.org/10.1038/ncomms7922",
    ],
    plasticity: {
      ...depressionDominated,
      consolidation: {
        earlyMs: HOUR_MS,
        captureMs: 30_000,
        proteinMs: 10_000,
        proteinHz: 1.5,
        restore: 0.02,
      },
    },
    homeostasis: slowHomeostasis,
  },
};

/** The constants of a culture whose synapses learn by `name`. */
export function underRule(parameters: CultureParameters, name: RuleName = DEFAULT_RULE): CultureParameters {
  const { plasticity, homeostasis } = rules[name];
  return {
    ...parameters,
    plasticity: { ...parameters.plasticity, ...plasticity },
    homeostasis: { ...parameters.homeostasis, ...homeostasis },
  };
}

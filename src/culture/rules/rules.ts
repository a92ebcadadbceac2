/**
 * The rules by which a culture's synapses may learn, as plain data over the constants of its preset. A rule is chosen for
 * what tissue does; `normalised` is what cultures have where none is named.
 */
import type { CultureParameters, HomeostasisParameters, PlasticityParameters } from "../parameters.ts";

export const RULES = ["normalised", "depression-dominated"] as const;
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

export const rules: Readonly<Record<RuleName, Rule>> = {
  normalised: {
    summary: "pair rule; inputs of a cell are brought back to their sum every second",
    sources: ["https://doi.org/10.1038/78829"],
    plasticity: {},
    homeostasis: {},
  },
  "depression-dominated": {
    summary:
      "pair rule in which depression outweighs potentiation, so that sums settle without being brought back",
    sources: ["https://doi.org/10.1038/78829", "https://doi.org/10.1103/PhysRevE.59.4498"],
    plasticity: {
      potentiation: 0.01,
      depression: 0.02,
      heterosynaptic: 0.02,
      preTraceMs: 20,
      postTraceMs: 20,
    },
    homeostasis: { normalise: false },
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

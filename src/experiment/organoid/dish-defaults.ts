/** What of an experiment is otherwise where tissue cannot be put back. */
import { DISH_BABBLES, type OrganoidConfig } from "./config.ts";

/** A dish is taught once: it cannot be put back for another arm. */
export const ONE_DISH = {
  seeds: 1,
  arms: ["descent"],
  codes: ["assigned"],
} satisfies Partial<OrganoidConfig>;

export const dishDefaults = { ...ONE_DISH, babbleTrials: DISH_BABBLES } satisfies Partial<OrganoidConfig>;

/** The rules by which the synapses of simulated cultures may learn, for rooms that touch no culture. */
import { canWaitForReward } from "../culture/parameters.ts";
import { RULES, rules } from "../culture/rules/rules.ts";

export { DEFAULT_RULE, RULES, rules } from "../culture/rules/rules.ts";

/** Rules whose steps may wait for a reward. */
export const REWARDED_RULES = RULES.filter((rule) => canWaitForReward(rules[rule].plasticity));

/** The rules by which the synapses of simulated cultures may learn, for rooms that touch no culture. */
export { DEFAULT_RULE, RULES, rules } from "../culture/rules/rules.ts";

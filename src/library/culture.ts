/**
 * `wetgrad/culture`: simulated tissue by itself, with no device, task or model. Neurons grow, fire and learn; times are steps of
 * `culture.parameters.stepUs`. To stimulate it as a dish is stimulated, through the safety gate, take `wetgrad/device`.
 */
export type { Anatomy, SheetOptions, Synapses } from "../culture/anatomy.ts";
export { growSheet, neuronCount } from "../culture/anatomy.ts";
export { Culture, type SpikeTrain } from "../culture/culture.ts";
export { FIRST_DAY, type GrownCulture } from "../culture/growth/grow.ts";
export { LAST_DAY } from "../culture/growth/plan.ts";
export type {
  CellParameters,
  CultureParameters,
  HomeostasisParameters,
  InhibitoryPlasticity,
  PlasticityParameters,
} from "../culture/parameters.ts";
export { type GrowOptions, growCulture, PRESETS, type Preset } from "../culture/presets.ts";
export { DEFAULT_RULE, RULES, type Rule, type RuleName, rules } from "../culture/rules/rules.ts";

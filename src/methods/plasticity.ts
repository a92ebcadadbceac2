/** How much the synapses may change, as a share of the full rate, in each part of an experiment. */
import type { Plan } from "../session/plan.ts";

/** While babbling and probing: at the full rate both would overwrite what is learned. */
export const LOW_PLASTICITY = 0.05;

/** While babbling and probing, where it can be chosen; under the conditions of a dish it is full. */
export function restingPlasticity({ conditions }: Pick<Plan, "conditions">): number {
  return conditions === "dish" ? 1 : LOW_PLASTICITY;
}

/**
 * While training: full in the first half of the cycles, half of that afterwards, so that the synapses first get there and then
 * average over what the series does only often. The same for every arm. Full throughout under the conditions of a dish.
 */
export function trainingPlasticity(
  cycle: number,
  { cycles, conditions }: Pick<Plan, "cycles" | "conditions">,
): number {
  return conditions === "dish" || cycle < cycles / 2 ? 1 : 0.5;
}

/** In the arm `frozen`, training and probes alike. */
export const FROZEN = 0;

/** Method `reward`: fading of a mark, by a third until the end of its presentation, by two thirds until the next one's. */
export const ELIGIBILITY_MS = 100;

/**
 * Methods that read first: spikes by which the right class must lead to be left alone; by electrodes of a class, where the plan does
 * not say.
 */
export function marginOf(
  { margin }: { readonly margin?: number | undefined },
  { patternSize }: { readonly patternSize: number },
): number {
  return margin ?? (patternSize > 8 ? 10 : 6);
}

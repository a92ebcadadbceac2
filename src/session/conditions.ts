/** Under which conditions tissue is taught, and what that means for an experiment. */

/**
 * What may be done to tissue. `ideal`: all that a simulation can. `dish`: what a laboratory can: plasticity is what it is from the first
 * second, nothing is probed that need not be, and quiet is what the evoked response says.
 */
export const CONDITIONS = ["ideal", "dish"] as const;
export type Conditions = (typeof CONDITIONS)[number];

/** Under the conditions of a dish a probe is training without an answer: there is one, after the last cycle. */
export function isProbed(
  { conditions, cycles }: { readonly conditions?: Conditions | undefined; readonly cycles: number },
  cycle: number,
): boolean {
  return conditions !== "dish" || cycle === cycles - 1;
}

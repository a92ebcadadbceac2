/** What may be changed of a run while it goes. A change holds from the next cycle that a culture begins. */
import { z } from "zod";

export const tuning = z.strictObject({
  /** Times the plasticity that the plan has for each cycle of training, in every arm. */
  plasticity: z.number().min(0).max(4),
});

export type Tuning = z.infer<typeof tuning>;

export const AS_PLANNED: Tuning = { plasticity: 1 };

/** In words, for a report: what was changed of one culture's cycles; none if nothing was. */
export function tuningNotes(who: string, cycles: readonly Tuning[]): string[] {
  return cycles.flatMap(({ plasticity }, cycle) =>
    plasticity === AS_PLANNED.plasticity
      ? []
      : [
          `While it ran, plasticity was set to ${plasticity} times the plan's for cycle ${cycle + 1} of ${who}.`,
        ],
  );
}

/** Means over seeds, as reports hold them. */
import { z } from "zod";

export const finite = z.number();

export const interval = z.object({
  mean: finite,
  /** 95 % over seeds (math/interval.ts); of one seed, the mean twice. */
  ci95: z.tuple([finite, finite]).readonly(),
  perSeed: z.array(finite).readonly(),
});

/** Accuracy of direct synapses read additively, with no spike in between: as they add up, and by their mean strength. */
export const holding = z.object({ summed: interval, perSynapse: interval });
export type HoldingReport = z.infer<typeof holding>;

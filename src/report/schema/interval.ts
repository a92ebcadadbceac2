/** Means over seeds, as reports hold them. */
import { z } from "zod";

export const finite = z.number();

export const interval = z.object({
  mean: finite,
  /** 95 % over seeds (math/interval.ts); of one seed, the mean twice. */
  ci95: z.tuple([finite, finite]).readonly(),
  perSeed: z.array(finite).readonly(),
});

/** A day in the life of a growing culture, in numbers: the data of a film of its growth. */
import { type Maturation, maturationAt } from "./grow.ts";
import { type GrowthPlan, kindOf } from "./plan.ts";
import { rampAt } from "./ramp.ts";

export interface GrowthDay {
  readonly day: number;
  /** How far the mean axon reaches; that of cell i reaches `plan.vigour[i]` times as far. */
  readonly reachMm: number;
  readonly synapses: number;
  /** Synapses of each kind: from, to, e for excitatory and i for inhibitory. */
  readonly byKind: { readonly ee: number; readonly ei: number; readonly ie: number; readonly ii: number };
  readonly meanOutDegree: number;
  /** Born since the day before. */
  readonly newSynapses: number;
  readonly driveMeanMv: number;
  readonly gabaReversalMv: number;
}

export function growthDay(plan: GrowthPlan, maturation: Maturation, day: number): GrowthDay {
  const byKind = { ee: 0, ei: 0, ie: 0, ii: 0 };
  let newSynapses = 0;
  plan.bornDay.forEach((born, k) => {
    if (born >= day) return;
    byKind[kindOf(plan, k)]++;
    if (born >= day - 1) newSynapses++;
  });
  const synapses = byKind.ee + byKind.ei + byKind.ie + byKind.ii;
  const { driveMeanMv, gabaReversalMv } = maturationAt(maturation, day);
  return {
    day,
    reachMm: rampAt(plan.sheet.reachMm, day),
    synapses,
    byKind,
    meanOutDegree: synapses / plan.vigour.length,
    newSynapses,
    driveMeanMv,
    gabaReversalMv,
  };
}

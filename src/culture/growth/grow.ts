/** Grows a culture to a day in vitro: what has been born by then, as strong and as excitable as that day makes it. */
import type { Anatomy } from "../anatomy.ts";
import { indicesOf } from "../indices.ts";
import type { CultureParameters } from "../parameters.ts";
import { type GrowthPlan, kindOf, LAST_DAY } from "./plan.ts";
import { type Ramp, rampAt } from "./ramp.ts";
import type { SheetPlan } from "./sheet.ts";

/** Days in vitro from which a culture can be grown to. */
export const FIRST_DAY = 7;

/** How a kind of culture develops. */
export interface Maturation {
  readonly sheet: SheetPlan;
  readonly minimumDelayMs: number;
  readonly conductionMmPerMs: number;
  /** A new synapse comes to its full strength with this time constant. */
  readonly synapseDays: number;
  /** Length over which the strength of a synapse falls by e with the distance between its cells. */
  readonly fadeMm: number;
  /** Mean strength of a full-grown synapse between neighbours, by the kinds of cell it joins. */
  readonly weight: { readonly ee: Ramp; readonly ei: Ramp; readonly ie: Ramp; readonly ii: Ramp };
  /** No excitatory synapse grows stronger than this; plasticity may carry it further. */
  readonly strongestWeight: number;
  /** What the day makes of the cells: their excitability, background and short-term depression. */
  readonly driveMeanMv: Ramp;
  readonly noiseMv: Ramp;
  readonly releaseFraction: Ramp;
  readonly recoveryMs: Ramp;
  /** GABA depolarises young neurons (Ben-Ari 2002, https://doi.org/10.1038/nrn920). */
  readonly gabaReversalMv: Ramp;
  /** All that does not change with age. */
  readonly parameters: CultureParameters;
}

export interface GrownCulture {
  readonly div: number;
  readonly anatomy: Anatomy;
  readonly parameters: CultureParameters;
}

/** The culture of a plan on a day. */
export function growTo(maturation: Maturation, plan: GrowthPlan, div: number): GrownCulture {
  if (!(div >= FIRST_DAY && div <= LAST_DAY))
    throw new RangeError(`culture: expected from ${FIRST_DAY} to ${LAST_DAY} days in vitro, got ${div}`);
  const { minimumDelayMs, conductionMmPerMs, synapseDays, fadeMm } = maturation;
  const parameters = maturationAt(maturation, div);
  const mean = {
    ee: rampAt(maturation.weight.ee, div),
    ei: rampAt(maturation.weight.ei, div),
    ie: rampAt(maturation.weight.ie, div),
    ii: rampAt(maturation.weight.ii, div),
  };
  let synapses = 0;
  for (const day of plan.bornDay) if (day < div) synapses++;
  const pre = indicesOf(plan.vigour.length, synapses);
  const post = indicesOf(plan.vigour.length, synapses);
  const delayMs = new Float32Array(synapses);
  const weight = new Float32Array(synapses);
  const weightOf = (k: number) => {
    const kind = kindOf(plan, k);
    const maturity = 1 - Math.exp(-(div - Math.max(0, plan.bornDay[k])) / synapseDays);
    const full = mean[kind] * plan.strength[k] * maturity * Math.exp(-plan.distanceMm[k] / fadeMm);
    return kind === "ee" ? Math.min(full, maturation.strongestWeight) : full;
  };
  let at = 0;
  for (let k = 0; k < plan.bornDay.length; k++) {
    if (!(plan.bornDay[k] < div)) continue;
    pre[at] = plan.pre[k];
    post[at] = plan.post[k];
    delayMs[at] = minimumDelayMs + plan.distanceMm[k] / conductionMmPerMs;
    weight[at++] = weightOf(k);
  }
  return {
    div,
    anatomy: {
      positionsMm: plan.positionsMm,
      ...(plan.heightsMm && { heightsMm: plan.heightsMm }),
      excitatoryCount: plan.excitatoryCount,
      synapses: { pre, post, delayMs, weight },
    },
    parameters,
  };
}

/** The constants of a culture's cells on a day. */
export function maturationAt(maturation: Maturation, day: number): CultureParameters {
  const { parameters } = maturation;
  return {
    ...parameters,
    driveMeanMv: rampAt(maturation.driveMeanMv, day),
    noiseMv: rampAt(maturation.noiseMv, day),
    gabaReversalMv: rampAt(maturation.gabaReversalMv, day),
    excitatory: {
      ...parameters.excitatory,
      releaseFraction: rampAt(maturation.releaseFraction, day),
      recoveryMs: rampAt(maturation.recoveryMs, day),
    },
  };
}

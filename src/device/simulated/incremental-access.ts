/**
 * Ultrastructure as a tool less than perfect would give it: only a part of the synapses is read at a time, with error,
 * and synapses can only be moved by small steps, from wherever they are. What is over the budget is not done.
 */
import type { Random } from "../../math/random.ts";
import { kindOf, type SynapseWrite, type TissueImage } from "./image.ts";

export interface StepBudget {
  /** How far one synapse may be moved at a time, as a share of the strongest of its kind. */
  readonly perSynapse: number;
  /** How far all synapses together, as a share of all of them moved by `perSynapse` of an `ee` synapse. */
  readonly total: number;
}

export interface ReadQuality {
  /** Share of synapses read at a time, drawn afresh each time. */
  readonly share: number;
  /** Standard deviation of the error, as a share of the strongest synapse of the kind. */
  readonly error: number;
}

export interface PartialReading {
  readonly synapses: Int32Array;
  /** Magnitudes as read. */
  readonly strength: Float32Array;
}

/** A culture at a moment: its anatomy, and the strength of every synapse. */
export interface StrengthsNow {
  readonly image: Pick<TissueImage, "anatomy" | "bounds">;
  readonly strengths: Float32Array;
}

/** Reads what the quality lets it, of the synapses in question. */
export function readPartly(
  { image, strengths }: StrengthsNow,
  wanted: readonly number[],
  { share, error }: ReadQuality,
  random: Random,
): PartialReading {
  const synapses = Int32Array.from(wanted.filter(() => random.uniform() < share));
  return {
    synapses,
    strength: Float32Array.from(synapses, (k) => {
      const limit = image.bounds[kindOf(image, k)];
      return Math.max(0, Math.abs(strengths[k]) + error * limit * random.normal());
    }),
  };
}

/** The write that moves the magnitudes of `synapses` by `wanted`, each cut to the budget and to what tissue can be. */
export function nudged(
  { image, strengths }: StrengthsNow,
  synapses: readonly number[],
  wanted: readonly number[],
  budget: StepBudget,
): SynapseWrite {
  const { bounds, anatomy } = image;
  const { pre } = anatomy.synapses;
  const steps = synapses.map((k, i) => {
    const most = budget.perSynapse * bounds[kindOf(image, k)];
    return Math.min(most, Math.max(-most, wanted[i]));
  });
  const spent = steps.reduce((sum, step) => sum + Math.abs(step), 0);
  const most = bounds.ee * budget.perSynapse * budget.total * pre.length;
  const share = spent > most ? most / spent : 1;
  const strength = synapses.map((k, i) => {
    const limit = bounds[kindOf(image, k)];
    const magnitude = Math.min(limit, Math.max(0, Math.abs(strengths[k]) + share * steps[i]));
    return pre[k] < anatomy.excitatoryCount ? magnitude : -magnitude;
  });
  return { synapses, strength };
}

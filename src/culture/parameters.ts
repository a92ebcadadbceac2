/**
 * The constants of a culture's cells and synapses, and two sets of them: `quiet`, asynchronous, and `bursting`,
 * which bursts by itself as cultures do. Times in ms, potentials in mV, conductances in units of the leak.
 */

import type { WeightDependence } from "./rules/weight-dependence.ts";

export const FRAME_US = 40;

/** What differs between the excitatory and the inhibitory cells. */
export interface CellParameters {
  readonly membraneMs: number;
  readonly refractoryMs: number;
  /** Adaptation added by a spike. */
  readonly adaptationMv: number;
  /** Share of the synaptic resource that a spike uses (Tsodyks-Markram U), and its time of recovery. */
  readonly releaseFraction: number;
  readonly recoveryMs: number;
}

/** Spike-timing-dependent plasticity of the synapses between excitatory cells; see kernel/plasticity.ts. */
export interface PlasticityParameters {
  /** Steps of weight per spike, in units of `maximumWeight`. */
  readonly potentiation: number;
  readonly depression: number;
  /** x0: presynaptic trace below which an input shrinks when its target fires. */
  readonly heterosynaptic: number;
  readonly preTraceMs: number;
  readonly postTraceMs: number;
  readonly maximumWeight: number;
  /** Triplet rule: potentiation times (slow postsynaptic trace + offset); null for the pair rule. */
  readonly triplet: {
    readonly traceMs: number;
    readonly offset: number;
    /** Depression times (slow presynaptic trace + offset); depression of pairs if not given. */
    readonly depression?: { readonly traceMs: number; readonly offset: number };
  } | null;
  /** How steps depend on the weight; the same at every weight if not given. */
  readonly weightDependence?: WeightDependence;
  readonly inhibitory?: InhibitoryPlasticity;
  readonly consolidation?: Consolidation;
  /** Three-factor plasticity: spikes mark synapses, and only `Culture.reward` changes weights; not given: two factors. */
  readonly eligibility?: { readonly traceMs: number };
}

/** Plasticity of the synapses from inhibitory to excitatory cells; see kernel/inhibition.ts. */
export interface InhibitoryPlasticity {
  /** Step of weight per spike. */
  readonly rate: number;
  /** At which the excitatory cells are held. */
  readonly targetHz: number;
  readonly traceMs: number;
  readonly maximumWeight: number;
}

/** Late weights that last, and tags that fade unless captured; see kernel/consolidation.ts. */
export interface Consolidation {
  readonly earlyMs: number;
  readonly captureMs: number;
  readonly proteinMs: number;
  /** Above this rate a cell makes proteins. */
  readonly proteinHz: number;
  /** Share of the way back to its late weight that an input goes when its target fires without proteins. */
  readonly restore: number;
}

export interface HomeostasisParameters {
  readonly intervalMs: number;
  /** Scale each excitatory cell's plastic inputs to their target sum. */
  readonly normalise: boolean;
  /** Time constant of the way to the target sum; at once, every interval, if not given. */
  readonly sumMs?: number;
  /** Let the target sums follow the firing rate; null to keep them. */
  readonly rate: { readonly targetHz: number; readonly speed: number; readonly memoryMs: number } | null;
  /** Scale each excitatory cell's plastic inputs towards a rate; `timeMs`: e-fold of a silent cell's. None if not given. */
  readonly scaling?: { readonly targetHz: number; readonly timeMs: number };
  /** Memory of the running rate where `rate` is null. */
  readonly rateMemoryMs?: number;
}

export interface CultureParameters {
  /** Length of a time step in frames of the device clock (40 us each). */
  readonly stepFrames: number;
  readonly restMv: number;
  readonly thresholdMv: number;
  readonly resetMv: number;
  /** Constant drive, drawn once per cell. */
  readonly driveMeanMv: number;
  readonly driveSpreadMv: number;
  /** Standard deviation that the membrane noise alone would give the potential. */
  readonly noiseMv: number;
  readonly adaptationMs: number;
  readonly ampaMs: number;
  readonly nmdaMs: number;
  /** NMDA-like conductance as a share of the AMPA one; 0 for none. */
  readonly nmdaFraction: number;
  readonly gabaMs: number;
  readonly gabaReversalMv: number;
  readonly excitatory: CellParameters;
  readonly inhibitory: CellParameters;
  readonly plasticity: PlasticityParameters;
  readonly homeostasis: HomeostasisParameters;
}

export const quiet: CultureParameters = {
  stepFrames: 10,
  restMv: -65,
  thresholdMv: -50,
  resetMv: -60,
  driveMeanMv: 8,
  driveSpreadMv: 1,
  noiseMv: 3.5,
  adaptationMs: 150,
  ampaMs: 5,
  nmdaMs: 80,
  nmdaFraction: 0.02,
  gabaMs: 8,
  gabaReversalMv: -75,
  excitatory: { membraneMs: 20, refractoryMs: 3, adaptationMv: 1.5, releaseFraction: 0.2, recoveryMs: 300 },
  inhibitory: { membraneMs: 10, refractoryMs: 2, adaptationMv: 0, releaseFraction: 0.1, recoveryMs: 200 },
  plasticity: {
    potentiation: 0.02,
    depression: 0.01,
    heterosynaptic: 0.2,
    preTraceMs: 20,
    postTraceMs: 20,
    maximumWeight: 0.25,
    triplet: null,
  },
  homeostasis: { intervalMs: 1000, normalise: true, rate: null },
};

/** Goes with `growSheet(seed, burstingSheet)`. */
export const bursting: CultureParameters = {
  ...quiet,
  driveMeanMv: 4,
  excitatory: { ...quiet.excitatory, releaseFraction: 0.4, recoveryMs: 1500 },
};

export const burstingSheet = { reachMm: 0.3, weight: { ee: 0.1, ei: 0.05, ie: 0.15, ii: 0.1 } } as const;

/** Whether what spikes would change may go to an eligibility first (kernel/eligibility.ts). */
export function canWaitForReward(plasticity: Partial<PlasticityParameters>): boolean {
  const { weightDependence, inhibitory, consolidation, triplet } = plasticity;
  return !(weightDependence || inhibitory || consolidation || triplet?.depression);
}

/** Throws one line naming the first parameter that cannot be. */
export function checkParameters(p: CultureParameters): void {
  const { inhibitory, consolidation, eligibility } = p.plasticity;
  if (eligibility && !canWaitForReward(p.plasticity))
    throw new RangeError(
      "culture parameters: an eligibility goes with steps that do not depend on the weight, without consolidation or inhibitory plasticity",
    );
  const positive = {
    ...pick(p, ["noiseMv", "adaptationMs", "ampaMs", "nmdaMs", "gabaMs"]),
    ...pick(p.plasticity, ["preTraceMs", "postTraceMs", "maximumWeight"]),
    ...(p.plasticity.eligibility ? pick(p.plasticity.eligibility, ["traceMs"], "eligibility.") : {}),
    ...pick(p.homeostasis, [
      "intervalMs",
      ...(p.homeostasis.sumMs === undefined ? [] : (["sumMs"] as const)),
    ]),
    ...(p.homeostasis.scaling ? pick(p.homeostasis.scaling, ["targetHz", "timeMs"], "scaling.") : {}),
    ...(inhibitory ? pick(inhibitory, ["targetHz", "traceMs", "maximumWeight"], "inhibitory.") : {}),
    ...(consolidation
      ? pick(consolidation, ["earlyMs", "captureMs", "proteinMs", "proteinHz"], "consolidation.")
      : {}),
    ...pick(p.excitatory, ["membraneMs", "recoveryMs"], "excitatory."),
    ...pick(p.inhibitory, ["membraneMs", "recoveryMs"], "inhibitory."),
  };
  if (!Number.isInteger(p.stepFrames) || p.stepFrames < 1 || p.stepFrames > 25)
    throw new RangeError(
      `culture parameters: stepFrames must be an integer from 1 to 25, got ${p.stepFrames}`,
    );
  for (const [name, value] of Object.entries(positive))
    if (!(value >= 0 && value < Infinity) || (value === 0 && name !== "noiseMv"))
      throw new RangeError(`culture parameters: ${name} must be a positive number, got ${value}`);
  if (!(p.resetMv < p.thresholdMv))
    throw new RangeError(
      `culture parameters: resetMv must lie below thresholdMv, got ${p.resetMv} and ${p.thresholdMv}`,
    );
}

function pick<T, K extends keyof T & string>(
  from: T,
  names: readonly K[],
  prefix = "",
): Record<string, number> {
  return Object.fromEntries(names.map((name) => [prefix + name, Number(from[name])]));
}

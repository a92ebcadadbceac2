/** What the kernel's layout (kernel/layout.ts) holds in numbers, by the parameters of a culture. */
import type { CultureParameters } from "./parameters.ts";
import { TABLE_INTERVALS } from "./rules/weight-dependence.ts";
import { stepConstants, stepMsOf } from "./step-constants.ts";

/** The layout's numbers for a time step, in its order. */
export function kernelConstants(p: CultureParameters) {
  const stepMs = stepMsOf(p);
  const decay = (ms: number) => Math.exp(-stepMs / ms);
  const { excitatory, inhibitory, ...shared } = stepConstants(p);
  const { plasticity, homeostasis } = p;
  const { inhibitory: inhibitoryRule, consolidation } = plasticity;
  const tripletDepression = plasticity.triplet?.depression;
  /** Of a process with this time constant, in an interval of homeostasis. */
  const share = (ms: number | undefined) =>
    ms === undefined ? 1 : 1 - Math.exp(-homeostasis.intervalMs / ms);
  const homeostasisSteps = Math.max(1, Math.round(homeostasis.intervalMs / stepMs));
  return {
    integers: {
      refractoryExcitatory: excitatory.refractory,
      refractoryInhibitory: inhibitory.refractory,
      triplet: plasticity.triplet === null ? 0 : 1,
      homeostasisSteps,
      normalise: homeostasis.normalise ? 1 : 0,
      eligible: plasticity.eligibility ? 1 : 0,
      weightDependent: plasticity.weightDependence ? 1 : 0,
      tripletDepression: tripletDepression ? 1 : 0,
      inhibitoryPlastic: inhibitoryRule ? 1 : 0,
      consolidates: consolidation ? 1 : 0,
    },
    floats: {
      threshold: shared.threshold,
      reset: shared.reset,
      gabaReversal: shared.gabaReversal,
      leakExcitatory: excitatory.leak,
      leakInhibitory: inhibitory.leak,
      noiseExcitatory: excitatory.noise,
      noiseInhibitory: inhibitory.noise,
      adaptationExcitatory: excitatory.adaptationStep,
      adaptationInhibitory: inhibitory.adaptationStep,
      adaptationDecay: shared.adaptationDecay,
      ampaDecay: shared.ampaDecay,
      nmdaDecay: shared.nmdaDecay,
      nmdaFraction: shared.nmdaFraction,
      gabaDecay: shared.gabaDecay,
      depression: plasticity.depression * plasticity.maximumWeight,
      potentiation: plasticity.potentiation * plasticity.maximumWeight,
      heterosynaptic: plasticity.heterosynaptic,
      preTraceDecay: decay(plasticity.preTraceMs),
      postTraceDecay: decay(plasticity.postTraceMs),
      slowTraceDecay: decay(plasticity.triplet?.traceMs ?? 100),
      tripletOffset: plasticity.triplet?.offset ?? 0,
      maximumWeight: plasticity.maximumWeight,
      targetRate: homeostasis.rate?.targetHz ?? 0,
      rateSpeed: homeostasis.rate?.speed ?? 0,
      rateMemory: share(homeostasis.rate?.memoryMs ?? homeostasis.rateMemoryMs ?? 20000),
      countsToRate: 1000 / (homeostasisSteps * stepMs),
      eligibilityRate: stepMs / (plasticity.eligibility?.traceMs ?? 1000),
      sumShare: share(homeostasis.sumMs),
      scalingShare: homeostasis.scaling ? share(homeostasis.scaling.timeMs) : 0,
      scalingHz: homeostasis.scaling?.targetHz ?? 1,
      factorsPerWeight: TABLE_INTERVALS / plasticity.maximumWeight,
      slowPreTraceDecay: decay(tripletDepression?.traceMs ?? 100),
      tripletDepressionOffset: tripletDepression?.offset ?? 0,
      inhibitoryTraceDecay: decay(inhibitoryRule?.traceMs ?? 20),
      inhibitoryRate: inhibitoryRule?.rate ?? 0,
      inhibitoryTarget: inhibitoryRule ? (2 * inhibitoryRule.targetHz * inhibitoryRule.traceMs) / 1000 : 0,
      inhibitoryMaximum: inhibitoryRule?.maximumWeight ?? 0,
      earlyShare: share(consolidation?.earlyMs),
      captureShare: share(consolidation?.captureMs),
      proteinShare: share(consolidation?.proteinMs),
      proteinHz: consolidation?.proteinHz ?? 0,
      restore: consolidation?.restore ?? 0,
    },
  };
}

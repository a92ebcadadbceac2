/**
 * What one pulse does to its electrode: charge, net charge, density and Shannon k; and the rules that need nothing
 * but the pulse and its electrode.
 *
 * Q = I t; a run of phases of one sign is one phase, however it is cut up, and so is any excursion of the
 * accumulated charge. D = Q / area. Shannon: k = log10 Q + log10 D, with Q in uC and D in uC/cm2.
 */
import type { Electrode, Phase, Pulse } from "../contract.ts";
import type { StimulationLimits } from "./limits.ts";
import type { SafetyRule } from "./unsafe-pulse.ts";

/** A broken rule, with what was measured against which limit, in the rule's unit. */
export interface Fault {
  readonly rule: SafetyRule;
  readonly measured: number;
  readonly limit: number;
}

export interface PulseMeasure {
  readonly durationUs: number;
  /** The largest charge of a phase, or excursion of the accumulated charge if that is larger. */
  readonly chargeNc: number;
  readonly netChargeNc: number;
  readonly densityUcPerCm2: number;
  readonly shannonK: number;
}

const UM2_PER_CM2 = 1e8;
const NC_PER_UC = 1e3;

export function measurePulse(phases: readonly Phase[], areaUm2: number): PulseMeasure {
  let durationUs = 0;
  let accumulated = 0;
  let run = 0;
  let peak = 0;
  for (const phase of phases) {
    const charge = (phase.currentUa * phase.durationUs) / 1e3;
    durationUs += phase.durationUs;
    accumulated += charge;
    run = Math.sign(charge) * Math.sign(run) < 0 ? charge : run + charge;
    peak = Math.max(peak, Math.abs(run), Math.abs(accumulated));
  }
  const chargeUc = peak / NC_PER_UC;
  const densityUcPerCm2 = (chargeUc * UM2_PER_CM2) / areaUm2;
  const shannonK = Math.log10(chargeUc) + Math.log10(densityUcPerCm2);
  return { durationUs, chargeNc: peak, netChargeNc: accumulated, densityUcPerCm2, shannonK };
}

/** A plain copy of a pulse, so that nothing can change between judging and delivering it. */
export function copyPulse(pulse: Pulse): Pulse {
  const phases: Phase[] = [];
  for (const { currentUa, durationUs } of pulse.phases ?? []) phases.push({ currentUa, durationUs });
  return { frame: pulse.frame, channel: pulse.channel, phases };
}

/** True if frame and channel are integers and every current and duration is a finite number. */
export function isWellFormed({ frame, channel, phases }: Pulse): boolean {
  return (
    Number.isSafeInteger(frame) &&
    Number.isSafeInteger(channel) &&
    phases.every(({ currentUa, durationUs }) => Number.isFinite(currentUa) && Number.isFinite(durationUs))
  );
}

/** The first rule that a well-formed pulse breaks by itself, on its electrode. */
export function faultOfPulse(
  { phases }: Pulse,
  { areaUm2, material }: Electrode,
  measure: PulseMeasure,
  limits: StimulationLimits,
): Fault | undefined {
  // Written so that anything that is not a number counts as broken.
  const { maxPhases, minPhaseUs, maxPhaseUs, maxCurrentUa, maxChargePerPhaseNc, maxShannonK } = limits;
  const maxDensity = limits.maxChargeDensityUcPerCm2[material] ?? null;
  if (maxDensity === null || !(areaUm2 > 0 && areaUm2 < Number.POSITIVE_INFINITY))
    return { rule: "material", measured: 0, limit: 0 };
  if (!(phases.length >= 2)) return { rule: "phases", measured: phases.length, limit: 2 };
  if (!(phases.length <= maxPhases)) return { rule: "phases", measured: phases.length, limit: maxPhases };
  for (const { currentUa, durationUs } of phases) {
    if (!(durationUs >= minPhaseUs)) return { rule: "duration", measured: durationUs, limit: minPhaseUs };
    if (!(durationUs <= maxPhaseUs)) return { rule: "duration", measured: durationUs, limit: maxPhaseUs };
    const measured = Math.abs(currentUa);
    if (!(measured <= maxCurrentUa)) return { rule: "current", measured, limit: maxCurrentUa };
  }
  const first = phases.find(({ currentUa }) => currentUa !== 0);
  if (first === undefined) return { rule: "current", measured: 0, limit: maxCurrentUa };
  const { chargeNc, netChargeNc, densityUcPerCm2, shannonK } = measure;
  if (!(chargeNc <= maxChargePerPhaseNc))
    return { rule: "charge", measured: chargeNc, limit: maxChargePerPhaseNc };
  const imbalance = Math.abs(netChargeNc) / chargeNc;
  if (!(imbalance <= limits.chargeBalanceTolerance))
    return { rule: "balance", measured: imbalance, limit: limits.chargeBalanceTolerance };
  if (first.currentUa > 0 && limits.cathodicFirst.some((name) => name === material))
    return { rule: "polarity", measured: first.currentUa, limit: 0 };
  if (!(densityUcPerCm2 <= maxDensity))
    return { rule: "density", measured: densityUcPerCm2, limit: maxDensity };
  if (!(shannonK <= maxShannonK)) return { rule: "shannon", measured: shannonK, limit: maxShannonK };
  return undefined;
}

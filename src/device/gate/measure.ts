/**
 * What one pulse does to its electrode: charge, net charge, density and Shannon k; and the rules that need nothing
 * but the pulse and its electrode.
 *
 * Q = I t; a run of phases of one sign is one phase, however it is cut up, and so is any excursion of the
 * accumulated charge. D = Q / area. Shannon: k = log10 Q + log10 D, with Q in uC and D in uC/cm2.
 */
import type { Electrode, Light, Phase, Pulse } from "../contract.ts";
import type { StimulationLimits } from "./limits.ts";
import type { Fault } from "./unsafe-pulse.ts";

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

/** A plain copy of what a caller calls a pulse, or what is wrong with it, in words. */
export type Copied =
  | { readonly pulse: Pulse }
  | { readonly got: string; readonly channel: number; readonly frame: number };

/** No pulse may have more: the rest of a longer list is not looked at. */
const MOST_PHASES = 16;

/**
 * Copies a pulse into plain data, reading each field once, so that nothing can change between judging and delivering
 * it, whatever the caller's objects do. Never throws.
 */
export function copyPulse(given: unknown): Copied {
  const seen = { channel: -1, frame: -1 };
  const bad = (what: string, value: unknown) => ({ ...seen, got: `${what}${textOf(value)}` });
  try {
    if (typeof given !== "object" || given === null) return bad("", given);
    const { frame, channel, phases, light } = given as Readonly<Record<string, unknown>>;
    if (isInteger(channel)) seen.channel = channel;
    if (isInteger(frame)) seen.frame = frame;
    if (!isInteger(frame)) return bad("frame ", frame);
    if (!isInteger(channel)) return bad("channel ", channel);
    if (!Array.isArray(phases)) return bad("phases ", phases);
    const count: unknown = phases.length;
    if (!isInteger(count)) return bad("phases of length ", count);
    const copies: Phase[] = [];
    for (let i = 0; i < Math.min(count, MOST_PHASES + 1); i++) {
      const phase: unknown = phases[i];
      if (typeof phase !== "object" || phase === null) return bad("a phase ", phase);
      const { currentUa, durationUs } = phase as Readonly<Record<string, unknown>>;
      if (!isNumber(currentUa)) return bad("a current ", currentUa);
      if (!isNumber(durationUs)) return bad("a duration ", durationUs);
      copies.push({ currentUa, durationUs });
    }
    if (light === undefined) return { pulse: { frame, channel, phases: copies } };
    if (typeof light !== "object" || light === null) return bad("light ", light);
    const { irradianceMwPerMm2, durationUs } = light as Readonly<Record<string, unknown>>;
    if (!isNumber(irradianceMwPerMm2)) return bad("an irradiance ", irradianceMwPerMm2);
    if (!isNumber(durationUs)) return bad("a duration of light ", durationUs);
    return { pulse: { frame, channel, phases: copies, light: { irradianceMwPerMm2, durationUs } } };
  } catch (error) {
    return bad("an object that cannot be read: ", error);
  }
}

const MOST_TEXT = 80;

/** A value in a few characters, whatever it is: what a ledger in JSON can keep of it. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined || typeof value === "number" || typeof value === "boolean")
    return `${value}`;
  if (typeof value === "string") return JSON.stringify(value.slice(0, MOST_TEXT));
  if (typeof value === "bigint")
    return value < 10n ** 60n && value > -(10n ** 60n) ? `${value}n` : "a bigint";
  if (typeof value === "symbol") return String(value).slice(0, MOST_TEXT);
  return typeof value === "function" ? "a function" : "an object";
}

function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
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

/** The first rule that light breaks by itself; `light` is undefined where a pulse is not light alone on a channel of light. */
export function faultOfLight(
  light: Light | undefined,
  limits: StimulationLimits["light"],
): Fault | undefined {
  if (light === undefined || limits === undefined) return { rule: "light", measured: 0, limit: 0 };
  const { irradianceMwPerMm2, durationUs } = light;
  // Written so that anything that is not a number counts as broken.
  if (!(irradianceMwPerMm2 > 0 && irradianceMwPerMm2 <= limits.maxIrradianceMwPerMm2))
    return { rule: "irradiance", measured: irradianceMwPerMm2, limit: limits.maxIrradianceMwPerMm2 };
  if (!(durationUs > 0 && durationUs <= limits.maxFlashUs))
    return { rule: "duration", measured: durationUs, limit: limits.maxFlashUs };
  return undefined;
}

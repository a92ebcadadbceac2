/**
 * The limits of safe stimulation, as data. Charge density limits are per phase and geometric area.
 *
 * - Materials: Cogan 2008, "Neural stimulation and recording electrodes",
 *   https://doi.org/10.1146/annurev.bioeng.10.061807.160518 (platinum 50-150 uC/cm2, iridium oxide 1-5 mC/cm2);
 *   titanium nitride 0.9 mC/cm2: Weiland, Anderson & Humayun 2002, https://doi.org/10.1109/TBME.2002.805487;
 *   PEDOT 2.3 mC/cm2: Cui & Zhou 2007, https://doi.org/10.1109/TNSRE.2007.909811. The defaults are the low end
 *   for platinum and half of the lowest published value for the others; platinum black counts as platinum.
 * - Tissue: Shannon 1992, "A model of safe levels for electrical stimulation",
 *   https://doi.org/10.1109/10.126616, log10 D = k - log10 Q; damage was seen from k = 1.85. It was built on
 *   electrodes far larger than a culture's, so charge per phase is bounded too: Cogan et al. 2016, "Tissue damage
 *   thresholds during therapeutic electrical stimulation", https://doi.org/10.1088/1741-2560/13/2/021001.
 * - Polarity: Multi Channel Systems, MEA manual section 8.3: current pulses on titanium nitride are biphasic,
 *   the negative phase first.
 */
import { z } from "zod";
import type { DeviceProfile } from "../profile.ts";

const positive = z.number().positive();

/** uC/cm2 per phase, or `null`: never stimulate this material. */
const density = positive.nullable();

export const stimulationLimitsSchema = z
  .strictObject({
    maxCurrentUa: positive,
    /** Largest charge of one phase, and largest excursion of the accumulated charge within a pulse. */
    maxChargePerPhaseNc: positive,
    /** Net charge of a pulse, as a share of its largest phase. */
    chargeBalanceTolerance: z.number().min(0).max(0.05),
    maxChargeDensityUcPerCm2: z.strictObject({
      platinum: density,
      "platinum-black": density,
      "titanium-nitride": density,
      "iridium-oxide": density,
      pedot: density,
      unknown: z.null(),
    }),
    /** Materials whose pulses must begin with a cathodic phase. */
    cathodicFirst: z.array(
      z.enum(["platinum", "platinum-black", "titanium-nitride", "iridium-oxide", "pedot"]),
    ),
    /** k of the Shannon criterion, Q in uC and D in uC/cm2. */
    maxShannonK: z.number().max(1.85),
    minPhaseUs: positive,
    maxPhaseUs: positive,
    maxPhases: z.int().min(2).max(16),
    /** From the start of a pulse to the start of the next on the same electrode; never less than the pulse itself. */
    minIntervalUs: positive,
    maxPulsesPerSecondPerElectrode: z.int().positive(),
    maxPulsesPerSecondOnArray: z.int().positive(),
    /** The rolling budget of each electrode, over any window of `windowS`. */
    budget: z.strictObject({
      windowS: positive.max(3600),
      maxPulses: z.int().positive(),
      /** Sum of the pulses' largest phases. */
      maxChargeNc: positive,
      /** Sum of the pulses' absolute net charges. */
      maxNetChargeNc: z.number().min(0),
    }),
    /** Of channels of light; where it is not given, none is ever lit. */
    light: z
      .strictObject({
        maxIrradianceMwPerMm2: positive,
        maxFlashUs: positive,
        /** Share of any window of `dutyWindowS` in which a group is lit. */
        maxDuty: positive.max(1),
        dutyWindowS: positive.max(3600),
        maxGroupsAtOnce: z.int().positive(),
      })
      .optional(),
  })
  .refine((limits) => limits.minPhaseUs <= limits.maxPhaseUs, "minPhaseUs must not exceed maxPhaseUs");

export type StimulationLimits = z.infer<typeof stimulationLimitsSchema>;

/**
 * Defaults for a culture on an array of ~30 um discs: the CL1's caps of current and charge (3 uA, 3 nC), 50 pulses
 * per second and electrode (the rate of Shannon's data), 500 on the array, and a minute's budget of 15 pulses per
 * second at 0.45 nC. They admit ten trials a second of 4 context and 4 write pulses, the same electrodes in
 * each, over ~50 background pulses per second on the array.
 */
export const DEFAULT_LIMITS: StimulationLimits = {
  maxCurrentUa: 3,
  maxChargePerPhaseNc: 3,
  chargeBalanceTolerance: 0.01,
  maxChargeDensityUcPerCm2: {
    platinum: 50,
    "platinum-black": 50,
    "titanium-nitride": 450,
    "iridium-oxide": 500,
    pedot: 1150,
    unknown: null,
  },
  cathodicFirst: ["titanium-nitride"],
  maxShannonK: 1.5,
  minPhaseUs: 20,
  maxPhaseUs: 1000,
  maxPhases: 5,
  minIntervalUs: 2000,
  maxPulsesPerSecondPerElectrode: 50,
  maxPulsesPerSecondOnArray: 500,
  budget: { windowS: 60, maxPulses: 900, maxChargeNc: 405, maxNetChargeNc: 4.05 },
};

/**
 * Defaults for light on named groups of cells: 1 mW/mm2 is what optogenetics in flies uses at most, and light alone heats tissue: Owen, Liu
 * & Kreitzer 2019, "Thermal constraints on in vivo optogenetic manipulations", https://doi.org/10.1038/s41593-019-0422-3. Duration,
 * duty and groups at once are chosen, not published.
 */
export const LIGHT_LIMITS: NonNullable<StimulationLimits["light"]> = {
  maxIrradianceMwPerMm2: 1,
  maxFlashUs: 500_000,
  maxDuty: 0.7,
  dutyWindowS: 10,
  maxGroupsAtOnce: 12,
};

/** The array that `DEFAULT_LIMITS` are for: its electrodes, and the tissue that they cover. */
const STANDARD_ELECTRODES = 64;
const STANDARD_MM2 = 1.6 * 1.6;

/**
 * The limits of a device for which none are given: `DEFAULT_LIMITS`, and on a larger array as many more pulses a second as keep
 * the pulses for each electrode and for each mm2 of tissue what they are on 64 electrodes over 2.56 mm2.
 */
export function defaultLimits({
  electrodes,
  lightChannels = [],
}: Pick<DeviceProfile, "electrodes" | "lightChannels">): StimulationLimits {
  if (lightChannels.length > 0) return { ...DEFAULT_LIMITS, light: LIGHT_LIMITS };
  const larger = Math.min(electrodes.length / STANDARD_ELECTRODES, coveredMm2(electrodes) / STANDARD_MM2);
  const { maxPulsesPerSecondOnArray } = DEFAULT_LIMITS;
  return larger > 1
    ? { ...DEFAULT_LIMITS, maxPulsesPerSecondOnArray: Math.floor(larger * maxPulsesPerSecondOnArray) }
    : DEFAULT_LIMITS;
}

/** The rectangle around the electrodes, and half their mean distance on each side. */
function coveredMm2(electrodes: DeviceProfile["electrodes"]): number {
  const side = (coordinatesUm: readonly number[]) => {
    const columns = new Set(coordinatesUm).size;
    const spanUm = Math.max(...coordinatesUm) - Math.min(...coordinatesUm);
    return columns > 1 ? (spanUm / 1000) * (columns / (columns - 1)) : 0;
  };
  return side(electrodes.map(({ xUm }) => xUm)) * side(electrodes.map(({ yUm }) => yUm));
}

/** Checks limits from outside (a file, an option), or throws one line that names the field. */
export function parseLimits(limits: unknown): StimulationLimits {
  const result = stimulationLimitsSchema.safeParse(limits);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new TypeError(`stimulation limits: ${issue!.path.join(".") || "limits"}: ${issue!.message}`);
}

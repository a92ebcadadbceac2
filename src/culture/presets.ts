/**
 * The kinds of culture that can be grown.
 *
 * `default` bursts when left alone, as dissociated cortex does: clumped somata joined by strong short and weak long
 * synapses, so that bursts start in one place, travel, and last some 200 ms. Its numbers were fitted until the
 * activity read at DIV 14, 21 and 28 lay among that of real cultures; growth.test.ts and device/protocols/compare.ts measure it. `quiet` fires sparsely and
 * asynchronously at every age.
 */
import { type GrownCulture, growTo, type Maturation } from "./growth/grow.ts";
import type { OnGrowth } from "./growth/law.ts";
import { type GrowthPlan, planGrowth } from "./growth/plan.ts";
import type { Ramp } from "./growth/ramp.ts";
import type { SheetPlan } from "./growth/sheet.ts";
import { quiet } from "./parameters.ts";
import { type RuleName, underRule } from "./rules/rules.ts";

/** Kinds of cultures: `default` bursts when left alone, as cultures do; `quiet` does not. */
export const PRESETS = ["default", "quiet"] as const;
export type Preset = (typeof PRESETS)[number];

const always = (value: number): Ramp => ({ early: value, late: value, middleDay: 0, widthDays: 1 });

/** Most synapses form in the second week. */
const outgrowth = (fullMm: number): Ramp => ({ early: 0, late: fullMm, middleDay: 9, widthDays: 2.5 });

const sheet: SheetPlan = {
  neurons: 1000,
  excitatoryShare: 0.8,
  widthMm: 1.6,
  heightMm: 1.6,
  clumpedShare: 0,
  clumps: 40,
  clumpMm: 0.06,
  reachMm: outgrowth(0.4),
  vigourSpread: 0.2,
  meanOutDegree: 100,
  weightSpread: 0.3,
};

const gabaSwitch: Ramp = { early: -50, late: -75, middleDay: 10, widthDays: 1.5 };

export const maturations: Readonly<Record<Preset, Maturation>> = {
  default: {
    sheet: { ...sheet, clumpedShare: 0.8, reachMm: outgrowth(0.35) },
    minimumDelayMs: 1,
    conductionMmPerMs: 0.143,
    synapseDays: 2,
    fadeMm: 0.12,
    weight: {
      ee: { early: 0.635, late: 0.73, middleDay: 18, widthDays: 3 },
      ei: always(0.24),
      ie: always(2.76),
      ii: always(0.38),
    },
    strongestWeight: 0.5,
    driveMeanMv: { early: 2.95, late: 3.6, middleDay: 21, widthDays: 2.5 },
    noiseMv: { early: 3.15, late: 2.87, middleDay: 17, widthDays: 3 },
    releaseFraction: { early: 0.267, late: 0.257, middleDay: 25, widthDays: 1.5 },
    recoveryMs: { early: 3200, late: 392, middleDay: 15, widthDays: 1 },
    gabaReversalMv: gabaSwitch,
    parameters: {
      ...quiet,
      driveSpreadMv: 1,
      nmdaFraction: 0.13,
      adaptationMs: 1440,
      plasticity: { ...quiet.plasticity, maximumWeight: 0.5 },
      excitatory: { ...quiet.excitatory, adaptationMv: 0.23 },
      inhibitory: { ...quiet.inhibitory, releaseFraction: 0.063, recoveryMs: 385 },
    },
  },
  quiet: {
    sheet,
    minimumDelayMs: 1,
    conductionMmPerMs: 0.3,
    synapseDays: 2,
    fadeMm: Number.POSITIVE_INFINITY,
    weight: { ee: always(0.03), ei: always(0.05), ie: always(0.15), ii: always(0.1) },
    strongestWeight: quiet.plasticity.maximumWeight,
    driveMeanMv: always(quiet.driveMeanMv),
    noiseMv: always(quiet.noiseMv),
    releaseFraction: always(quiet.excitatory.releaseFraction),
    recoveryMs: always(quiet.excitatory.recoveryMs),
    gabaReversalMv: gabaSwitch,
    parameters: quiet,
  },
};

export type SheetSize = Pick<SheetPlan, "widthMm" | "heightMm" | "cornerMm" | "clumps" | "ball">;

export interface GrowOptions {
  /** Days in vitro, 7 to 35. */
  readonly div: number;
  readonly seed: number;
  readonly neurons?: number;
  readonly preset?: Preset;
  /** By which its synapses learn; `normalised` if not given. */
  readonly rule?: RuleName;
  /** In place of the preset's own: the size of the sheet and the number of its clumps. */
  readonly sheet?: SheetSize;
  /** Told how far a large culture has grown. */
  readonly onGrowth?: OnGrowth | undefined;
}

/** The culture of a seed on a day; src/device/simulated/grow.ts puts it on an array. */
export function growCulture(options: GrowOptions): GrownCulture {
  const grown = growTo(maturations[options.preset ?? "default"], planCulture(options), options.div);
  return { ...grown, parameters: underRule(grown.parameters, options.rule) };
}

/** The whole life of a culture, to grow to many days (`growTo`) or to film (`growthDay`). */
export function planCulture(options: Omit<GrowOptions, "div" | "rule">): GrowthPlan {
  const { seed, neurons, preset = "default", sheet: size, onGrowth } = options;
  const { sheet } = maturations[preset];
  return planGrowth(seed, { ...sheet, ...size, neurons: neurons ?? sheet.neurons }, onGrowth);
}

/**
 * The arrays that a simulated culture can be grown around: published geometries, and the sheet that covers each as thickly
 * as the default culture covers its own.
 *
 * - `mea64`: 8 x 8 electrodes 200 um apart, the layout of the common 60-electrode arrays with their corners.
 * - `mea256`: 16 x 16 electrodes of 30 um, 200 um apart, without the four at the corners, which are the reference: the
 *   256MEA200/30 of Multi Channel Systems, https://www.multichannelsystems.com/products/256mea20030ir-ito.
 * - `hd1024`: the CMOS array of 26,400 electrodes 17.5 um apart on 3.85 x 2.10 mm, of which 1,024 are read at a time and 32
 *   stimulation units can be joined to any electrode or group of electrodes: Mueller et al. 2015, "High-resolution CMOS MEA
 *   platform to study neurons at subcellular, cellular, and network levels", https://doi.org/10.1039/C5LC00133A. Read here:
 *   every fifth column and row, less eight at each corner.
 *
 * A culture of more than 4,096 neurons spreads beyond the array, as dishes do, as thickly as on it: 391 neurons a mm2, among the 40
 * to 1,700 of Wagenaar, Pine & Potter 2006 (3,000 to 50,000 neurons on 30 to 75 mm2), https://doi.org/10.1186/1471-2202-7-11
 *
 * A ball is as dense in neurons as mouse cortex, some 90,000 a mm3: Schuez & Palm 1989, https://doi.org/10.1002/cne.902860404;
 * https://bionumbers.hms.harvard.edu/bionumber.aspx?id=109245
 */
import { MOST_BY_PAIRS } from "../../culture/growth/plan.ts";
import type { SheetSize } from "../../culture/presets.ts";
import type { Electrode, StimulableProfile } from "../profile.ts";
import { simulatedProfile } from "./array.ts";

export { MOST_NEURONS } from "../../culture/anatomy.ts";

/** What a culture grows to: a sheet over the array, or an organoid, a ball that stands in its middle and is read at its foot. */
export const SHAPES = ["sheet", "ball"] as const;
export type Shape = (typeof SHAPES)[number];

export const SCAFFOLDS = ["mea64", "mea256", "hd1024"] as const;
export type ScaffoldName = (typeof SCAFFOLDS)[number];

export const DEFAULT_SCAFFOLD: ScaffoldName = "mea64";

export interface Scaffold {
  readonly profile: StimulableProfile;
  readonly sheet: SheetSize;
  /** Where no number is given. */
  readonly neurons: number;
  /**
   * Strongest excitatory synapse in training, in leak conductances: a cell must be fired by the places of a datum that reach it, all
   * of them on the small array, one or two on a sheet wider than axons are long.
   */
  readonly trainingMaximumWeight: number;
}

/** Clumps of somata per mm2 of the default culture: 40 on 1.6 x 1.6 mm. */
const CLUMPS_PER_MM2 = 15.625;

/** Neurons per mm3 of a ball: those of mouse cortex. */
const BALL_PER_MM3 = 90_000;

/** Electrodes of the dense array joined to one stimulation unit, so that a pulse keeps the charge density of platinum. */
const JOINED = 16;
const DENSE_ELECTRODE_UM2 = 9.3 * 5.45;

export const scaffolds: Readonly<Record<ScaffoldName, Scaffold>> = {
  mea64: { profile: simulatedProfile, sheet: sheetOf(1.6, 1.6), neurons: 1000, trainingMaximumWeight: 1 },
  mea256: { profile: wideArray(), sheet: sheetOf(3.2, 3.2), neurons: 4000, trainingMaximumWeight: 2 },
  hd1024: { profile: denseArray(), sheet: sheetOf(3.85, 2.1), neurons: 3160, trainingMaximumWeight: 2 },
};

/** Neurons of a culture: those asked for, or as many as make the scaffold's own density. */
export function neuronsOn(scaffold: ScaffoldName = DEFAULT_SCAFFOLD, asked?: number): number {
  return asked ?? scaffolds[scaffold].neurons;
}

/** The sheet that so many neurons lie on: the scaffold's own, or a larger one of its shape, with the array in its middle. */
export function sheetOn(scaffold: ScaffoldName, neurons: number): SheetSize {
  const { sheet, neurons: own } = scaffolds[scaffold];
  if (neurons <= MOST_BY_PAIRS) return sheet;
  const fold = Math.sqrt(neurons / own);
  const { widthMm, heightMm } = sheet;
  const cornerMm = [((1 - fold) * widthMm) / 2, ((1 - fold) * heightMm) / 2] as const;
  return { ...sheetOf(fold * widthMm, fold * heightMm), cornerMm };
}

/** The ball of so many neurons, its foot in the middle of the array. */
export function ballOn(scaffold: ScaffoldName, neurons: number): SheetSize {
  const { sheet } = scaffolds[scaffold];
  const diameterMm = Math.cbrt((6 * neurons) / (Math.PI * BALL_PER_MM3));
  return { ...sheet, ball: { diameterMm, footMm: [sheet.widthMm / 2, sheet.heightMm / 2] } };
}

/** How many neurons each scaffold has where no number is given, in words. */
export const NEURONS_BY_SCAFFOLD = SCAFFOLDS.map((name) => `${name} ${scaffolds[name].neurons}`).join(", ");

function sheetOf(widthMm: number, heightMm: number): SheetSize {
  return { widthMm, heightMm, clumps: Math.round(CLUMPS_PER_MM2 * widthMm * heightMm) };
}

function wideArray(): StimulableProfile {
  const side = 16;
  return {
    ...simulatedProfile,
    name: "simulated MEA 16x16",
    electrodes: gridOf(side, side, 200)
      .filter((_, i) => ![0, side - 1, side * (side - 1), side * side - 1].includes(i))
      .map((at, channel) => ({
        ...simulatedProfile.electrodes[0],
        ...at,
        channel,
      })),
  };
}

function denseArray(): StimulableProfile {
  const [columns, rows] = [44, 24];
  /** How many of the outermost columns at each corner are left out, by row from the edge. */
  const cut = [3, 3, 2];
  const read = gridOf(columns, rows, 87.5).filter((_, i) => {
    const [column, row] = [Math.floor(i / rows), i % rows];
    return Math.min(column, columns - 1 - column) >= (cut[Math.min(row, rows - 1 - row)] ?? 0);
  });
  return {
    name: "simulated HD-MEA 1024 of 26400",
    preparation: "simulated",
    framesPerSecond: simulatedProfile.framesPerSecond,
    electrodes: read.map(
      (at, channel): Electrode => ({
        ...at,
        channel,
        areaUm2: JOINED * DENSE_ELECTRODE_UM2,
        material: "platinum-black",
      }),
    ),
    reservedChannels: [],
    hardware: { maxCurrentUa: 3, maxChargePerPhaseNc: 3, maxElectrodesAtOnce: 32 },
  };
}

/** Centres of a grid, down its columns. */
function gridOf(columns: number, rows: number, pitchUm: number): { xUm: number; yUm: number }[] {
  return Array.from({ length: columns * rows }, (_, i) => ({
    xUm: pitchUm * (0.5 + Math.floor(i / rows)),
    yUm: pitchUm * (0.5 + (i % rows)),
  }));
}

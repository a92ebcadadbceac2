/** Grows a simulated culture on its array: the one place where a culture meets electrodes. Open it with `openDevice`. */
import { availableBytes } from "#machine";
import { Culture } from "../../culture/culture.ts";
import type { GrownCulture } from "../../culture/growth/grow.ts";
import type { HomeostasisParameters, PlasticityParameters } from "../../culture/parameters.ts";
import { type GrowOptions, growCulture } from "../../culture/presets.ts";
import { assertRoomFor } from "../../culture/size.ts";
import { withIdealElectrodes } from "./array.ts";
import { SimulatedMea, type SimulatedMeaOptions } from "./driver.ts";
import { idealDetection, simulatedMeaDefaults } from "./parameters.ts";
import {
  ballOn,
  DEFAULT_SCAFFOLD,
  neuronsOn,
  type ScaffoldName,
  type Shape,
  scaffolds,
  sheetOn,
} from "./scaffolds.ts";

export interface GrowSimulatedOptions extends Omit<GrowOptions, "sheet"> {
  /** The array that it grows around; `mea64` if not given. */
  readonly scaffold?: ScaffoldName | undefined;
  /** `sheet` if not given. */
  readonly shape?: Shape | undefined;
  /** In place of one that is grown here: one that was saved, say, on the same scaffold. */
  readonly grown?: GrownCulture | undefined;
  /** On how many threads a large culture lives; 1 if not given. */
  readonly threads?: number | undefined;
  /** In place of the preset's and the rule's own. */
  readonly plasticity?: Partial<PlasticityParameters>;
  /** In place of the preset's and the rule's own. */
  readonly homeostasis?: Partial<HomeostasisParameters>;
  /** Also an ideal electrode on every cell, on the channels after the array's own, that sees each of its spikes and never stimulates. */
  readonly idealElectrodes?: boolean;
  /** True once no further pulse may act, also of those already delivered; asked before each. */
  readonly isStopped?: () => boolean;
  /** Sees every spike of every cell. */
  readonly onSpikes?: SimulatedMeaOptions["onSpikes"];
}

/** The culture of a scaffold by itself. Throws `CultureTooLarge` where this machine has no room for it. */
export function growOn(
  scaffold: ScaffoldName,
  { shape = "sheet", ...growth }: Omit<GrowOptions, "sheet"> & Pick<GrowSimulatedOptions, "shape">,
): GrownCulture {
  const neurons = neuronsOn(scaffold, growth.neurons);
  assertRoomFor(neurons, availableBytes());
  const sheet = shape === "ball" ? ballOn(scaffold, neurons) : sheetOn(scaffold, neurons);
  return growCulture({ ...growth, neurons, sheet });
}

/** The seed is that of growth, of the culture's life and of the array's noise. */
export function growSimulated({
  scaffold = DEFAULT_SCAFFOLD,
  plasticity,
  homeostasis,
  grown,
  threads = 1,
  idealElectrodes = false,
  isStopped,
  onSpikes,
  ...growth
}: GrowSimulatedOptions): SimulatedMea {
  const { profile } = scaffolds[scaffold];
  const { anatomy, parameters } = grown ?? growOn(scaffold, growth);
  const changed = {
    ...parameters,
    plasticity: { ...parameters.plasticity, ...plasticity },
    homeostasis: { ...parameters.homeostasis, ...homeostasis },
  };
  if (idealElectrodes && anatomy.heightsMm !== undefined)
    throw new RangeError(
      "growSimulated: electrodes lie in a plane: ideal ones go with a sheet, not with a ball",
    );
  const { seed } = growth;
  const options: SimulatedMeaOptions = { seed, profile, onSpikes, ...(isStopped && { isStopped }) };
  const culture = new Culture(anatomy, changed, seed);
  culture.useThreads(threads);
  return new SimulatedMea(
    culture,
    idealElectrodes
      ? {
          ...options,
          profile: withIdealElectrodes(profile, anatomy.positionsMm),
          parameters: { ...simulatedMeaDefaults, detection: idealDetection },
        }
      : options,
  );
}

/** Grows a simulated culture on its array: the one place where a culture meets electrodes. Open it with `openDevice`. */
import { Culture } from "../../culture/culture.ts";
import type { HomeostasisParameters, PlasticityParameters } from "../../culture/parameters.ts";
import { type GrowOptions, growCulture } from "../../culture/presets.ts";
import { withIdealElectrodes } from "./array.ts";
import { SimulatedMea, type SimulatedMeaOptions } from "./driver.ts";
import { idealDetection, simulatedMeaDefaults } from "./parameters.ts";
import { DEFAULT_SCAFFOLD, type ScaffoldName, scaffolds } from "./scaffolds.ts";

export interface GrowSimulatedOptions extends Omit<GrowOptions, "sheet"> {
  /** The array that it grows around; `mea64` if not given. */
  readonly scaffold?: ScaffoldName | undefined;
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

/** The seed is that of growth, of the culture's life and of the array's noise. */
export function growSimulated({
  scaffold = DEFAULT_SCAFFOLD,
  plasticity,
  homeostasis,
  idealElectrodes = false,
  isStopped,
  onSpikes,
  ...growth
}: GrowSimulatedOptions): SimulatedMea {
  const { profile, sheet, neurons } = scaffolds[scaffold];
  const { anatomy, parameters } = growCulture({ ...growth, neurons: growth.neurons ?? neurons, sheet });
  const changed = {
    ...parameters,
    plasticity: { ...parameters.plasticity, ...plasticity },
    homeostasis: { ...parameters.homeostasis, ...homeostasis },
  };
  const { seed } = growth;
  const options: SimulatedMeaOptions = { seed, profile, onSpikes, ...(isStopped && { isStopped }) };
  return new SimulatedMea(
    new Culture(anatomy, changed, seed),
    idealElectrodes
      ? {
          ...options,
          profile: withIdealElectrodes(profile, anatomy.positionsMm),
          parameters: { ...simulatedMeaDefaults, detection: idealDetection },
        }
      : options,
  );
}

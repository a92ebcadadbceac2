/** Grows a simulated culture on its array: the one place where a culture meets electrodes. Open it with `openDevice`. */
import { Culture } from "../../culture/culture.ts";
import type { PlasticityParameters } from "../../culture/parameters.ts";
import { type GrowOptions, growCulture } from "../../culture/presets.ts";
import { arrayWithIdealElectrodes } from "./array.ts";
import { SimulatedMea, type SimulatedMeaOptions } from "./driver.ts";
import { idealDetection, simulatedMeaDefaults } from "./parameters.ts";

export interface GrowSimulatedOptions extends GrowOptions {
  /** In place of the preset's and the rule's own. */
  readonly plasticity?: Partial<PlasticityParameters>;
  /** Also an ideal electrode on every cell, on channel 64 + cell, that sees each of its spikes and never stimulates. */
  readonly idealElectrodes?: boolean;
  /** True once no further pulse may act, also of those already delivered; asked before each. */
  readonly isStopped?: () => boolean;
}

/** The seed is that of growth, of the culture's life and of the array's noise. */
export function growSimulated({
  plasticity,
  idealElectrodes = false,
  isStopped,
  ...growth
}: GrowSimulatedOptions): SimulatedMea {
  const { anatomy, parameters } = growCulture(growth);
  const changed = { ...parameters, plasticity: { ...parameters.plasticity, ...plasticity } };
  const { seed } = growth;
  const options: SimulatedMeaOptions = { seed, ...(isStopped && { isStopped }) };
  return new SimulatedMea(
    new Culture(anatomy, changed, seed),
    idealElectrodes
      ? {
          ...options,
          profile: arrayWithIdealElectrodes(anatomy.positionsMm),
          parameters: { ...simulatedMeaDefaults, detection: idealDetection },
        }
      : options,
  );
}

/**
 * A simulated culture whose cells can be driven from within, as by input that the array neither makes nor sees: for worlds of known
 * assemblies. No electrode takes part, so no pulse passes the gate.
 */
import type { Anatomy } from "../../culture/anatomy.ts";
import type { Culture } from "../../culture/culture.ts";
import type { SimulatedMea } from "./driver.ts";
import { type GrowSimulatedOptions, growSimulated } from "./grow.ts";

export interface DrivenCulture {
  readonly driver: SimulatedMea;
  readonly anatomy: Anatomy;
  /** Depolarises `cells` now, by `millivolts` each. */
  drive(cells: ArrayLike<number>, millivolts: ArrayLike<number>): void;
}

export function growDriven(options: GrowSimulatedOptions): DrivenCulture {
  const driver = growSimulated(options);
  const culture = driver.tissue as Culture;
  return {
    driver,
    anatomy: culture.anatomy,
    drive: (cells, millivolts) => culture.depolarise(cells, millivolts),
  };
}

/** What a culture on a sheet, or in a ball, is made of. */
import type { Ramp } from "./ramp.ts";

/** An organoid: a ball that stands on the plane of the electrodes. */
export interface Ball {
  readonly diameterMm: number;
  /** Where it touches the plane. */
  readonly footMm: readonly [x: number, y: number];
}

export interface SheetPlan {
  readonly neurons: number;
  readonly excitatoryShare: number;
  /** The rectangle on which somata settle. */
  readonly widthMm: number;
  readonly heightMm: number;
  /** Of its lower left corner; 0, 0 if not given. */
  readonly cornerMm?: readonly [x: number, y: number];
  /** In which somata settle, evenly, in place of rectangle and clumps. */
  readonly ball?: Ball;
  /** Share of somata that settle in clumps, how many clumps, and their radius (standard deviation). */
  readonly clumpedShare: number;
  readonly clumps: number;
  readonly clumpMm: number;
  /** Length over which an axon's chance to meet a cell falls by e. */
  readonly reachMm: Ramp;
  /** Relative spread of the axons' vigour. */
  readonly vigourSpread: number;
  /** Synapses per neuron when full grown. */
  readonly meanOutDegree: number;
  /** Relative spread of the synapses' strengths. */
  readonly weightSpread: number;
}

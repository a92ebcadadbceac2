/** A simulated culture behind the device contract, and what only it can do (controls.ts). Open it with `openDevice`. */
import type { Culture } from "../../culture/culture.ts";
import { CellsOnArray, type SimulatedMeaOptions } from "./cells-on-array.ts";
import type { SimulatedControls, SimulatedSnapshot } from "./controls.ts";
import { couplingOf, type ElectrodeCoupling } from "./coupling.ts";
import { Ultrastructure } from "./ultrastructure.ts";

export type { SimulatedMeaOptions } from "./cells-on-array.ts";

export class SimulatedMea extends CellsOnArray {
  readonly simulated: SimulatedControls;

  constructor(
    private readonly culture: Culture,
    options: SimulatedMeaOptions,
  ) {
    const { anatomy, parameters } = culture;
    super(culture, { stepFrames: parameters.stepFrames, places: anatomy }, options);
    let coupling: ElectrodeCoupling | undefined;
    const ultrastructure = new Ultrastructure(culture);
    this.simulated = {
      plasticity: (scale) => culture.setPlasticity(scale),
      reward: (amount) => culture.reward(amount),
      scaleExcitation: (factor) => culture.scaleExcitation(factor),
      hurryHomeostasis: (fold) => culture.hurryHomeostasis(fold),
      limitScaling: (share) => culture.limitScaling(share),
      snapshot: () => this.snapshot(),
      restore: (snapshot) => this.restore(snapshot),
      readTissue: () => {
        coupling ??= couplingOf(this.profile, anatomy.positionsMm, this.reach, this.sensing);
        return ultrastructure.read(coupling);
      },
      readStrengths: () => ultrastructure.strengths(),
      writeSynapses: (write) => ultrastructure.writeSynapses(write),
      permuteSynapses: (from) => ultrastructure.permute(from),
      writeCells: (write) => ultrastructure.writeCells(write),
    };
  }

  private snapshot(): SimulatedSnapshot {
    return {
      version: 1,
      frame: this.frame,
      culture: this.culture.snapshot(),
      detector: this.detector.snapshot(),
      pending: [...this.pulses],
    };
  }

  private restore(snapshot: SimulatedSnapshot): void {
    if (snapshot.version !== 1)
      throw new Error(
        `restore: expected a snapshot of version 1, got ${snapshot.version}; grow the culture again`,
      );
    this.culture.restore(snapshot.culture);
    this.detector.restore(snapshot.detector);
    this.frame = snapshot.frame;
    this.pulses = [...snapshot.pending];
  }
}

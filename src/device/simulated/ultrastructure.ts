/**
 * The ultrastructure of a simulated culture: every synapse and every cell's state, to read and to write. No real
 * device has it, and by type none can: it is behind `SimulatedControls` alone.
 *
 * Every write is held to what tissue can be, and otherwise refused whole:
 * - Dale's law: all synapses of an excitatory cell have strength >= 0, all of an inhibitory one <= 0;
 * - no new synapses: only pairs of cells that are joined already, unless `newSynapses` asks for silent contacts,
 *   which the anatomy has with strength 0;
 * - bounds: a plastic synapse is no stronger than plasticity could make it, any other no stronger than the strongest
 *   of its kind in the culture as grown.
 */
import type { Culture } from "../../culture/culture.ts";
import type { ElectrodeCoupling } from "./coupling.ts";
import {
  type CellWrite,
  kindOf,
  type SynapseWrite,
  type TissueImage,
  type UltrastructureEntry,
  UltrastructureRefused,
} from "./image.ts";

export class Ultrastructure {
  /** Everything written so far, oldest first. */
  readonly log: UltrastructureEntry[] = [];
  /** Strongest synapse of each kind that can be written. */
  readonly bounds: TissueImage["bounds"];
  private readonly delaySteps: Int32Array;
  private readonly plastic: Int32Array;

  constructor(private readonly culture: Culture) {
    const { weight, delayMs } = culture.anatomy.synapses;
    const strongest = { ee: 0, ei: 0, ie: 0, ii: 0 };
    weight.forEach((w, k) => {
      const kind = kindOf(culture, k);
      strongest[kind] = Math.max(strongest[kind], w);
    });
    const { maximumWeight } = culture.parameters.plasticity;
    this.bounds = { ...strongest, ee: Math.max(strongest.ee, maximumWeight) };
    this.delaySteps = Int32Array.from(delayMs, (ms) => Math.max(1, Math.round(ms / culture.stepMs)));
    this.plastic = culture.plasticSynapses();
  }

  /** Everything at this moment. */
  read(coupling: ElectrodeCoupling): TissueImage {
    const { culture, delaySteps, plastic, bounds } = this;
    const { anatomy, parameters } = culture;
    const { pre, post } = anatomy.synapses;
    const synapses = { pre, post, delaySteps, strength: this.strengths() };
    return { anatomy, parameters, synapses, plastic, bounds, cells: culture.tissue(), coupling };
  }

  /** The signed strength of every synapse `[M]`. */
  strengths(): Float32Array {
    const { pre } = this.culture.anatomy.synapses;
    const strength = this.culture.weights();
    for (let k = 0; k < strength.length; k++)
      if (pre[k] >= this.culture.anatomy.excitatoryCount) strength[k] *= -1;
    return strength;
  }

  /** Writes strengths, all or none; homeostasis then holds the new sums. Throws `UltrastructureRefused`. */
  writeSynapses({ strength, synapses, newSynapses = false }: SynapseWrite): UltrastructureEntry {
    const weights = this.culture.weights();
    const count = synapses?.length ?? weights.length;
    if (strength.length !== count)
      throw new UltrastructureRefused(
        `synapses: expected ${count} strengths, one for each synapse, got ${strength.length}`,
      );
    let [changed, totalChange, largestChange] = [0, 0, 0];
    for (let i = 0; i < count; i++) {
      const k = synapses ? synapses[i] : i;
      if (!(k in weights))
        throw new UltrastructureRefused(
          `synapses: expected a synapse from 0 to ${weights.length - 1}, got ${k}; new ones cannot be made`,
        );
      const w = this.judge(k, strength[i], weights[k], newSynapses);
      const change = Math.abs(w - weights[k]);
      if (change > 0) changed++;
      totalChange += change;
      largestChange = Math.max(largestChange, change);
      weights[k] = w;
    }
    this.culture.setWeights(weights);
    this.culture.retarget();
    return this.enter({ what: "synapses", changed, totalChange, largestChange });
  }

  /**
   * Gives every synapse k the strength of synapse `from[k]`, of the same kind and onto the same cell. The sums of each
   * cell's inputs stay, so homeostasis keeps its target sums. Throws `UltrastructureRefused`.
   */
  permute(from: ArrayLike<number>): void {
    const weights = this.culture.weights();
    const { post } = this.culture.anatomy.synapses;
    if (from.length !== weights.length || new Set(Array.from(from)).size !== weights.length)
      throw new UltrastructureRefused(`synapses: expected each of ${weights.length} synapses once`);
    for (let k = 0; k < weights.length; k++) {
      const source = from[k];
      if (!(source in weights))
        throw new UltrastructureRefused(
          `synapses: expected a synapse from 0 to ${weights.length - 1}, got ${source}`,
        );
      if (post[source] !== post[k] || kindOf(this.culture, source) !== kindOf(this.culture, k))
        throw new UltrastructureRefused(
          `synapse ${k}: expected the strength of a synapse of its kind onto the same cell, got that of ${source}`,
        );
    }
    this.culture.setWeights(Float32Array.from(weights, (_, k) => weights[from[k]]));
  }

  /** Writes quantities of every cell, all or none. Throws `UltrastructureRefused`. */
  writeCells(state: CellWrite): UltrastructureEntry {
    const { thresholdMv, gabaReversalMv, resetMv } = this.culture.parameters;
    const lowest = Math.min(gabaReversalMv, resetMv) - 20;
    for (const [name, values] of Object.entries(state)) {
      if (values.length !== this.culture.neurons)
        throw new UltrastructureRefused(
          `cells: expected ${this.culture.neurons} values of ${name}, got ${values.length}`,
        );
      const [low, high] =
        name === "potentialMv" ? [lowest, thresholdMv] : [0, name === "resource" ? 1 : Number.MAX_VALUE];
      const wrong = values.findIndex((value) => !(value >= low && value <= high));
      if (wrong >= 0)
        throw new UltrastructureRefused(
          `cells: expected ${name} from ${low} to ${high}, got ${values[wrong]} for neuron ${wrong}`,
        );
    }
    this.culture.setCells(state);
    return this.enter({ what: "cells", changed: this.culture.neurons, totalChange: 0, largestChange: 0 });
  }

  /** The magnitude to write, or a refusal. */
  private judge(synapse: number, strength: number, before: number, newSynapses: boolean): number {
    const kind = kindOf(this.culture, synapse);
    const w = kind[0] === "e" ? strength : -strength;
    const limit = this.bounds[kind];
    const refuse = (why: string): never => {
      throw new UltrastructureRefused(`synapse ${synapse} (${kind}): ${why}`);
    };
    if (!Number.isFinite(strength)) return refuse(`expected a number, got ${strength}`);
    if (w < 0)
      return refuse(
        `expected a strength ${kind[0] === "e" ? ">= 0" : "<= 0"}, got ${strength}: Dale's law, a cell excites or inhibits`,
      );
    if (w > limit * (1 + 1e-6)) return refuse(`expected at most ${limit} leak conductances, got ${w}`);
    const silent = before === 0 && this.culture.anatomy.synapses.weight[synapse] === 0;
    if (silent && w > 0 && !newSynapses)
      return refuse(`is a silent contact; ask for newSynapses to wake it with strength ${strength}`);
    return Math.min(w, limit);
  }

  private enter(entry: Omit<UltrastructureEntry, "step">): UltrastructureEntry {
    const whole = { step: this.culture.step, ...entry };
    this.log.push(whole);
    return whole;
  }
}

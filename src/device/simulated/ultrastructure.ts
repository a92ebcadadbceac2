/**
 * The ultrastructure of a simulated culture: every synapse and every cell's state, to read and to write. No real
 * device has it, and by type none can: it hangs on `SimulatedControls` alone.
 *
 * Writing goes through one door, which holds what tissue holds and refuses the whole change otherwise:
 * - Dale's law: all synapses of an excitatory cell have strength >= 0, all of an inhibitory one <= 0;
 * - no new synapses: only pairs of cells that are joined already, unless `newSynapses` asks for silent contacts,
 *   which the anatomy has with strength 0;
 * - bounds: a plastic synapse is no stronger than plasticity could make it, any other no stronger than the strongest
 *   of its kind in the culture as grown.
 */
import type { Culture } from "../../culture/culture.ts";
import type { CultureParameters } from "../../culture/parameters.ts";
import type { TissueState, WritableCellState } from "../../culture/state.ts";
import type { Frame } from "../contract.ts";
import type { SpikeDetector } from "./detector.ts";

/** The kinds of synapse, by the cells they join: e excitatory, i inhibitory. */
export type SynapseKind = "ee" | "ei" | "ie" | "ii";

/** Synapses as columns, in the anatomy's order. */
export interface SynapseTable {
  readonly pre: Uint16Array;
  readonly post: Uint16Array;
  readonly delaySteps: Int32Array;
  /** Signed: negative where the presynaptic cell is inhibitory; the magnitude is in leak conductances. */
  readonly strength: Float32Array;
}

/** A change of the synapses' strengths: all of them, or those listed. */
export interface SynapseWrite {
  readonly strength: ArrayLike<number>;
  /** Which synapses; all if not given. */
  readonly synapses?: ArrayLike<number>;
  /** Also wake silent contacts. */
  readonly newSynapses?: boolean;
}

/** What the door has let through, for the journal. */
export interface UltrastructureEntry {
  readonly step: number;
  readonly what: "synapses" | "cells";
  readonly changed: number;
  /** Sum and largest of the absolute changes; for cells 0. */
  readonly totalChange: number;
  readonly largestChange: number;
}

/** How the electrodes couple to the cells. */
export interface ElectrodeCoupling {
  /** The cells that a full pulse on a channel depolarises, and by how many mV. */
  reachOf(channel: number): { readonly neurons: Uint16Array; readonly millivolts: Float32Array };
  /** Channel that sees each neuron, -1 for none, and the share of its spikes that is detected. */
  readonly seenOn: Int16Array;
  readonly detection: Float32Array;
  /** A detector like the device's, from `frame` on, with draws of its own. */
  detector(seed: number, frame: Frame): SpikeDetector;
}

export class UltrastructureRefused extends Error {
  override readonly name = "UltrastructureRefused";
}

export class Ultrastructure {
  /** Everything written so far, oldest first. */
  readonly log: UltrastructureEntry[] = [];
  private readonly culture: Culture;
  /** Strongest synapse of each kind that the door lets through. */
  readonly bounds: Readonly<Record<SynapseKind, number>>;

  constructor(
    culture: Culture,
    readonly electrodes: ElectrodeCoupling,
  ) {
    this.culture = culture;
    const { weight } = culture.anatomy.synapses;
    const strongest = { ee: 0, ei: 0, ie: 0, ii: 0 };
    weight.forEach((w, k) => {
      const kind = this.kindOf(k);
      strongest[kind] = Math.max(strongest[kind], w);
    });
    this.bounds = { ...strongest, ee: Math.max(strongest.ee, culture.parameters.plasticity.maximumWeight) };
  }

  /** The constants of the cells and synapses. */
  get parameters(): CultureParameters {
    return this.culture.parameters;
  }

  /** Cells 0 .. excitatoryCount - 1 are excitatory, the rest inhibitory. */
  get excitatoryCount(): number {
    return this.culture.anatomy.excitatoryCount;
  }

  kindOf(synapse: number): SynapseKind {
    const { synapses, excitatoryCount: E } = this.culture.anatomy;
    return `${synapses.pre[synapse] < E ? "e" : "i"}${synapses.post[synapse] < E ? "e" : "i"}`;
  }

  readSynapses(): SynapseTable {
    const { anatomy, stepMs } = this.culture;
    const { pre, post, delayMs } = anatomy.synapses;
    const strength = this.culture.weights();
    for (let k = 0; k < strength.length; k++) if (pre[k] >= anatomy.excitatoryCount) strength[k] *= -1;
    const delaySteps = Int32Array.from(delayMs, (ms) => Math.max(1, Math.round(ms / stepMs)));
    return { pre: pre.slice(), post: post.slice(), delaySteps, strength };
  }

  readCells(): TissueState {
    return this.culture.tissue();
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

  /** Writes quantities of every cell, all or none. Throws `UltrastructureRefused`. */
  writeCells(state: WritableCellState): UltrastructureEntry {
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
    const kind = this.kindOf(synapse);
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

/**
 * Ultrastructure as a tool less than perfect would give it: only a part of the synapses is read at a time, with error,
 * and synapses can only be moved by small steps, from wherever they are. What is over the budget is not done.
 */
import type { Random } from "../../math/random.ts";
import type { Ultrastructure, UltrastructureEntry } from "./ultrastructure.ts";

export interface StepBudget {
  /** How far one synapse may be moved at a time, as a share of the strongest of its kind. */
  readonly perSynapse: number;
  /** How far all synapses together, as a share of all of them moved by `perSynapse` of an `ee` synapse. */
  readonly total: number;
}

export interface ReadQuality {
  /** Share of synapses read at a time, drawn anew each time. */
  readonly share: number;
  /** Standard deviation of the error, as a share of the strongest synapse of the kind. */
  readonly error: number;
}

export interface PartialReading {
  readonly synapses: Int32Array;
  /** Magnitudes as read. */
  readonly strength: Float32Array;
}

export class IncrementalAccess {
  constructor(
    private readonly ultrastructure: Ultrastructure,
    private readonly budget: StepBudget,
    private readonly quality: ReadQuality,
    private readonly random: Random,
  ) {}

  /** Reads what the quality lets it, of the synapses in question. */
  read(wanted: readonly number[]): PartialReading {
    const { strength } = this.ultrastructure.readSynapses();
    const { share, error } = this.quality;
    const synapses = Int32Array.from(wanted.filter(() => this.random.uniform() < share));
    return {
      synapses,
      strength: Float32Array.from(synapses, (k) => {
        const limit = this.ultrastructure.bounds[this.ultrastructure.kindOf(k)];
        return Math.max(0, Math.abs(strength[k]) + error * limit * this.random.normal());
      }),
    };
  }

  /** Moves the magnitudes of `synapses` by `wanted`, each cut to the budget and to what tissue can be. */
  nudge(synapses: readonly number[], wanted: readonly number[]): UltrastructureEntry {
    const { bounds } = this.ultrastructure;
    const { strength, pre } = this.ultrastructure.readSynapses();
    const steps = synapses.map((k, i) => {
      const most = this.budget.perSynapse * bounds[this.ultrastructure.kindOf(k)];
      return Math.min(most, Math.max(-most, wanted[i]));
    });
    const spent = steps.reduce((sum, step) => sum + Math.abs(step), 0);
    const most = bounds.ee * this.budget.perSynapse * this.budget.total * pre.length;
    const share = spent > most ? most / spent : 1;
    const moved = synapses.map((k, i) => {
      const limit = bounds[this.ultrastructure.kindOf(k)];
      const magnitude = Math.min(limit, Math.max(0, Math.abs(strength[k]) + share * steps[i]));
      return pre[k] < this.ultrastructure.excitatoryCount ? magnitude : -magnitude;
    });
    return this.ultrastructure.writeSynapses({ synapses, strength: moved });
  }
}

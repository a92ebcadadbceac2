/**
 * The encoder and decoder of the predictive model, between thousands of synapses and a latent of pathways: z_se is
 * the mean excitatory drive that a cell at prediction electrode e has from all cells that a pulse on sensory place s
 * fires. To encode is to estimate it from the synapses that were read; to decode is to share a change of it out.
 */
import { reachOf } from "../../device/simulated/coupling.ts";
import { kindOf, type TissueImage } from "../../device/simulated/image.ts";
import type { PartialReading } from "../../device/simulated/incremental-access.ts";

/** A pulse that depolarises a cell by this much fires it. */
const FIRING_MV = 15;

export class Pathways {
  /** Every synapse of a pathway, and its pathway. */
  readonly synapses: readonly number[];
  readonly pathwayOf: ReadonlyMap<number, number>;
  /** Synapses of each pathway, `[S * E]`, and cells at each prediction electrode, `[E]`. */
  private readonly count: Float64Array;
  private readonly cells: Float64Array;

  constructor(
    tissue: TissueImage,
    sensory: readonly number[],
    readonly prediction: readonly number[],
  ) {
    const { coupling } = tissue;
    const { pre, post } = tissue.synapses;
    const E = prediction.length;
    const placeOf = new Map<number, number>();
    sensory.forEach((channel, s) => {
      const { neurons, millivolts } = reachOf(coupling, channel);
      neurons.forEach((cell, i) => {
        if (millivolts[i] >= FIRING_MV) placeOf.set(cell, s);
      });
    });
    this.count = new Float64Array(sensory.length * E);
    this.cells = new Float64Array(E);
    coupling.seenOn.forEach((channel) => {
      const e = prediction.indexOf(channel);
      if (e >= 0) this.cells[e]++;
    });
    const pathwayOf = new Map<number, number>();
    for (let k = 0; k < pre.length; k++) {
      const s = placeOf.get(pre[k]);
      const e = prediction.indexOf(coupling.seenOn[post[k]]);
      if (s === undefined || e < 0 || kindOf(tissue, k) !== "ee") continue;
      pathwayOf.set(k, s * E + e);
      this.count[s * E + e]++;
    }
    this.pathwayOf = pathwayOf;
    this.synapses = [...pathwayOf.keys()];
  }

  /** z `[S * E]` from a part of the synapses; a pathway of which none was read keeps `before`. */
  encode({ synapses, strength }: PartialReading, before: Float64Array): Float64Array {
    const sum = new Float64Array(this.count.length);
    const seen = new Float64Array(this.count.length);
    synapses.forEach((k, i) => {
      const p = this.pathwayOf.get(k)!;
      sum[p] += strength[i];
      seen[p]++;
    });
    return sum.map((all, p) =>
      seen[p] > 0 ? ((all / seen[p]) * this.count[p]) / this.cellsAt(p) : before[p],
    );
  }

  /** The change of each of `this.synapses` that changes z by `change`. */
  decode(change: Float64Array): number[] {
    return this.synapses.map((k) => {
      const p = this.pathwayOf.get(k)!;
      return (change[p] * this.cellsAt(p)) / this.count[p];
    });
  }

  /** The most that z can be changed by, were each synapse moved by `step`. */
  reach(step: number): Float64Array {
    return this.count.map((count, p) => (step * count) / this.cellsAt(p));
  }

  blank(): Float64Array {
    return new Float64Array(this.count.length);
  }

  private cellsAt(p: number): number {
    return Math.max(1, this.cells[p % this.prediction.length]);
  }
}

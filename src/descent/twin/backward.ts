/**
 * Back through a window of the twin's life: from what each neuron's spikes are worth to the gradient of every
 * synapse (backpropagation through time with the surrogate of surrogate.ts in place of a spike's derivative).
 *
 * Of step t, with V the potential before it, v after it, s the spike, x the resource, tau in steps:
 *
 *   v = V + leak (drive - a + gI E_GABA - (1 + gI + gA + gN B) V),   V' = v + s (reset - v),   a' = a e^(-1/tau) + da s
 *   gA' = gA e^(-1/tau) + sum_j w_j s_j x_j at the delay, gN and gI likewise,   x' = 1 - (1 - x (1 - U s)) e^(-1/tau)
 *
 * and an adjoint for each. Refractory steps pass nothing back. Only cells within the surrogate's reach of threshold
 * ask their targets what a spike would be worth, which is what makes it quick.
 */

import { triangle } from "./surrogate.ts";
import type { Tape } from "./tape.ts";
import type { Twin } from "./twin.ts";

export interface BackwardOptions {
  readonly widthMv: number;
  /** Take the reset as given, not as a consequence of the potential (Zenke & Vogels 2021, https://doi.org/10.1162/neco_a_01367). */
  readonly detachReset: boolean;
  /**
   * Ask what a spike would be worth only at every so many steps of a cell that did not fire; between, the answer
   * stands. 1 is exact; potentials and worths change little within 2 ms.
   */
  readonly stride: number;
}

/** What a spike of each neuron is worth in each bin, `[bins, N]`; `binOf [T]` is the bin of each step, -1 for none. */
export interface Credit {
  readonly worth: Float32Array;
  readonly binOf: Int32Array;
}

/** Scratch for windows of `steps` steps; reused from window to window. */
export class Backward {
  readonly #excitation: Float32Array;
  readonly #inhibition: Float32Array;

  constructor(
    private readonly twin: Twin,
    steps: number,
    private readonly options: BackwardOptions,
  ) {
    this.#excitation = new Float32Array(steps * twin.neurons);
    this.#inhibition = new Float32Array(steps * twin.neurons);
  }

  /** Adds dL/dw of every synapse to `gradient`, in the order of the twin's rows. */
  run(tape: Tape, credit: Credit, gradient: Float64Array): void {
    const { twin } = this;
    const { neurons: N, constants: c, excitatoryCount: E } = twin;
    const floats = () => new Float64Array(N);
    const adjoint = {
      ...{ V: floats(), a: floats(), ampa: floats(), nmda: floats(), gaba: floats(), open: floats() },
      ...{ resource: floats(), worth: floats() },
    };
    for (let t = tape.length - 1; t >= 0; t--) {
      this.#cells(t, 0, E, c.excitatory, tape, credit, adjoint, gradient);
      this.#cells(t, E, N, c.inhibitory, tape, credit, adjoint, gradient);
      if (c.nmdaFraction !== 0 && (tape.startStep + t) % 4 === 0)
        for (let i = 0; i < N; i++) {
          const open = tape.open[t * N + i];
          adjoint.V[i] += adjoint.open[i] * MAGNESIUM_SLOPE * open * (1 - open);
          adjoint.open[i] = 0;
        }
    }
  }

  #cells(
    t: number,
    from: number,
    to: number,
    kind: Twin["constants"]["excitatory"],
    tape: Tape,
    { worth, binOf }: Credit,
    adjoint: Record<"V" | "a" | "ampa" | "nmda" | "gaba" | "open" | "resource" | "worth", Float64Array>,
    gradient: Float64Array,
  ): void {
    const { twin } = this;
    const { neurons: N, constants: c } = twin;
    const { widthMv, detachReset, stride } = this.options;
    const { V, a, ampa, nmda, gaba, open, resource, worth: standing } = adjoint;
    const { leak, adaptationStep, release, recovery } = kind;
    const excitation = this.#excitation;
    const inhibition = this.#inhibition;
    const bin = binOf[t];
    for (let i = from; i < to; i++) {
      const at = t * N + i;
      const s = tape.spikes[at];
      const found = tape.resource[at];
      const after = tape.after[at];
      const slope = tape.held[at] === 1 ? 0 : triangle(after - c.threshold, widthMv);
      let dv = (1 - s) * V[i];
      const dResource = recovery * resource[i];
      resource[i] = (1 - release * s) * dResource;
      if (slope !== 0 || s !== 0) {
        // Cells take turns, so that no step of the window has more to ask than another.
        if (s !== 0 || (t + i) % stride === 0)
          standing[i] = this.#worthOfDelivery(t, i, tape.length, s * found, gradient);
        const delivered = standing[i];
        let ds = found * delivered + adaptationStep * a[i] - release * found * dResource;
        if (bin >= 0) ds += worth[bin * N + i];
        if (!detachReset) ds += (c.reset - after) * V[i];
        resource[i] += s * delivered;
        dv += slope * ds;
      }
      if (tape.held[at] === 1) dv = 0;
      const before = tape.before[at];
      gaba[i] += dv * leak * (c.gabaReversal - before);
      ampa[i] -= dv * leak * before;
      nmda[i] -= dv * leak * before * tape.open[at];
      open[i] -= dv * leak * before * tape.nmda[at];
      a[i] = c.adaptationDecay * (a[i] - leak * dv);
      V[i] = dv * (1 - leak * tape.conductance[at]);
      excitation[at] = ampa[i] + c.nmdaFraction * nmda[i];
      inhibition[at] = gaba[i];
      ampa[i] *= c.ampaDecay;
      nmda[i] *= c.nmdaDecay;
      gaba[i] *= c.gabaDecay;
    }
  }

  /**
   * What a unit of neuron i's spike at step t is worth through its synapses; where it did fire (`sent` > 0), the
   * synapses' gradients grow too.
   */
  #worthOfDelivery(t: number, i: number, length: number, sent: number, gradient: Float64Array): number {
    const { rows, weight, neurons: N, excitatoryCount } = this.twin;
    const { start, post, delay } = rows;
    const arriving = i < excitatoryCount ? this.#excitation : this.#inhibition;
    let worth = 0;
    const end = start[i + 1];
    for (let k = start[i]; k < end; k++) {
      const then = t + delay[k];
      if (then >= length) continue;
      const each = arriving[then * N + post[k]];
      worth += weight[k] * each;
      if (sent !== 0) gradient[k] += sent * each;
    }
    return worth;
  }
}

/** dB/dV = 0.062 B (1 - B). */
const MAGNESIUM_SLOPE = 0.062;

/**
 * A differentiable twin of a culture: one parameter for each synapse, and the same steps as the culture's kernel in
 * the same single precision, so that from the same state it fires the same spikes. It lives in silicon alone: it has
 * no plasticity and no electrodes, and can be run with other noise and other inputs as often as one likes, and gone
 * back through (kernel/forward.ts, kernel/backward.ts).
 *
 * What stands for a spike's derivative is a triangle over the distance of the potential from the threshold, zero beyond
 * `widthMv` (Esser et al. 2016, https://doi.org/10.1073/pnas.1604850113; Neftci, Mostafa & Zenke 2019, "Surrogate
 * gradient learning in spiking neural networks", https://doi.org/10.1109/MSP.2019.2931595). Its integral is the graded
 * spike of a smoothed culture, of which the surrogate gradient is the exact one.
 */
import type { TissueState } from "../../culture/state.ts";
import type { TissueImage } from "../../device/simulated/image.ts";
import { layOut, type TwinMemory } from "./memory.ts";

export interface TwinOptions {
  /** Which bin of the worth of spikes each step of a window falls into, -1 for none: as long as the longest window. */
  readonly binOf: Int32Array;
  /** Windows that can be remembered at once (1 if not given). */
  readonly windows?: number;
  readonly widthMv: number;
  /** Take the reset as given, not as a consequence of the potential (Zenke & Vogels 2021, https://doi.org/10.1162/neco_a_01367). */
  readonly detachReset: boolean;
  /**
   * Ask what a spike would be worth only at every so many steps of a cell that did not fire; between, the answer
   * stands. 1 is exact; potentials and worths change little within 2 ms.
   */
  readonly stride: number;
  /** Graded spikes of width `widthMv` instead of real ones, and no refractory time: the smoothed culture. */
  readonly graded?: boolean;
}

/** What of a culture a twin is made of. */
export type TwinOf = Pick<TissueImage, "anatomy" | "parameters" | "synapses" | "cells">;

/** A step that never comes: the slots that pad a kind of cell stay at rest. */
const NEVER = 0x7fffffff;

export class Twin {
  readonly neurons: number;
  /** Which synapse of the table each parameter is: rows by presynaptic cell. */
  readonly synapse: Int32Array;
  /** Magnitude of each synapse, and the gradient that `backward` adds to, in the order of `synapse`. */
  readonly weight: Float32Array;
  readonly gradient: Float32Array;
  private readonly excitatoryCount: number;
  private readonly memory: TwinMemory;
  private readonly delays: number;
  private readonly slots: number;
  private readonly slotOf: Int32Array;
  private readonly neuronOf: Int32Array;
  private currentStep = 0;
  /** Windows on the tape: the step at which each begins, and how many of its steps are remembered. */
  private windows: { readonly startStep: number; steps: number }[] = [];

  constructor(
    { anatomy, parameters, synapses, cells: state }: TwinOf,
    private readonly options: TwinOptions,
  ) {
    const { excitatoryCount } = anatomy;
    this.excitatoryCount = excitatoryCount;
    const N = state.cells.potentialMv.length;
    const padded = (count: number) => (count + 15) & ~15;
    const excitatorySlots = padded(excitatoryCount);
    const slots = excitatorySlots + padded(N - excitatoryCount);
    const slotOf = (i: number) => (i < excitatoryCount ? i : i - excitatoryCount + excitatorySlots);
    const M = synapses.pre.length;
    const { delays } = state.arriving;
    const { binOf, windows = 1 } = options;
    const steps = windows * binOf.length;
    const bins = Math.max(...binOf) + 1;
    this.neurons = N;
    this.delays = delays;
    this.slots = slots;
    this.slotOf = Int32Array.from({ length: N }, (_, i) => slotOf(i));
    this.neuronOf = new Int32Array(slots).fill(-1);
    this.slotOf.forEach((slot, i) => {
      this.neuronOf[slot] = i;
    });
    const memory = layOut(
      { slots, excitatorySlots, synapses: M, delays, steps, bins },
      { ...options, graded: options.graded ?? false },
      parameters,
    );
    this.memory = memory;
    memory.readyAt.fill(NEVER);
    memory.binOf.forEach((_, t) => {
      const bin = binOf[t % binOf.length];
      memory.binOf[t] = bin < 0 ? bins : bin;
    });

    const { rowStart, place } = memory;
    for (const cell of synapses.pre) rowStart[slotOf(cell) + 1]++;
    for (let slot = 0; slot < slots; slot++) rowStart[slot + 1] += rowStart[slot];
    const next = rowStart.slice(0, slots);
    this.synapse = new Int32Array(M);
    for (let k = 0; k < M; k++) this.synapse[next[slotOf(synapses.pre[k])]++] = k;
    this.weight = memory.weight;
    this.gradient = memory.gradient;
    this.synapse.forEach((k, at) => {
      place[at] = 4 * (synapses.delaySteps[k] * slots + slotOf(synapses.post[k]));
      this.weight[at] = Math.abs(synapses.strength[k]);
    });
    this.restore(state);
  }

  /** The next step to be lived. */
  get step(): number {
    return this.currentStep;
  }

  /** Takes the state of a culture, its noise included. */
  restore({ step, cells, arriving, randomWords }: TissueState): void {
    const m = this.memory;
    if (randomWords.length !== m.randomWords.length)
      throw new RangeError(
        `twin: expected a culture whose noise is one stream (up to 4,096 neurons), got ${this.neurons} neurons`,
      );
    this.currentStep = step;
    this.windows = [];
    for (let i = 0; i < this.neurons; i++) {
      const slot = this.slotOf[i];
      m.potential[slot] = cells.potentialMv[i];
      m.drive[slot] = cells.driveMv[i];
      m.adaptation[slot] = cells.adaptationMv[i];
      m.ampa[slot] = cells.ampa[i];
      m.nmda[slot] = cells.nmda[i];
      m.gaba[slot] = cells.gaba[i];
      m.open[slot] = cells.open[i];
      m.resource[slot] = cells.resource[i];
      m.readyAt[slot] = cells.readyAt[i];
      m.lastSpike[slot] = cells.lastSpike[i];
      // What the next step finds, less that step's recovery.
      const rate = m.recoveryRate[i < this.excitatoryCount ? "excitatory" : "inhibitory"];
      const elapsed = step - 1 - cells.lastSpike[i];
      m.recovered[slot] = 1 - (1 - cells.resource[i]) * Math.exp(-elapsed * rate);
      for (let r = 0; r < this.delays; r++) {
        const at = ((step + r) % this.delays) * this.slots + slot;
        m.ringExcitatory[at] = arriving.excitation[r * this.neurons + i];
        m.ringInhibitory[at] = arriving.inhibition[r * this.neurons + i];
      }
    }
    m.randomWords.set(randomWords);
  }

  /** Goes on with other membrane noise. */
  reseed(words: Uint32Array): void {
    this.memory.randomWords.set(words);
  }

  /** As `Culture.depolarise`. */
  depolarise(neurons: ArrayLike<number>, millivolts: ArrayLike<number>): void {
    const { potential, readyAt } = this.memory;
    for (let k = 0; k < neurons.length; k++) {
      const slot = this.slotOf[neurons[k]];
      if (readyAt[slot] <= this.currentStep) potential[slot] += millivolts[k];
    }
  }

  /** Forgets all windows. */
  clear(): void {
    this.windows = [];
  }

  /** Begins a window: no gradient crosses from one to another. */
  beginWindow(): void {
    if (this.windows.length === (this.options.windows ?? 1))
      throw new RangeError(`Twin.beginWindow: the tape holds ${this.windows.length}`);
    this.windows.push({ startStep: this.currentStep, steps: 0 });
  }

  /**
   * Lives one step, remembered in the present window if `taped`; `fired` receives the neurons that fired, in order, and
   * their number is returned.
   */
  advance(fired: Int32Array, taped = false): number {
    const memory = this.memory;
    const { length } = this.options.binOf;
    let row = -1;
    if (taped) {
      const last = this.windows.length - 1;
      if (last < 0 || this.windows[last].steps === length)
        throw new RangeError(`Twin.advance: a window holds ${length} steps; begin one`);
      row = last * length + this.windows[last].steps++;
    }
    const count = memory.advance(this.currentStep, this.currentStep % this.delays, row);
    for (let k = 0; k < count; k++) fired[k] = this.neuronOf[memory.fired[k]];
    this.currentStep++;
    return count;
  }

  /** Adds to `gradient` dL/dw of every synapse, `worth [bins, N]` being what a spike of each neuron is worth in each bin. */
  backward(worth: Float32Array): void {
    const N = this.neurons;
    for (let bin = 0; bin < worth.length / N; bin++)
      for (let i = 0; i < N; i++) this.memory.worth[bin * this.slots + this.slotOf[i]] = worth[bin * N + i];
    this.windows.forEach(({ startStep, steps }, n) => {
      const from = n * this.options.binOf.length;
      this.memory.backward(from, from + steps, startStep);
    });
  }
}

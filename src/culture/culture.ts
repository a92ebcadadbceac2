/**
 * A simulated culture: leaky integrate-and-fire neurons, a thousand or a hundred thousand, that live, fire and learn. It knows
 * nothing of electrodes or tasks: a device depolarises cells and reads spikes. The inner loop is wasm SIMD
 * (kernel/); two cultures with the same anatomy, parameters and seed do the same to the bit.
 */
import { Random } from "../math/random.ts";
import type { Anatomy } from "./anatomy.ts";
import { checkAnatomy, neuronCount } from "./anatomy.ts";
import { startThreads } from "./blocks/threads.ts";
import { type Indices, indicesOf } from "./indices.ts";
import { type CultureMemory, cellIndex, layOutMemory } from "./memory.ts";
import { type CultureParameters, checkParameters } from "./parameters.ts";
import { fingerprint, packSnapshot, unpackSnapshot } from "./snapshot.ts";
import { readTissue, type TissueState, type WritableCellState, writeCells } from "./state.ts";
import { stepMsOf } from "./step-constants.ts";
import { layOutSlots, type Slots, type Wiring, wire } from "./wiring.ts";

/** Spikes in order of time, then of neuron. */
export interface SpikeTrain {
  /** Absolute step index of each spike. */
  readonly steps: Int32Array;
  readonly neurons: Indices;
}

/** After this many steps (9.9 days at 0.4 ms) the step counter would overflow. */
const LAST_STEP = 2 ** 31 - 1;

interface CultureOptions {
  /** For `clone`: a culture of the same anatomy and parameters, whose state to take. */
  readonly original?: Culture;
  /** In how many blocks its cells live (kernel/blocks.ts); by their number if not given. */
  readonly blocks?: number;
}

/** Steps between two looks of the host at the spikes. */
const STEPS_AT_ONCE = 64;

/** A living culture: `new Culture(anatomy, parameters, seed)`, then `advance(steps)`. Throws `RangeError` at parameters that make no sense. */
export class Culture {
  readonly neurons: number;
  /** Length of a step in ms. */
  readonly stepMs: number;
  private readonly slots: Slots;
  private readonly wiring: Wiring;
  private readonly memory: CultureMemory;
  private readonly fingerprint: string;
  private threads = 1;
  /** Per excitatory slot, the sum of plastic weights at step 0. */
  private readonly grownSum: Float32Array;

  constructor(
    readonly anatomy: Anatomy,
    readonly parameters: CultureParameters,
    seed: number,
    { original, blocks }: CultureOptions = {},
  ) {
    checkAnatomy(anatomy);
    checkParameters(parameters);
    this.neurons = neuronCount(anatomy);
    this.stepMs = stepMsOf(parameters);
    this.slots = original?.slots ?? layOutSlots(anatomy, blocks);
    this.wiring =
      original?.wiring ??
      wire(anatomy, this.slots, {
        stepMs: this.stepMs,
        inhibitoryPlastic: parameters.plasticity.inhibitory !== undefined,
      });
    this.memory = layOutMemory(parameters, this.slots, this.wiring);
    this.fingerprint = original?.fingerprint ?? fingerprint(anatomy, parameters);
    if (original === undefined) this.begin(Random.of(seed, "culture"));
    else this.memory.state.set(original.memory.state);
    this.grownSum = original?.grownSum ?? this.memory.targetSum.slice(0, this.slots.excitatory);
  }

  /** The state at step 0. */
  private begin(random: Random): void {
    const { memory, slots, parameters: p } = this;
    for (let word = 0; word < 16; word++) memory.randomWords[word] = random.bits();
    memory.plasticity[0] = 1;
    memory.resource.fill(1);
    memory.rate.fill(p.homeostasis.rate?.targetHz ?? 0);
    for (let slot = 0; slot < slots.total; slot++) {
      memory.cells[cellIndex(slot, "potential")] = p.resetMv;
      memory.cells[cellIndex(slot, "drive")] = p.restMv;
      memory.cellIntegers[cellIndex(slot, "readyAt")] = LAST_STEP; // padding never fires
    }
    for (const slot of slots.slotOf) {
      memory.cells[cellIndex(slot, "potential")] += (p.thresholdMv - p.resetMv) * random.uniform();
      memory.cells[cellIndex(slot, "drive")] += p.driveMeanMv + p.driveSpreadMv * random.normal();
      memory.cellIntegers[cellIndex(slot, "readyAt")] = 0;
    }
    for (let word = 16; word < memory.randomWords.length; word++) memory.randomWords[word] = random.bits();
    this.setWeights(this.anatomy.synapses.weight);
    this.retarget();
  }

  /**
   * Lives on at least so many threads from now on, if it is large (thousands of cells) and there are any to have; what it does is the same to the
   * bit on any number. Returns how many.
   */
  useThreads(threads: number): number {
    if (!(Number.isInteger(threads) && threads >= 1))
      throw new RangeError(`Culture.useThreads: expected a whole number from 1, got ${threads}`);
    const last = Math.min(threads, this.slots.blocks.length) - 1;
    this.threads += startThreads(this, this.memory, this.threads, last);
    return this.threads;
  }

  /** The next step to be computed; equally, the number of steps lived. */
  get step(): number {
    return this.memory.step[0];
  }

  /**
   * 0 freezes the synapses and their homeostasis, 1 is full plasticity, between slows what spikes change; negative,
   * as under a neuromodulator that reverses plasticity, every change has the opposite sign.
   */
  setPlasticity(scale: number): void {
    if (!Number.isFinite(scale))
      throw new RangeError(`Culture.setPlasticity: expected a finite number, got ${scale}`);
    this.memory.plasticity[0] = scale;
  }

  /**
   * Target sums follow rates `fold` times as fast as the parameters say, until it is set again. It is no part of a snapshot.
   */
  hurryHomeostasis(fold: number): void {
    const { rate } = this.parameters.homeostasis;
    if (!rate) throw new Error("Culture.hurryHomeostasis: expected a culture whose target sums follow rates");
    if (!(fold > 0 && fold < Infinity))
      throw new RangeError(`Culture.hurryHomeostasis: expected a number above 0, got ${fold}`);
    this.memory.rateSpeed[0] = fold * rate.speed;
  }

  /** Lifts every target sum to `share` of what the cell's input was when it was grown, at least. */
  limitScaling(share: number): void {
    if (!(share >= 0 && share <= 1))
      throw new RangeError(`Culture.limitScaling: expected a share from 0 to 1, got ${share}`);
    const { targetSum } = this.memory;
    this.grownSum.forEach((sum, slot) => {
      targetSum[slot] = Math.max(targetSum[slot], share * sum);
    });
  }

  /** Three-factor plasticity: every plastic synapse changes by `amount` times what is left of its eligibility. */
  reward(amount: number): void {
    if (!this.parameters.plasticity.eligibility)
      throw new Error("Culture.reward: expected a culture whose plasticity has an eligibility, got none");
    if (!Number.isFinite(amount))
      throw new RangeError(`Culture.reward: expected a finite number, got ${amount}`);
    this.memory.kernel.reward(this.memory.layout, amount);
  }

  /** Adds `millivolts[k]` to the potential of `neurons[k]` before the next step; refractory cells do not feel it. */
  depolarise(neurons: ArrayLike<number>, millivolts: ArrayLike<number>): void {
    const { cells, cellIntegers } = this.memory;
    for (let k = 0; k < neurons.length; k++) {
      const slot = this.slots.slotOf[neurons[k]];
      if (slot === undefined)
        throw new RangeError(`Culture.depolarise: no neuron ${neurons[k]}, there are ${this.neurons}`);
      if (cellIntegers[cellIndex(slot, "readyAt")] <= this.step)
        cells[cellIndex(slot, "potential")] += millivolts[k];
    }
  }

  /** Lives `steps` steps and returns the spikes fired in them. */
  advance(steps: number): SpikeTrain {
    if (!Number.isInteger(steps) || steps < 0 || this.step + steps > LAST_STEP)
      throw new RangeError(
        `Culture.advance: expected an integer from 0 to ${LAST_STEP - this.step}, got ${steps}`,
      );
    const { kernel, layout, spikes, spikeCount } = this.memory;
    const parts: Int32Array[] = [];
    for (let done = 0; done < steps; ) {
      done += kernel.run(layout, Math.min(STEPS_AT_ONCE, steps - done));
      parts.push(spikes.slice(0, 2 * spikeCount[0]));
      spikeCount[0] = 0; // not part of the culture's state
    }
    const total = parts.reduce((sum, part) => sum + part.length / 2, 0);
    const train = { steps: new Int32Array(total), neurons: indicesOf(this.neurons, total) };
    let at = 0;
    for (const part of parts)
      for (let k = 0; k < part.length; k += 2) {
        train.steps[at] = part[k];
        train.neurons[at++] = this.slots.neuronAt[part[k + 1]];
      }
    return train;
  }

  /** The weight of every synapse, in the anatomy's order. */
  weights(): Float32Array {
    const { weight } = this.memory;
    return Float32Array.from(this.wiring.positionOf, (at) => weight[at]);
  }

  /** The late part of every weight, in the anatomy's order; the weight itself where nothing consolidates. */
  lateWeights(): Float32Array {
    const { weight, lateWeight } = this.memory;
    return Float32Array.from(this.wiring.positionOf, (at) => lateWeight[at] ?? weight[at]);
  }

  /** Sets every weight, in the anatomy's order. Homeostasis goes on pulling towards its own target sums. */
  setWeights(weights: ArrayLike<number>): void {
    if (weights.length !== this.wiring.positionOf.length)
      throw new RangeError(
        `Culture.setWeights: expected ${this.wiring.positionOf.length} weights, got ${weights.length}`,
      );
    this.wiring.positionOf.forEach((at, k) => {
      this.memory.weight[at] = weights[k];
    });
    this.captureAll();
  }

  /** What was written from outside lasts as what was captured does. */
  private captureAll(): void {
    const { weight, lateWeight } = this.memory;
    if (lateWeight.length > 0) lateWeight.set(weight);
  }

  /** The anatomy's synapses that learn: those from excitatory to excitatory cells. */
  plasticSynapses(): Int32Array {
    return this.wiring.columns.position.map((at) => this.wiring.synapseAt[at]).sort();
  }

  /** Makes the present sums of plastic input weights the targets of homeostasis. */
  retarget(): void {
    const { start, position } = this.wiring.columns;
    for (let slot = 0; slot < this.slots.excitatory; slot++) {
      let sum = 0;
      for (let entry = start[slot]; entry < start[slot + 1]; entry++)
        sum += this.memory.weight[position[entry]];
      this.memory.targetSum[slot] = sum;
    }
  }

  /** Synaptic scaling in one step: multiplies all plastic weights and their target sums. */
  scaleExcitation(factor: number): void {
    if (!(factor >= 0 && factor < Infinity))
      throw new RangeError(`Culture.scaleExcitation: expected a number >= 0, got ${factor}`);
    const { weight, lateWeight, targetSum } = this.memory;
    for (const at of this.wiring.columns.position) {
      weight[at] *= factor;
      if (lateWeight.length > 0) lateWeight[at] *= factor;
    }
    for (let slot = 0; slot < this.slots.excitatory; slot++) targetSum[slot] *= factor;
  }

  /** Membrane potential of each neuron (mV). */
  potentials(): Float32Array {
    const { cells } = this.memory;
    return Float32Array.from(this.slots.slotOf, (slot) => cells[cellIndex(slot, "potential")]);
  }

  /** What every cell holds, and the spikes on their way. */
  tissue(): TissueState {
    return readTissue(this.memory, this.slots);
  }

  /** Sets quantities of every cell; what is not given stays. */
  setCells(state: WritableCellState): void {
    writeCells(this.memory, this.slots, state);
  }

  /** The complete state; `restore` continues from it to the bit. */
  snapshot(): Uint8Array {
    return packSnapshot(this.fingerprint, this.memory.state);
  }

  restore(snapshot: Uint8Array): void {
    this.memory.state.set(unpackSnapshot(snapshot, this.fingerprint, this.memory.state.length));
  }

  /** A culture of its own in the same state. */
  clone(): Culture {
    return new Culture(this.anatomy, this.parameters, 0, { original: this });
  }
}

/**
 * A differentiable twin of a culture: one parameter for each synapse, and the same steps as the culture's kernel in
 * the same single precision, so that from the same state it fires the same spikes. It lives in silicon alone: it has
 * no plasticity and no electrodes, and can be run with other noise and other inputs as often as one likes.
 * `backward.ts` goes back through what it did. The equations are those of culture/kernel/membrane.ts and delivery.ts.
 */
import type { CultureParameters } from "../../culture/parameters.ts";
import { FRAME_US } from "../../culture/parameters.ts";
import type { TissueState } from "../../culture/state.ts";
import type { SynapseTable } from "../../device/simulated/ultrastructure.ts";
import { exponential, fillGaussian, magnesiumBlock } from "./single.ts";
import { gradedSpike } from "./surrogate.ts";
import type { Tape } from "./tape.ts";

const f = Math.fround;

export interface TwinOptions {
  /** Graded spikes of this width instead of real ones, and no refractory time: the smoothed culture. */
  readonly gradedWidthMv?: number;
}

/** Synapses in rows by presynaptic cell. */
export interface Rows {
  /** `[N + 1]` bounds of each row. */
  readonly start: Int32Array;
  readonly post: Int32Array;
  readonly delay: Int32Array;
  /** Which synapse of the table lies here. */
  readonly synapse: Int32Array;
}

export type TwinConstants = ReturnType<typeof constantsOf>;

export class Twin {
  readonly neurons: number;
  readonly rows: Rows;
  readonly constants: TwinConstants;
  /** Magnitude of each synapse, in the order of the rows. */
  readonly weight: Float32Array;
  #step = 0;
  readonly #state;
  readonly #ring: { readonly delays: number; readonly E: Float32Array; readonly I: Float32Array };
  readonly #words = new Uint32Array(16);
  readonly #gaussian: Float32Array;
  /** Where each neuron's noise lies: the kernel pads both kinds of cell to sixteens. */
  readonly #noiseAt: Int32Array;

  constructor(
    synapses: SynapseTable,
    readonly excitatoryCount: number,
    parameters: CultureParameters,
    state: TissueState,
    private readonly options: TwinOptions = {},
  ) {
    const N = state.cells.potentialMv.length;
    this.neurons = N;
    this.rows = rowsOf(synapses, N);
    this.weight = Float32Array.from(this.rows.synapse, (k) => Math.abs(synapses.strength[k]));
    this.constants = constantsOf(parameters);
    const floats = () => new Float32Array(N);
    this.#state = {
      ...{ potential: floats(), drive: floats(), adaptation: floats(), ampa: floats(), nmda: floats() },
      ...{ gaba: floats(), open: floats(), resource: floats(), recovered: floats() },
      ...{ readyAt: new Int32Array(N), lastSpike: new Int32Array(N) },
    };
    const { delays } = state.arriving;
    this.#ring = { delays, E: new Float32Array(delays * N), I: new Float32Array(delays * N) };
    const padded = (excitatoryCount + 15) & ~15;
    this.#gaussian = new Float32Array(padded + ((N - excitatoryCount + 15) & ~15));
    this.#noiseAt = Int32Array.from({ length: N }, (_, i) =>
      i < excitatoryCount ? i : i - excitatoryCount + padded,
    );
    this.restore(state);
  }

  get step(): number {
    return this.#step;
  }

  /** Takes the state of a culture, its noise included. */
  restore({ step, cells, arriving, randomWords }: TissueState): void {
    const s = this.#state;
    const { excitatory, inhibitory } = this.constants;
    this.#step = step;
    s.potential.set(cells.potentialMv);
    s.drive.set(cells.driveMv);
    s.adaptation.set(cells.adaptationMv);
    s.ampa.set(cells.ampa);
    s.nmda.set(cells.nmda);
    s.gaba.set(cells.gaba);
    s.open.set(cells.open);
    s.resource.set(cells.resource);
    s.readyAt.set(cells.readyAt);
    s.lastSpike.set(cells.lastSpike);
    for (let i = 0; i < this.neurons; i++) {
      const { recoveryRate } = i < this.excitatoryCount ? excitatory : inhibitory;
      // What the next step finds, less that step's recovery.
      const elapsed = step - 1 - cells.lastSpike[i];
      s.recovered[i] = 1 - (1 - cells.resource[i]) * Math.exp(-elapsed * recoveryRate);
    }
    const { delays, E, I } = this.#ring;
    for (let r = 0; r < delays; r++) {
      const row = ((step + r) % delays) * this.neurons;
      E.set(arriving.excitation.subarray(r * this.neurons, (r + 1) * this.neurons), row);
      I.set(arriving.inhibition.subarray(r * this.neurons, (r + 1) * this.neurons), row);
    }
    this.#words.set(randomWords);
  }

  /** Goes on with other membrane noise. */
  reseed(words: Uint32Array): void {
    this.#words.set(words);
  }

  /** As `Culture.depolarise`. */
  depolarise(neurons: ArrayLike<number>, millivolts: ArrayLike<number>): void {
    const { potential, readyAt } = this.#state;
    for (let k = 0; k < neurons.length; k++)
      if (readyAt[neurons[k]] <= this.#step) potential[neurons[k]] += millivolts[k];
  }

  /** Lives one step; `fired` receives the neurons that fired, in order, and their number is returned. */
  advance(fired: Int32Array, tape?: Tape): number {
    const { constants: c, neurons: N, excitatoryCount: E } = this;
    fillGaussian(this.#words, this.#gaussian);
    if (c.nmdaFraction !== 0 && this.#step % 4 === 0) {
      const { open, potential } = this.#state;
      for (let i = 0; i < N; i++) open[i] = magnesiumBlock(potential[i]);
    }
    if (tape) {
      if (tape.length === 0) tape.startStep = this.#step;
      if (tape.length >= tape.steps) throw new RangeError(`Twin.advance: the tape holds ${tape.steps} steps`);
    }
    let count = this.#integrate(0, E, c.excitatory, fired, 0, tape);
    count = this.#integrate(E, N, c.inhibitory, fired, count, tape);
    const from = tape ? tape.length * N : 0;
    for (let k = 0; k < count; k++) this.#deliver(fired[k], tape ? tape.spikes[from + fired[k]] : 1);
    if (tape) tape.length++;
    this.#step++;
    return count;
  }

  #integrate(
    from: number,
    to: number,
    kind: TwinConstants["excitatory"],
    fired: Int32Array,
    count: number,
    tape: Tape | undefined,
  ): number {
    const { constants: c, neurons: N } = this;
    const { potential, drive, adaptation, ampa, nmda, gaba, open, recovered, readyAt } = this.#state;
    const { E: arrivedE, I: arrivedI, delays } = this.#ring;
    const gaussian = this.#gaussian;
    const noiseAt = this.#noiseAt;
    const width = this.options.gradedWidthMv;
    const step = this.#step;
    const row = (step % delays) * N;
    const base = tape ? tape.length * N : 0;
    const { ampaDecay, nmdaDecay, nmdaFraction, gabaDecay, adaptationDecay, gabaReversal, reset, threshold } =
      c;
    const { leak, noise, refractory, adaptationStep, recovery } = kind;
    for (let i = from; i < to; i++) {
      const arrived = arrivedE[row + i];
      const gA = f(f(ampa[i] * ampaDecay) + arrived);
      const gN = f(f(nmda[i] * nmdaDecay) + f(arrived * nmdaFraction));
      const gI = f(f(gaba[i] * gabaDecay) + arrivedI[row + i]);
      const a = f(adaptation[i] * adaptationDecay);
      arrivedE[row + i] = 0;
      arrivedI[row + i] = 0;
      ampa[i] = gA;
      nmda[i] = gN;
      gaba[i] = gI;
      const before = potential[i];
      const conductance = f(f(1 + gI) + f(gA + f(gN * open[i])));
      const push = f(f(drive[i] - a) + f(gI * gabaReversal));
      const change = f(leak * f(push - f(conductance * before)));
      const held = readyAt[i] > step;
      const v = held ? reset : f(before + f(change + f(noise * gaussian[noiseAt[i]])));
      recovered[i] = 1 - (1 - recovered[i]) * recovery;
      const spike = width === undefined ? (v >= threshold ? 1 : 0) : gradedSpike(v - threshold, width);
      if (tape) {
        const at = base + i;
        tape.before[at] = before;
        tape.after[at] = v;
        tape.conductance[at] = conductance;
        tape.gaba[at] = gI;
        tape.nmda[at] = gN;
        tape.open[at] = open[i];
        tape.spikes[at] = spike;
        tape.resource[at] = recovered[i];
        tape.held[at] = held ? 1 : 0;
      }
      if (spike === 0) {
        potential[i] = v;
        adaptation[i] = a;
      } else {
        potential[i] = width === undefined ? reset : v + spike * (reset - v);
        adaptation[i] = a + spike * adaptationStep;
        if (width === undefined) readyAt[i] = step + 1 + refractory;
        fired[count++] = i;
      }
    }
    return count;
  }

  #deliver(cell: number, spike: number): void {
    const { resource, recovered, lastSpike } = this.#state;
    const graded = this.options.gradedWidthMv !== undefined;
    const excitatory = cell < this.excitatoryCount;
    const { release, recoveryRate } = excitatory ? this.constants.excitatory : this.constants.inhibitory;
    let scale: number;
    if (graded) {
      scale = spike * recovered[cell];
      recovered[cell] *= 1 - release * spike;
    } else {
      const elapsed = this.#step - lastSpike[cell];
      const found = f(1 - f(f(1 - resource[cell]) * exponential(f(-elapsed * recoveryRate))));
      resource[cell] = f(found * f(1 - release));
      lastSpike[cell] = this.#step;
      recovered[cell] = resource[cell];
      scale = found;
    }
    const { start, post, delay } = this.rows;
    const { delays, E, I } = this.#ring;
    const ring = excitatory ? E : I;
    const N = this.neurons;
    const weight = this.weight;
    const now = this.#step % delays;
    for (let at = start[cell]; at < start[cell + 1]; at++) {
      let slot = now + delay[at];
      if (slot >= delays) slot -= delays;
      ring[slot * N + post[at]] += f(scale * weight[at]);
    }
  }
}

function rowsOf({ pre, post, delaySteps }: SynapseTable, N: number): Rows {
  const M = pre.length;
  const start = new Int32Array(N + 1);
  for (const cell of pre) start[cell + 1]++;
  for (let i = 0; i < N; i++) start[i + 1] += start[i];
  const next = start.slice(0, N);
  const synapse = new Int32Array(M);
  for (let k = 0; k < M; k++) synapse[next[pre[k]]++] = k;
  return {
    start,
    synapse,
    post: synapse.map((k) => post[k]),
    delay: synapse.map((k) => delaySteps[k]),
  };
}

/** The numbers of a step, as culture/memory.ts gives them to the kernel. */
function constantsOf(p: CultureParameters) {
  const stepMs = (p.stepFrames * FRAME_US) / 1000;
  const decay = (ms: number) => f(Math.exp(-stepMs / ms));
  const kind = ({
    membraneMs,
    refractoryMs,
    adaptationMv,
    releaseFraction,
    recoveryMs,
  }: typeof p.excitatory) => ({
    leak: f(stepMs / membraneMs),
    noise: f(p.noiseMv * Math.sqrt((2 * stepMs) / membraneMs)),
    refractory: Math.round(refractoryMs / stepMs),
    adaptationStep: f(adaptationMv),
    release: f(releaseFraction),
    recoveryRate: f(stepMs / recoveryMs),
    recovery: Math.exp(-stepMs / recoveryMs),
  });
  return {
    threshold: f(p.thresholdMv),
    reset: f(p.resetMv),
    gabaReversal: f(p.gabaReversalMv),
    adaptationDecay: decay(p.adaptationMs),
    ampaDecay: decay(p.ampaMs),
    nmdaDecay: decay(p.nmdaMs),
    nmdaFraction: f(p.nmdaFraction),
    gabaDecay: decay(p.gabaMs),
    excitatory: kind(p.excitatory),
    inhibitory: kind(p.inhibitory),
  };
}

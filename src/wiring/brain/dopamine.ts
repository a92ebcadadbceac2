/**
 * Synapses that learn by dopamine. A spike of modulator d changes every synapse of a sender i (Kenyon cell) onto a receiver m (output
 * neuron) that d contacts: w -= rate share(d, m) e/(1 + e) (w - floor w0), where e is the sender's recent spikes, fading with `memoryMs`,
 * and share is d's part of m's contacts by modulators. With `heal` the same dopamine raises synapses of silent senders towards
 * `ceiling` w0; without dopamine w returns to w0 with `recoverySeconds`.
 *
 * Depression: Hige et al. 2015, Neuron 88, 985-998, https://doi.org/10.1016/j.neuron.2015.11.003; dopamine without odour restores: Handler
 * et al. 2019, Cell 178, 60-75, https://doi.org/10.1016/j.cell.2019.05.040; larval compartments: Eichler et al. 2017, Nature 548,
 * 175-182, https://doi.org/10.1038/nature23455. Magnitudes are chosen, not measured.
 */
import { type Connections, WiringError } from "../contract.ts";
import type { RowWeights } from "../engine/weights.ts";

export interface DopamineRule {
  readonly rate: number;
  readonly memoryMs: number;
  readonly recoverySeconds: number;
  /** Shares of a synapse's first weight between which it stays. */
  readonly floor: number;
  readonly ceiling: number;
  readonly heal: number;
}

export const DOPAMINE: DopamineRule = {
  rate: 0.01,
  memoryMs: 500,
  recoverySeconds: 600,
  floor: 0.05,
  ceiling: 1.5,
  heal: 0,
};

export interface DopamineState {
  readonly trace: Float64Array;
  readonly tracedAt: Int32Array;
  readonly valuesMv: Float64Array;
  readonly spikes: number;
}

/** Who learns, from whom, by whose spikes. */
export interface LearningCells {
  readonly senders: Int32Array;
  readonly receivers: Int32Array;
  readonly modulators: Int32Array;
}

/** Synapses onto one receiver, and what the modulators' contacts onto it are. */
interface Receiver {
  /** Place of each in the weights, and its sender. */
  readonly places: Int32Array;
  readonly senders: Int32Array;
}

/** Steps between two moments at which synapses recover, so that it does not hang on how a simulation is cut. */
export const RECOVERY_STEPS = 1000;
const STEPS_PER_MS = 10;

export class Dopamine {
  /** Spikes of modulators while learning was on. */
  spikes = 0;
  /** Scale of every change: 1, or 0 where learning is off. */
  scale = 1;
  private readonly kinds: Uint8Array;
  private readonly receivers = new Map<number, Receiver>();
  private readonly contacts = new Map<number, readonly (readonly [receiver: number, share: number])[]>();
  /** Place in the weights of every synapse that learns, in the order of `learningSynapses`. */
  private readonly places: Int32Array;
  private readonly first: Float64Array;
  private readonly trace: Float64Array;
  private readonly tracedAt: Int32Array;

  /** `connections` are all of them, also of the modulators, whose fast current may be none. */
  constructor(
    { offsets, targets, counts }: Connections,
    private readonly weights: RowWeights,
    cells: LearningCells,
    private readonly rule: DopamineRule,
  ) {
    const n = offsets.length - 1;
    this.kinds = new Uint8Array(n);
    for (const cell of cells.senders) this.kinds[cell] = SENDER;
    for (const cell of cells.modulators) this.kinds[cell] = MODULATOR;
    this.first = weights.valuesMv.slice();
    this.trace = new Float64Array(n);
    this.tracedAt = new Int32Array(n);
    const isReceiver = new Set(cells.receivers);
    const own = new Map<number, { places: number[]; senders: number[] }>(
      Array.from(isReceiver, (cell) => [cell, { places: [], senders: [] }]),
    );
    const all = learningSynapses({ offsets, targets }, cells);
    this.places = Int32Array.from(all, ({ sender, connection }) => {
      const place = weights.starts[sender] + connection - offsets[sender];
      const synapses = own.get(targets[connection])!;
      synapses.places.push(place);
      synapses.senders.push(sender);
      return place;
    });
    for (const [cell, { places, senders }] of own)
      this.receivers.set(cell, { places: Int32Array.from(places), senders: Int32Array.from(senders) });
    const sums = new Map<number, number>();
    const pairs = Array.from(cells.modulators, (modulator) => {
      const contacts: (readonly [number, number])[] = [];
      for (let j = offsets[modulator]; j < offsets[modulator + 1]; j++)
        if (isReceiver.has(targets[j])) {
          contacts.push([targets[j], counts[j]]);
          sums.set(targets[j], (sums.get(targets[j]) ?? 0) + counts[j]);
        }
      return [modulator, contacts] as const;
    });
    for (const [modulator, contacts] of pairs)
      this.contacts.set(
        modulator,
        contacts.map(([cell, count]) => [cell, count / sums.get(cell)!]),
      );
  }

  /** A cell fired in this step. */
  fired(cell: number, step: number): void {
    const kind = this.kinds[cell];
    if (kind === SENDER) {
      this.trace[cell] = this.traceOf(cell, step) + 1;
      this.tracedAt[cell] = step;
    } else if (kind === MODULATOR && this.scale > 0) this.release(cell, step);
  }

  /** Weights go back towards what they were; asked every `RECOVERY_STEPS`. */
  recover(): void {
    if (this.scale === 0) return;
    const part = (RECOVERY_STEPS / STEPS_PER_MS / 1000 / this.rule.recoverySeconds) * this.scale;
    const { valuesMv } = this.weights;
    for (const { places } of this.receivers.values())
      for (const place of places) valuesMv[place] += (this.first[place] - valuesMv[place]) * part;
  }

  /** What every synapse that learns weighs now, as a factor of what it weighed at first, in the order of `learningSynapses`. */
  factors(): Float64Array {
    const { valuesMv } = this.weights;
    return Float64Array.from(this.places, (place) =>
      this.first[place] === 0 ? 1 : valuesMv[place] / this.first[place],
    );
  }

  /** Gives every synapse that learns a factor. Throws `WiringError` unless there is a finite one for each. */
  setFactors(factors: ArrayLike<number>): void {
    const { places, first, weights } = this;
    if (factors.length !== places.length)
      throw new WiringError(
        `learned synapses: expected ${places.length} factors, one for each synapse that learns, got ${factors.length}`,
      );
    const bad = Array.from(factors).find((factor) => !Number.isFinite(factor) || factor < 0);
    if (bad !== undefined)
      throw new WiringError(`learned synapses: expected finite factors from 0 on, got ${bad}`);
    for (let i = 0; i < places.length; i++) weights.valuesMv[places[i]] = factors[i] * first[places[i]];
  }

  snapshot(): DopamineState {
    return {
      trace: this.trace.slice(),
      tracedAt: this.tracedAt.slice(),
      valuesMv: this.weights.valuesMv.slice(),
      spikes: this.spikes,
    };
  }

  restore({ trace, tracedAt, valuesMv, spikes }: DopamineState): void {
    this.trace.set(trace);
    this.tracedAt.set(tracedAt);
    this.weights.valuesMv.set(valuesMv);
    this.spikes = spikes;
  }

  private traceOf(cell: number, step: number): number {
    return this.trace[cell] * Math.exp(-(step - this.tracedAt[cell]) / (this.rule.memoryMs * STEPS_PER_MS));
  }

  private release(modulator: number, step: number): void {
    this.spikes++;
    const { rate, floor, ceiling, heal } = this.rule;
    const { valuesMv } = this.weights;
    for (const [cell, share] of this.contacts.get(modulator) ?? []) {
      const { places, senders } = this.receivers.get(cell)!;
      const gain = rate * share * this.scale;
      for (let x = 0; x < places.length; x++) {
        const place = places[x];
        const e = this.traceOf(senders[x], step);
        valuesMv[place] -= gain * (e / (1 + e)) * (valuesMv[place] - floor * this.first[place]);
        if (heal > 0)
          valuesMv[place] += (gain * heal * (ceiling * this.first[place] - valuesMv[place])) / (1 + e);
      }
    }
  }
}

const [SENDER, MODULATOR] = [1, 2];

/** A synapse that learns: its sender, and its place among the driving connections. */
export interface LearningSynapse {
  readonly sender: number;
  readonly connection: number;
}

/** Connections of senders onto receivers, sender by sender. */
export function learningSynapses(
  { offsets, targets }: Pick<Connections, "offsets" | "targets">,
  { senders, receivers }: Pick<LearningCells, "senders" | "receivers">,
): LearningSynapse[] {
  const isReceiver = new Set(receivers);
  return Array.from(senders).flatMap((sender) => {
    const own: LearningSynapse[] = [];
    for (let connection = offsets[sender]; connection < offsets[sender + 1]; connection++)
      if (isReceiver.has(targets[connection])) own.push({ sender, connection });
    return own;
  });
}

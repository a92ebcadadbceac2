/** Synapses of some cells onto others that learn, whatever the rule: their weights as factors, and how lately senders fired. */
import { type Connections, WiringError } from "../contract.ts";
import type { RowWeights } from "../engine/weights.ts";

/** Who learns, from whom, and who modulates it, where the rule asks for that. */
export interface LearningCells {
  readonly senders: Int32Array;
  readonly receivers: Int32Array;
  readonly modulators: Int32Array;
}

export interface LearningState {
  readonly trace: Float64Array;
  readonly tracedAt: Int32Array;
  readonly valuesMv: Float64Array;
  readonly spikes: number;
}

/** Synapses onto one receiver: place of each in the weights, and its sender. */
export interface Receiver {
  readonly places: Int32Array;
  readonly senders: Int32Array;
}

/** Steps between two moments at which synapses recover, so that it does not hang on how a simulation is cut. */
export const RECOVERY_STEPS = 1000;
export const STEPS_PER_MS = 10;

export abstract class Learning {
  /** Spikes that made synapses learn. */
  spikes = 0;
  /** Scale of every change: 1, or 0 where learning is off. */
  scale = 1;
  protected readonly receivers: ReadonlyMap<number, Receiver>;
  protected readonly first: Float64Array;
  private readonly isSender: Uint8Array;
  /** Place in the weights of every synapse that learns, in the order of `learningSynapses`. */
  private readonly places: Int32Array;
  private readonly trace: Float64Array;
  private readonly tracedAt: Int32Array;

  constructor(
    { offsets, targets }: Pick<Connections, "offsets" | "targets">,
    protected readonly weights: RowWeights,
    cells: LearningCells,
    private readonly memoryMs: number,
  ) {
    const n = offsets.length - 1;
    this.isSender = new Uint8Array(n);
    for (const cell of cells.senders) this.isSender[cell] = 1;
    this.first = weights.valuesMv.slice();
    this.trace = new Float64Array(n);
    this.tracedAt = new Int32Array(n);
    const own = new Map<number, { places: number[]; senders: number[] }>(
      Array.from(new Set(cells.receivers), (cell) => [cell, { places: [], senders: [] }]),
    );
    this.places = Int32Array.from(learningSynapses({ offsets, targets }, cells), ({ sender, connection }) => {
      const place = weights.starts[sender] + connection - offsets[sender];
      const synapses = own.get(targets[connection])!;
      synapses.places.push(place);
      synapses.senders.push(sender);
      return place;
    });
    this.receivers = new Map(
      Array.from(own, ([cell, { places, senders }]) => [
        cell,
        { places: Int32Array.from(places), senders: Int32Array.from(senders) },
      ]),
    );
  }

  /** A cell fired in this step. */
  fired(cell: number, step: number): void {
    if (this.isSender[cell] === 0) this.learnFrom(cell, step);
    else {
      this.trace[cell] = this.traceOf(cell, step) + 1;
      this.tracedAt[cell] = step;
    }
  }

  /** Weights go back towards what they were, where the rule has that; asked every `RECOVERY_STEPS`. */
  abstract recover(): void;

  /** A cell fired that is no sender. */
  protected abstract learnFrom(cell: number, step: number): void;

  /** Spikes of a sender of late. */
  protected traceOf(cell: number, step: number): number {
    return this.trace[cell] * Math.exp(-(step - this.tracedAt[cell]) / (this.memoryMs * STEPS_PER_MS));
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

  snapshot(): LearningState {
    return {
      trace: this.trace.slice(),
      tracedAt: this.tracedAt.slice(),
      valuesMv: this.weights.valuesMv.slice(),
      spikes: this.spikes,
    };
  }

  restore({ trace, tracedAt, valuesMv, spikes }: LearningState): void {
    this.trace.set(trace);
    this.tracedAt.set(tracedAt);
    this.weights.valuesMv.set(valuesMv);
    this.spikes = spikes;
  }
}

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

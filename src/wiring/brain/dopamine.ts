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
import type { Connections } from "../contract.ts";
import type { RowWeights } from "../engine/weights.ts";
import { Learning, type LearningCells, RECOVERY_STEPS, STEPS_PER_MS } from "./learning.ts";

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

export class Dopamine extends Learning {
  /** Of every modulator: the receivers it contacts, and its part of their contacts. */
  private readonly contacts = new Map<number, readonly (readonly [receiver: number, share: number])[]>();

  /** `connections` are all of them, also of the modulators, whose fast current may be none. */
  constructor(
    connections: Connections,
    weights: RowWeights,
    cells: LearningCells,
    private readonly rule: DopamineRule,
  ) {
    super(connections, weights, cells, rule.memoryMs);
    const { offsets, targets, counts } = connections;
    const sums = new Map<number, number>();
    const pairs = Array.from(cells.modulators, (modulator) => {
      const contacts: (readonly [number, number])[] = [];
      for (let j = offsets[modulator]; j < offsets[modulator + 1]; j++)
        if (this.receivers.has(targets[j])) {
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

  recover(): void {
    if (this.scale === 0) return;
    const part = (RECOVERY_STEPS / STEPS_PER_MS / 1000 / this.rule.recoverySeconds) * this.scale;
    const { valuesMv } = this.weights;
    for (const { places } of this.receivers.values())
      for (const place of places) valuesMv[place] += (this.first[place] - valuesMv[place]) * part;
  }

  /** Spikes of modulators, while learning is on. */
  protected learnFrom(cell: number, step: number): void {
    const contacts = this.contacts.get(cell);
    if (!contacts || this.scale === 0) return;
    this.spikes++;
    const { rate, floor, ceiling, heal } = this.rule;
    const { valuesMv } = this.weights;
    for (const [receiver, share] of contacts) {
      const { places, senders } = this.receivers.get(receiver)!;
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

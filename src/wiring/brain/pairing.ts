/**
 * Synapses that learn by pairing: when a receiver m fires, every synapse of a sender i onto it changes by
 * f += rate (e (ceiling - f) - decay f), where f is its weight as a factor of what it was at first and e = t/(1 + t) says whether the
 * sender fired lately (t: its spikes, fading with `memoryMs`). It converges to ceiling P/(P + decay), P the mean of e when m fires: synapses
 * hold which senders come before a receiver's spikes, as naive Bayes counts them. Of silent receivers nothing changes.
 *
 * Pairs within tens of milliseconds: Bi & Poo 1998, J. Neurosci. 18, 10464, https://doi.org/10.1523/JNEUROSCI.18-24-10464.1998; bounds that
 * are approached, not met: van Rossum et al. 2000, J. Neurosci. 20, 8812, https://doi.org/10.1523/JNEUROSCI.20-23-08812.2000; of
 * Kenyon cells by spikes of their output neurons: Cassenaer & Laurent 2007, Nature 448, 709, https://doi.org/10.1038/nature05973.
 * Magnitudes are chosen, not measured.
 */
import type { Connections } from "../contract.ts";
import type { RowWeights } from "../engine/weights.ts";
import { Learning, type LearningCells } from "./learning.ts";

export interface PairingRule {
  readonly rate: number;
  readonly memoryMs: number;
  /** Strongest weight, as a share of a synapse's first one. */
  readonly ceiling: number;
  readonly decay: number;
}

export const PAIRING: PairingRule = { rate: 0.01, memoryMs: 50, ceiling: 4, decay: 0.5 };

export class Pairing extends Learning {
  constructor(
    connections: Pick<Connections, "offsets" | "targets">,
    weights: RowWeights,
    cells: LearningCells,
    private readonly rule: PairingRule,
  ) {
    super(connections, weights, cells, rule.memoryMs);
  }

  /** Nothing is forgotten without a receiver's spike. */
  recover(): void {}

  protected learnFrom(cell: number, step: number): void {
    const receiver = this.receivers.get(cell);
    if (!receiver || this.scale === 0) return;
    this.spikes++;
    const { rate, ceiling, decay } = this.rule;
    const { valuesMv } = this.weights;
    const { places, senders } = receiver;
    const gain = rate * this.scale;
    for (let x = 0; x < places.length; x++) {
      const [place, first] = [places[x], this.first[places[x]]];
      const t = this.traceOf(senders[x], step);
      const e = t / (1 + t);
      valuesMv[place] += gain * (e * (ceiling * first - valuesMv[place]) - decay * valuesMv[place]);
    }
  }
}

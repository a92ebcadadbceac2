/**
 * Weights of the second tissue and how they learn: pairs of spikes move a weight's derivative (a spike of the sender that
 * arrives after one of the receiver lowers it, before one raises it), and once a second weights follow their derivatives, within
 * hard bounds: Izhikevich 2006, section 2.3. Then each cell's excitatory input is scaled after its rate: van Rossum et al. 2000.
 */
import type { IzhikevichParameters } from "./parameters.ts";
import type { IzhikevichWiring } from "./wiring.ts";

const MS_PER_SECOND = 1000;

export class PlasticWeights {
  /** `[K]` millivolts a millisecond. */
  readonly weights: Float64Array;
  /** `[K]` */
  private readonly derivatives: Float64Array;
  /** `[N]` potentiation that a spike of each sender brings now, and depression that one of each receiver does. */
  private readonly sent: Float64Array;
  private readonly received: Float64Array;
  /** `[ring, N]` `sent` of the last milliseconds: what arrives now left a delay ago. */
  private readonly sentThen: Float64Array;
  private readonly ring: number;
  /** Excitatory synapses by receiver: `[N + 1]` beginnings, `[K']` synapses, `[K']` their senders. */
  private readonly inStarts: Int32Array;
  private readonly inSynapses: Int32Array;
  private readonly inSenders: Int32Array;
  /** `[N]` Hz */
  private readonly rates: Float64Array;
  private readonly spikesOfSecond: Int32Array;

  constructor(
    private readonly wiring: IzhikevichWiring,
    private readonly parameters: IzhikevichParameters,
  ) {
    const { excitatory, starts, targets, longestMs } = wiring;
    const cells = starts.length - 1;
    const { weights, scaling } = parameters;
    this.weights = Float64Array.from(targets, (_, k) =>
      k < starts[excitatory] ? weights.excitatory : weights.inhibitory,
    );
    this.derivatives = new Float64Array(targets.length);
    this.sent = new Float64Array(cells);
    this.received = new Float64Array(cells);
    this.ring = longestMs + 1;
    this.sentThen = new Float64Array(this.ring * cells);
    this.rates = new Float64Array(cells).fill(scaling.targetHz);
    this.spikesOfSecond = new Int32Array(cells);
    const plastic = starts[excitatory];
    this.inStarts = new Int32Array(cells + 1);
    for (let k = 0; k < plastic; k++) this.inStarts[targets[k] + 1]++;
    for (let cell = 0; cell < cells; cell++) this.inStarts[cell + 1] += this.inStarts[cell];
    this.inSynapses = new Int32Array(plastic);
    this.inSenders = new Int32Array(plastic);
    const next = this.inStarts.slice();
    for (let cell = 0; cell < excitatory; cell++)
      for (let k = starts[cell]; k < starts[cell + 1]; k++) {
        this.inSenders[next[targets[k]]] = cell;
        this.inSynapses[next[targets[k]]++] = k;
      }
  }

  /** A cell fires in millisecond `ms`: what arrived before it is potentiated. */
  fired(cell: number, ms: number): void {
    const { inStarts, inSynapses, inSenders, derivatives, sentThen, ring, sent } = this;
    const { delaysMs } = this.wiring;
    const cells = sent.length;
    for (let i = inStarts[cell]; i < inStarts[cell + 1]; i++) {
      const k = inSynapses[i];
      derivatives[k] += sentThen[((ms - delaysMs[k] + ring) % ring) * cells + inSenders[i]];
    }
    this.sent[cell] = this.parameters.plasticity.potentiation;
    this.received[cell] = this.parameters.plasticity.depression;
    this.spikesOfSecond[cell]++;
  }

  /** A spike arrives over an excitatory synapse: what the receiver fired before it depresses it. */
  arrived(synapse: number, receiver: number): void {
    this.derivatives[synapse] -= this.received[receiver];
  }

  /** Ends millisecond `ms`; at the end of a second weights move. */
  endMs(ms: number): void {
    const { sent, received, sentThen, ring } = this;
    const { decayPerMs } = this.parameters.plasticity;
    const row = (ms % ring) * sent.length;
    for (let cell = 0; cell < sent.length; cell++) {
      sentThen[row + cell] = sent[cell];
      sent[cell] *= decayPerMs;
      received[cell] *= decayPerMs;
    }
    if ((ms + 1) % MS_PER_SECOND === 0) this.endSecond();
  }

  private endSecond(): void {
    const { weights, derivatives, rates, spikesOfSecond, inStarts, inSynapses } = this;
    const { plasticity, scaling, weights: bounds } = this.parameters;
    const seconds = 3600 * scaling.hours;
    for (let cell = 0; cell < rates.length; cell++) {
      rates[cell] += (spikesOfSecond[cell] - rates[cell]) / scaling.memorySeconds;
      spikesOfSecond[cell] = 0;
      const factor = Math.max(0, 1 + (1 - rates[cell] / scaling.targetHz) / seconds);
      for (let i = inStarts[cell]; i < inStarts[cell + 1]; i++) {
        const k = inSynapses[i];
        const moved = weights[k] * factor + plasticity.growthPerSecond + derivatives[k];
        weights[k] = Math.min(bounds.most, Math.max(0, moved));
        derivatives[k] *= plasticity.derivativeLeft;
      }
    }
  }
}

/**
 * The same lessons without any brain: receptor cells straight onto units that are read, with the rule of the synapses
 * (src/wiring/brain/dopamine.ts). A unit sums what it gets and fires at every tenth of it. What this learns, no wiring is needed for.
 *
 * Channels: glomeruli, modulators, then what is read: each glomerulus again (in the place of Kenyon cells), and the units. Modulator m
 * reaches unit m alone.
 */
import { Random } from "../../math/random.ts";
import { DOPAMINE, type DopamineRule } from "../../wiring/brain/dopamine.ts";
import type { Flash, Subject } from "./subject.ts";

/** What lit cells fire at under 1 mW/mm2. */
const HZ_PER_MW = 150;
/** Receptor spikes that make a unit fire. */
const THRESHOLD = 10;

export interface ReceptorsShape {
  readonly glomeruli: number;
  /** Modulators, and units as many. */
  readonly units: number;
}

export interface ReceptorsCircuit {
  readonly glomeruli: readonly number[];
  readonly modulators: readonly number[];
  readonly kenyon: readonly number[];
  readonly outputs: readonly number[];
}

/** The channels by what they are there for. */
export function receptorsCircuit({ glomeruli, units }: ReceptorsShape): ReceptorsCircuit {
  const from = (start: number, count: number) => Array.from({ length: count }, (_, i) => start + i);
  return {
    glomeruli: from(0, glomeruli),
    modulators: from(glomeruli, units),
    kenyon: from(glomeruli + units, glomeruli),
    outputs: from(2 * glomeruli + units, units),
  };
}

export class Receptors implements Subject {
  readonly refused = 0;
  private readonly rule: DopamineRule;
  private random: Random;
  /** `[units, glomeruli]` */
  private weights: Float64Array;
  /** `[glomeruli]` spikes of late. */
  private trace: Float64Array;

  constructor(
    private readonly shape: ReceptorsShape,
    seed: number,
    rule: Partial<DopamineRule>,
  ) {
    this.rule = { ...DOPAMINE, ...rule };
    this.random = Random.of(seed, "receptors");
    this.weights = new Float64Array(shape.units * shape.glomeruli).fill(1);
    this.trace = new Float64Array(shape.glomeruli);
  }

  async present(durationMs: number, flashes: readonly Flash[], learns: boolean): Promise<Uint32Array> {
    const { glomeruli, units } = this.shape;
    const counts = new Uint32Array(2 * (glomeruli + units));
    const sums = new Float64Array(units);
    const fade = Math.exp(-1 / this.rule.memoryMs);
    for (let ms = 0; ms < durationMs; ms++) {
      for (const { channel, fromMs, toMs, irradianceMwPerMm2 } of flashes) {
        if (ms < fromMs || ms >= toMs) continue;
        if (this.random.uniform() >= (irradianceMwPerMm2 * HZ_PER_MW) / 1000) continue;
        counts[channel]++;
        if (channel >= glomeruli) {
          if (learns) this.release(channel - glomeruli);
          continue;
        }
        counts[glomeruli + units + channel]++;
        this.trace[channel]++;
        for (let unit = 0; unit < units; unit++) {
          sums[unit] += this.weights[unit * glomeruli + channel];
          if (sums[unit] < THRESHOLD) continue;
          sums[unit] -= THRESHOLD;
          counts[2 * glomeruli + units + unit]++;
        }
      }
      for (let g = 0; g < glomeruli; g++) this.trace[g] *= fade;
    }
    if (learns) this.recover(durationMs);
    return counts;
  }

  async snapshot(): Promise<Uint8Array> {
    const { weights, trace, random } = this;
    return new TextEncoder().encode(
      JSON.stringify({ weights: [...weights], trace: [...trace], random: random.state() }),
    );
  }

  async restore(snapshot: Uint8Array): Promise<void> {
    const { weights, trace, random } = JSON.parse(new TextDecoder().decode(snapshot));
    this.weights = Float64Array.from(weights);
    this.trace = Float64Array.from(trace);
    this.random = Random.resume(random);
  }

  async learned(): Promise<Float64Array> {
    return this.weights.slice();
  }

  async setLearned(factors: Float64Array): Promise<void> {
    this.weights.set(factors);
  }

  async close(): Promise<void> {}

  private release(unit: number): void {
    const { rate, floor, ceiling, heal } = this.rule;
    const { glomeruli } = this.shape;
    for (let g = 0; g < glomeruli; g++) {
      const at = unit * glomeruli + g;
      const e = this.trace[g];
      this.weights[at] -= rate * (e / (1 + e)) * (this.weights[at] - floor);
      if (heal > 0) this.weights[at] += (rate * heal * (ceiling - this.weights[at])) / (1 + e);
    }
  }

  private recover(durationMs: number): void {
    const part = durationMs / 1000 / this.rule.recoverySeconds;
    for (let i = 0; i < this.weights.length; i++) this.weights[i] += (1 - this.weights[i]) * part;
  }
}

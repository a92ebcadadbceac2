/** Presents odours and dopamine to a subject, and counts what each channel fired. */
import { Random } from "../../math/random.ts";
import type { StopFlag } from "../../tissue/stop-flag.ts";
import type { Circuit, Circuited } from "../circuit.ts";
import { LitBrain } from "./lit-brain.ts";
import { DOPAMINE_MW, type Flash, LEAST_DOSE, ODOUR_MW, type Subject } from "./subject.ts";

export const GLOMERULI_PER_ODOUR = 6;

export interface Presentation {
  readonly durationMs: number;
  /** Glomeruli that are lit all the time, by their numbers. */
  readonly odour?: readonly number[];
  /** Light on the circuit's classes `[M]`, 0 to 1. */
  readonly teaching?:
    | { readonly doses: readonly number[]; readonly fromMs: number; readonly toMs: number }
    | undefined;
  /** Whether synapses learn. */
  readonly learns: boolean;
}

export class Nose {
  constructor(
    readonly subject: Subject,
    readonly circuit: Circuit,
  ) {}

  static async open({ spec, circuit }: Circuited, seed: number, stop?: StopFlag): Promise<Nose> {
    return new Nose(await LitBrain.open(spec, seed, stop), circuit);
  }

  /** Spikes by channel. */
  present({ durationMs, odour = [], teaching, learns }: Presentation): Promise<Uint32Array> {
    const { circuit } = this;
    const flashes = odourFlashes(circuit.glomeruli, odour, durationMs);
    if (teaching) {
      const { doses, fromMs, toMs } = teaching;
      circuit.classes.forEach(({ channel }, k) => {
        if (doses[k] >= LEAST_DOSE)
          flashes.push({ channel, fromMs, toMs, irradianceMwPerMm2: doses[k] * DOPAMINE_MW });
      });
    }
    return this.subject.present(durationMs, flashes, learns);
  }

  close(): Promise<void> {
    return this.subject.close();
  }
}

/** The light of an odour's glomeruli, all the time. */
export function odourFlashes(
  glomeruli: readonly number[],
  odour: readonly number[],
  durationMs: number,
): Flash[] {
  return odour.map((number) => ({
    channel: glomeruli[number],
    fromMs: 0,
    toMs: durationMs,
    irradianceMwPerMm2: ODOUR_MW,
  }));
}

/** An odour: some glomeruli, by seed. */
export function odourOf(number: number, glomeruli: number): number[] {
  return Random.of(number, "odour")
    .permutation(glomeruli)
    .slice(0, GLOMERULI_PER_ODOUR)
    .sort((a, b) => a - b);
}

export const sumOver = (counts: Uint32Array, channels: readonly number[]): number =>
  channels.reduce((sum, channel) => sum + counts[channel], 0);

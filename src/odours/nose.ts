/** Presents odours and dopamine to a brain, and counts what each channel fired. */
import { Random } from "../math/random.ts";
import type { StopFlag } from "../tissue/stop-flag.ts";
import type { Circuited } from "./circuit.ts";
import { DOPAMINE_MW, type Flash, LitBrain, ODOUR_MW } from "./lit-brain.ts";

export const GLOMERULI_PER_ODOUR = 6;

export type Teaching = "punish" | "reward";

export interface Presentation {
  readonly durationMs: number;
  /** Glomeruli that are lit all the time, by their numbers. */
  readonly odour?: readonly number[];
  readonly teaching?: { readonly what: Teaching; readonly fromMs: number; readonly toMs: number } | undefined;
  /** Whether synapses learn. */
  readonly learns: boolean;
}

export class Nose {
  private constructor(
    private readonly lit: LitBrain,
    readonly brain: Circuited,
  ) {}

  static async open(brain: Circuited, seed: number, stop?: StopFlag): Promise<Nose> {
    return new Nose(await LitBrain.open(brain.spec, seed, stop), brain);
  }

  /** Pulses of light that the gate refused. */
  get refused(): number {
    return this.lit.refused;
  }

  /** Spikes by channel. */
  present({ durationMs, odour = [], teaching, learns }: Presentation): Promise<Uint32Array> {
    const { circuit } = this.brain;
    const flashes = odourFlashes(circuit.glomeruli, odour, durationMs);
    if (teaching) {
      const { what, fromMs, toMs } = teaching;
      flashes.push({ channel: circuit[what], fromMs, toMs, irradianceMwPerMm2: DOPAMINE_MW });
    }
    return this.lit.present(durationMs, flashes, learns);
  }

  close(): Promise<void> {
    return this.lit.close();
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

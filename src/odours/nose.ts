/** Presents odours and dopamine to a brain through its tissue, so through the gate, and counts what each channel fired. */

import type { Pulse } from "../device/contract.ts";
import { Random } from "../math/random.ts";
import type { Tissue } from "../tissue/contract.ts";
import { localTissue } from "../tissue/local.ts";
import type { StopFlag } from "../tissue/stop-flag.ts";
import type { Circuited } from "./circuit.ts";

/** Light at which receptor cells fire at 150 Hz, and dopamine cells at 40 Hz. */
const ODOUR_MW = 1;
const DOPAMINE_MW = 40 / 150;
const FRAMES_PER_MS = 10;

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
  /** Pulses of light that the gate refused. */
  refused = 0;
  private step = 0;

  private constructor(
    private readonly tissue: Tissue,
    private readonly channels: number,
    readonly brain: Circuited,
  ) {}

  static async open(brain: Circuited, seed: number, stop?: StopFlag): Promise<Nose> {
    const tissue = localTissue(stop);
    await tissue.open([{ brain: 0, seed, neurons: 1, div: 0, preset: "quiet", wiring: brain.spec }]);
    return new Nose(tissue, tissue.profile(0).electrodes.length, brain);
  }

  /** Spikes by channel. */
  async present({ durationMs, odour = [], teaching, learns }: Presentation): Promise<Uint32Array> {
    const { circuit } = this.brain;
    const light = (channel: number, fromMs: number, toMs: number, irradianceMwPerMm2: number): Pulse => ({
      frame: fromMs * FRAMES_PER_MS,
      channel,
      phases: [],
      light: { irradianceMwPerMm2, durationUs: 1000 * (toMs - fromMs) },
    });
    const pulses = odour.map((glomerulus) => light(circuit.glomeruli[glomerulus], 0, durationMs, ODOUR_MW));
    if (teaching) pulses.push(light(circuit[teaching.what], teaching.fromMs, teaching.toMs, DOPAMINE_MW));
    const plan = { brain: 0, durationFrames: durationMs * FRAMES_PER_MS, pulses, plasticity: learns ? 1 : 0 };
    const [{ spikes, refused }] = await this.tissue.step(this.step++, [plan]);
    this.refused += refused.length;
    const counts = new Uint32Array(this.channels);
    for (const channel of spikes.channels) counts[channel]++;
    return counts;
  }

  close(): Promise<void> {
    return this.tissue.close();
  }
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

/** A brain of a wiring diagram under light, through its tissue, so through the gate; what each channel fired is counted. */
import type { Pulse } from "../device/contract.ts";
import type { Tissue } from "../tissue/contract.ts";
import { localTissue } from "../tissue/local.ts";
import type { StopFlag } from "../tissue/stop-flag.ts";
import type { WiringSpec } from "../tissue/wired/spec.ts";

/** Light at which receptor cells fire at 150 Hz, and dopamine cells at 40 Hz. */
export const ODOUR_MW = 1;
export const DOPAMINE_MW = 40 / 150;
const FRAMES_PER_MS = 10;

export interface Flash {
  readonly channel: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly irradianceMwPerMm2: number;
}

export class LitBrain {
  /** Pulses of light that the gate refused. */
  refused = 0;
  private step = 0;

  private constructor(
    private readonly tissue: Tissue,
    private readonly channels: number,
  ) {}

  static async open(spec: WiringSpec, seed: number, stop?: StopFlag): Promise<LitBrain> {
    const tissue = localTissue(stop);
    await tissue.open([{ brain: 0, seed, neurons: 1, div: 0, preset: "quiet", wiring: spec }]);
    return new LitBrain(tissue, tissue.profile(0).electrodes.length);
  }

  /** Spikes by channel. */
  async present(durationMs: number, flashes: readonly Flash[], learns: boolean): Promise<Uint32Array> {
    const pulses = flashes.map(
      ({ channel, fromMs, toMs, irradianceMwPerMm2 }): Pulse => ({
        frame: fromMs * FRAMES_PER_MS,
        channel,
        phases: [],
        light: { irradianceMwPerMm2, durationUs: 1000 * (toMs - fromMs) },
      }),
    );
    const plan = { brain: 0, durationFrames: durationMs * FRAMES_PER_MS, pulses, plasticity: learns ? 1 : 0 };
    const [{ spikes, refused }] = await this.tissue.step(this.step++, [plan]);
    this.refused += refused.length;
    const counts = new Uint32Array(this.channels);
    for (const channel of spikes.channels) counts[channel]++;
    return counts;
  }

  async snapshot(): Promise<Uint8Array> {
    return (await this.tissue.snapshot([0]))[0];
  }

  /** Goes on from a snapshot. */
  restore(snapshot: Uint8Array): Promise<void> {
    return this.tissue.restore(this.step, [0], [snapshot]);
  }

  close(): Promise<void> {
    return this.tissue.close();
  }
}

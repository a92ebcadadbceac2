/** A brain of a wiring diagram under light, through its tissue, so through the gate; what each channel fired is counted. */
import type { Pulse } from "../../device/contract.ts";
import type { Tissue } from "../../tissue/contract.ts";
import { localTissue } from "../../tissue/local.ts";
import type { StopFlag } from "../../tissue/stop-flag.ts";
import type { WiringSpec } from "../../tissue/wired/spec.ts";
import type { Flash, Subject } from "./subject.ts";

const FRAMES_PER_MS = 10;

export class LitBrain implements Subject {
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

  restore(snapshot: Uint8Array): Promise<void> {
    return this.tissue.restore(this.step, [0], [snapshot]);
  }

  learned(): Promise<Float64Array> {
    return this.tissue.perform(0, { kind: "read-learned" });
  }

  async setLearned(factors: Float64Array): Promise<void> {
    await this.tissue.perform(0, { kind: "write-learned", factors });
  }

  close(): Promise<void> {
    return this.tissue.close();
  }
}

/** A presentation to a twin: as to the culture, read by electrodes like the device's. */
import { binSpikes } from "../../device/binning.ts";
import { detectorOf, type ElectrodeCoupling, reachOf } from "../../device/simulated/coupling.ts";
import type { SpikeDetector } from "../../device/simulated/detector.ts";
import type { TissueImage } from "../../device/simulated/image.ts";
import type { Layout } from "../../protocol/layout.ts";
import type { Twin } from "../twin/twin.ts";
import { type TrialSteps, trialSteps } from "./window.ts";

export class TwinTrials {
  private readonly fired: Int32Array;
  private readonly detector: SpikeDetector;
  private readonly coupling: ElectrodeCoupling;
  private readonly stepFrames: number;
  private readonly trial: TrialSteps;

  constructor(
    private readonly twin: Twin,
    { coupling, parameters }: Pick<TissueImage, "coupling" | "parameters">,
    private readonly layout: Layout,
    seed: number,
  ) {
    this.trial = trialSteps(layout, parameters.stepFrames);
    this.fired = new Int32Array(twin.neurons);
    this.coupling = coupling;
    this.stepFrames = parameters.stepFrames;
    this.detector = detectorOf(coupling, seed, twin.step * this.stepFrames);
  }

  /** The counts `[B, C]` as read; the steps that they were read from are on the twin's tape. */
  present(context: readonly number[]): Float32Array {
    const { twin, trial, stepFrames } = this;
    const start = twin.step * stepFrames;
    twin.clear();
    let volley = 0;
    for (let t = 0; t < trial.steps; t++) {
      if (t === trial.volleys[volley]) {
        volley++;
        twin.beginWindow();
        for (const channel of context) {
          const { neurons, millivolts } = reachOf(this.coupling, channel);
          twin.depolarise(neurons, millivolts);
        }
      }
      const step = twin.step;
      const count = twin.advance(this.fired, t - trial.volleys[volley - 1] < trial.binOf.length);
      for (let k = 0; k < count; k++) this.detector.sense(step, this.fired[k]);
    }
    const { frames, protocol, channels } = this.layout;
    const pulses = frames.volleys.map((frame) => start + frame);
    const spikes = this.detector.emit(start + trial.steps * stepFrames, pulses);
    const counts = new Float32Array(protocol.bins * channels);
    for (const pulse of pulses) {
      const after = binSpikes(spikes, pulse, { binFrames: frames.bin, bins: protocol.bins, channels });
      for (let i = 0; i < counts.length; i++) counts[i] += after[i];
    }
    return counts;
  }
}

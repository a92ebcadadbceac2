/** A presentation to a twin: as trial.ts to the culture, read by electrodes like the device's. */
import { binSpikes } from "../../../device/binning.ts";
import type { SpikeDetector } from "../../../device/simulated/detector.ts";
import type { ElectrodeCoupling } from "../../../device/simulated/ultrastructure.ts";
import { EMULATOR_SHAPE } from "../../../emulator/one/models.ts";
import { BIN_FRAMES, BINS, VOLLEY_FRAMES } from "../../../protocol/protocol.ts";
import type { Twin } from "../twin/twin.ts";
import type { TrialSteps } from "./window.ts";

const CHANNELS = EMULATOR_SHAPE.channels;

export class TwinTrials {
  private readonly fired: Int32Array;
  private readonly detector: SpikeDetector;

  constructor(
    private readonly twin: Twin,
    private readonly electrodes: ElectrodeCoupling,
    private readonly trial: TrialSteps,
    private readonly stepFrames: number,
    seed: number,
  ) {
    this.fired = new Int32Array(twin.neurons);
    this.detector = electrodes.detector(seed, twin.step * stepFrames);
  }

  /** The counts `[BINS, channels]` as read; the steps that they were read from are on the twin's tape. */
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
          const { neurons, millivolts } = this.electrodes.reachOf(channel);
          twin.depolarise(neurons, millivolts);
        }
      }
      const step = twin.step;
      const count = twin.advance(this.fired, t - trial.volleys[volley - 1] < trial.binOf.length);
      for (let k = 0; k < count; k++) this.detector.sense(step, this.fired[k]);
    }
    const pulses = VOLLEY_FRAMES.map((frame) => start + frame);
    const spikes = this.detector.emit(start + trial.steps * stepFrames, pulses);
    const counts = new Float32Array(BINS * CHANNELS);
    for (const pulse of pulses) {
      const after = binSpikes(spikes, pulse, BIN_FRAMES, BINS, CHANNELS);
      for (let i = 0; i < counts.length; i++) counts[i] += after[i];
    }
    return counts;
  }
}

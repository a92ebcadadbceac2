/** Collects what happens in one stretch of an experiment: every spike and pulse, and the data that were shown. */
import type { Pulse, Spikes } from "../device/contract.ts";
import type { Trial } from "../protocol/trial.ts";
import type { SegmentSeries } from "../recording/spool.ts";

/** What is remembered of presentations, beside spikes and pulses. */
const SERIES: Readonly<Record<string, { unit: string; description: string }>> = {
  step: { unit: "step", description: "Step of the series that was presented" },
  nextClass: { unit: "class", description: "Class of the datum that comes next" },
  crossEntropy: { unit: "nats", description: "Task loss of the emulator while descending on the datum" },
  priorError: {
    unit: "1",
    description: "Flow matching error of the intended state under the diffusion prior",
  },
  foretold: { unit: "1", description: "1 where the emulator had the class right before it was told" },
  pattern: {
    unit: "pattern",
    description: "Babbled pattern; -1 nothing was written, -2 a pattern without a name",
  },
};

export interface Stretch {
  readonly startFrame: number;
  readonly endFrame: number;
  readonly spikes: Spikes;
  readonly pulses: readonly Pulse[];
  /** One number per presentation, at the presentation's first frame. */
  readonly series: readonly SegmentSeries[];
}

export class Recorder {
  private readonly spikes: Spikes[] = [];
  private readonly pulses: Pulse[] = [];
  private readonly frames: number[] = [];
  private readonly columns = new Map<string, number[]>();

  constructor(
    private readonly startFrame: number,
    /** Called after every presentation: for progress, and to stop. */
    private readonly onTrial: () => void,
  ) {}

  /** Adds a presentation, with what is to be remembered of it: the same names every time. */
  trial(trial: Trial, values: Readonly<Record<string, number>>): void {
    this.spikes.push(trial.spikes);
    this.pulses.push(...trial.pulses);
    this.frames.push(trial.startFrame);
    for (const [name, value] of Object.entries(values)) {
      const column = this.columns.get(name) ?? [];
      if (column.length === 0) this.columns.set(name, column);
      column.push(value);
    }
    this.onTrial();
  }

  /** Adds a stretch in which nothing was presented. */
  silence(spikes: Spikes): void {
    this.spikes.push(spikes);
    this.onTrial();
  }

  finish(endFrame: number): Stretch {
    const count = this.spikes.reduce((sum, { frames }) => sum + frames.length, 0);
    const spikes = { frames: new Float64Array(count), channels: new Uint16Array(count) };
    let at = 0;
    for (const { frames, channels } of this.spikes) {
      spikes.frames.set(frames, at);
      spikes.channels.set(channels, at);
      at += frames.length;
    }
    const frames = Float64Array.from(this.frames);
    const series = [...this.columns].map(([name, values]) => ({ name, ...SERIES[name], frames, values }));
    return { startFrame: this.startFrame, endFrame, spikes, pulses: this.pulses, series };
  }
}

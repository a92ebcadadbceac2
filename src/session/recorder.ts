/** Collects what happens in one stretch of an experiment, brain by brain: every spike and pulse, and the data that were shown. */
import type { Frame, Pulse, Spikes } from "../device/contract.ts";
import type { SegmentSeries, SegmentTrial } from "../recording/spool.ts";
import type { StepPlan, StepResult } from "../tissue/contract.ts";

/** What is remembered of presentations, beside spikes and pulses. */
const SERIES: Readonly<Record<string, { unit: string; description: string }>> = {
  step: { unit: "step", description: "Step of the series that was presented" },
  nextClass: { unit: "class", description: "Class of the datum that comes next" },
  crossEntropy: { unit: "nats", description: "Task loss of the emulator while descending on the datum" },
  priorError: {
    unit: "1",
    description: "Flow matching error of the intended state under the diffusion prior",
  },
  predicted: { unit: "1", description: "1 where the emulator had the class right before it was told" },
  written: { unit: "1", description: "1 where the datum was shown with a write, 0 where it was read first" },
  pattern: {
    unit: "pattern",
    description: "Babbled pattern; -1 nothing was written, -2 a pattern without a name",
  },
};

export interface Stretch {
  readonly startFrame: Frame;
  readonly endFrame: Frame;
  readonly spikes: Spikes;
  readonly pulses: readonly Pulse[];
  /** One number per presentation, at the presentation's first frame. */
  readonly series: readonly SegmentSeries[];
  /** Presentations that were said in words. */
  readonly trials?: readonly SegmentTrial[];
}

/** What a step was, beside its result. */
export interface RecordedStep {
  readonly plan: StepPlan;
  /** Pulses that were delivered, their frames counted from the step's start. */
  readonly pulses: readonly Pulse[];
  readonly notes: Readonly<Record<string, number>> | undefined;
  /** In words. */
  readonly trial: TrialWords | undefined;
}

export type TrialWords = Pick<SegmentTrial, "text" | "target">;

/** What one brain did; frames are of the tissue's own clock. */
class Lane {
  startFrame: Frame | null = null;
  endFrame: Frame | null = null;
  readonly spikes: { readonly startFrame: Frame; readonly spikes: Spikes }[] = [];
  readonly pulses: Pulse[] = [];
  readonly frames: Frame[] = [];
  readonly columns = new Map<string, number[]>();
  readonly trials: SegmentTrial[] = [];
}

export class Recorder {
  private readonly lanes = new Map<number, Lane>();

  /** Adds a step of a brain, with what is to be remembered of it: the same names every time. */
  step({ brain, startFrame, spikes }: StepResult, { plan, pulses, notes, trial }: RecordedStep): void {
    const lane = this.lanes.get(brain) ?? new Lane();
    this.lanes.set(brain, lane);
    lane.startFrame ??= startFrame;
    const endFrame = startFrame + plan.durationFrames;
    lane.endFrame = endFrame;
    if (trial) lane.trials.push({ startFrame, endFrame, ...trial });
    lane.spikes.push({ startFrame, spikes });
    for (const pulse of pulses) lane.pulses.push({ ...pulse, frame: startFrame + pulse.frame });
    if (!notes) return;
    lane.frames.push(startFrame);
    for (const [name, value] of Object.entries(notes)) {
      const column = lane.columns.get(name) ?? [];
      if (column.length === 0) lane.columns.set(name, column);
      column.push(value);
    }
  }

  /** What a brain did; `now` is where its clock stands if nothing was asked of it. */
  finish(brain: number, now: Frame): Stretch {
    const lane = this.lanes.get(brain) ?? new Lane();
    const count = lane.spikes.reduce((sum, { spikes }) => sum + spikes.frames.length, 0);
    const spikes = { frames: new Float64Array(count), channels: new Uint16Array(count) };
    let at = 0;
    for (const { startFrame, spikes: some } of lane.spikes) {
      for (let i = 0; i < some.frames.length; i++) spikes.frames[at + i] = startFrame + some.frames[i];
      spikes.channels.set(some.channels, at);
      at += some.frames.length;
    }
    const frames = Float64Array.from(lane.frames);
    const series = [...lane.columns].map(([name, values]) => ({ name, ...SERIES[name], frames, values }));
    const [startFrame, endFrame] = [lane.startFrame ?? now, lane.endFrame ?? now];
    const { pulses, trials } = lane;
    return { startFrame, endFrame, spikes, pulses, series, ...(trials.length > 0 && { trials }) };
  }
}

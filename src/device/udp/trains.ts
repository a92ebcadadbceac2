/** Trains of equal pulses, as a CL1 sends them: so many at such a rate on a channel, until another takes its place. */
import type { Frame, Pulse } from "../contract.ts";

interface Train {
  readonly intervalFrames: number;
  readonly currentUa: number;
  next: Frame;
  left: number;
}

/** How a train goes. */
export interface TrainCommand {
  readonly rateHz: number;
  /** Of each phase. */
  readonly currentUa: number;
  readonly pulses: number;
}

export class PulseTrains {
  private readonly trains = new Map<number, Train>();

  constructor(
    private readonly framesPerSecond: number,
    /** Of each of the two phases. */
    private readonly phaseUs: number,
  ) {}

  /** Begins a train at `frame`; one that is no train (no rate, current or pulses) only ends the last. */
  begin(channel: number, frame: Frame, { rateHz, currentUa, pulses }: TrainCommand): void {
    this.trains.delete(channel);
    if (!(rateHz > 0 && currentUa > 0 && pulses > 0)) return;
    const intervalFrames = this.framesPerSecond / rateHz;
    this.trains.set(channel, { intervalFrames, currentUa, next: frame, left: pulses });
  }

  interrupt(channels: Iterable<number> = [...this.trains.keys()]): void {
    for (const channel of channels) this.trains.delete(channel);
  }

  /** The pulses that begin in `[fromFrame, untilFrame)`, in frame order. */
  due(fromFrame: Frame, untilFrame: Frame): Pulse[] {
    const pulses: Pulse[] = [];
    for (const [channel, train] of this.trains) {
      for (; train.left > 0 && train.next < untilFrame; train.left--, train.next += train.intervalFrames)
        pulses.push({
          frame: Math.max(fromFrame, Math.round(train.next)),
          channel,
          phases: [
            { currentUa: -train.currentUa, durationUs: this.phaseUs },
            { currentUa: train.currentUa, durationUs: this.phaseUs },
          ],
        });
      if (train.left === 0) this.trains.delete(channel);
    }
    return pulses.sort((a, b) => a.frame - b.frame || a.channel - b.channel);
  }
}

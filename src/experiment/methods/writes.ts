/** One datum shown with a write and one plasticity, and what the prediction zone answered. */
import { BINS, WRITE_FRAME } from "../../protocol/protocol.ts";
import { addEfference, runTrial } from "../../protocol/trial.ts";
import type { Recorder } from "../recorder.ts";
import type { Datum } from "../subject.ts";
import type { Training } from "./train.ts";

export interface Shown {
  /** The state as the emulator sees it. */
  readonly state: Float32Array;
  /** Spikes on the prediction zone outside the datum's own bin. */
  readonly activity: number;
}

export async function show(
  { lab, effort }: Training,
  datum: Datum,
  channels: readonly number[] | undefined,
  plasticity: number,
  recorder: Recorder,
): Promise<Shown> {
  const { device, simulated, zones } = lab.subject;
  const write = channels ? { channels, amplitude: 1, delayFrames: WRITE_FRAME } : undefined;
  simulated.plasticity(plasticity);
  const trial = await runTrial(device, datum.context, write);
  recorder.trial(trial, { nextClass: datum.nextClass, step: datum.step });
  effort.presentations++;
  effort.writePulses += trial.pulses.filter(({ channel }) => channels?.includes(channel)).length;
  const width = trial.counts.length / BINS;
  let activity = 0;
  for (let bin = 1; bin < BINS; bin++)
    for (const channel of zones.prediction) activity += trial.counts[bin * width + channel];
  return { state: addEfference(trial.counts, datum.context, write), activity };
}

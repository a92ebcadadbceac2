/** Presenting a row of data to the culture, with or without writes, and keeping what came back. */
import type { NeuralStates } from "../emulator/one/states.ts";
import { concatenateRows } from "../math/rows.ts";
import { BINS, type Write } from "../protocol/protocol.ts";
import { addEfference, runTrial } from "../protocol/trial.ts";
import type { Recorder } from "./recorder.ts";
import type { Datum, Subject } from "./subject.ts";

export interface Presented {
  /** What the emulator sees: counts with efference copies. */
  readonly states: NeuralStates;
  /** Counts as read, `[N, bins, channels]`. */
  readonly read: Float32Array;
}

/** Presents `data` in order; `writeFor` says what to write after each (asked when its turn comes). */
export async function present(
  subject: Subject,
  data: readonly Datum[],
  writeFor: (index: number) => Promise<Write | undefined> | Write | undefined,
  recorder: Recorder,
  /** Sees each state as it comes; what it returns is recorded with the presentation. */
  onState: (index: number, state: Float32Array) => Readonly<Record<string, number>> = () => ({}),
): Promise<Presented> {
  const channels = subject.device.profile.electrodes.length;
  const states: Float32Array[] = [];
  const read: Float32Array[] = [];
  const written = new Float32Array(data.length);
  for (const [n, datum] of data.entries()) {
    const write = await writeFor(n);
    const trial = await runTrial(subject.device, datum.context, write);
    read.push(trial.counts.slice());
    states.push(addEfference(trial.counts, datum.context, write));
    if (write) written[n] = 1;
    recorder.trial(trial, { nextClass: datum.nextClass, step: datum.step, ...onState(n, states[n]) });
  }
  const counts = concatenateRows(states);
  return { states: { bins: BINS, channels, counts, written }, read: concatenateRows(read) };
}

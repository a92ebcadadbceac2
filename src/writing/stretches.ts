/**
 * What is kept of a culture's work, stretch by stretch: spikes, pulses and trials in the spool, for recording.nwb; in the journal what was
 * decoded at each presentation. A stretch that was broken off leaves nothing.
 */
import type { Journal } from "../experiment/journal/journal.ts";
import { type SegmentId, writeSegment } from "../recording/spool.ts";
import type { Cultures } from "../session/cultures.ts";
import { Recorder } from "../session/recorder.ts";
import type { ArmName } from "./arms.ts";

/** `common`: before anything is taught. */
export interface StretchName {
  readonly arm: ArmName | "common";
  readonly phase: Phase;
}
/** `own`: the test read by the decoder of the arm's own descent; `near`, `far`: contexts that were never shown. */
export type Phase = "babble" | "contexts" | "train" | "probe" | "own" | "near" | "far";

/** Told at each presentation: the pair, and the program `[K]` that was decoded, with copies of what was written and by spikes alone. */
export type Hear = (pair: number, said: ArrayLike<number>, read?: ArrayLike<number>) => void;

/** As the journal holds it, under `seed-arm-phase`: programs are little-endian float32 `[P, K]` in base64. */
export interface Heard {
  readonly pairs: readonly number[];
  readonly said: string;
  /** By spikes alone, where something was written. */
  readonly read?: string;
}

export const HEARD = "heard";
export const heardKey = (seed: number, { arm, phase }: StretchName) => `${seed}-${arm}-${phase}`;

/** What is before training has no cycle; all else is of the first. */
export const segmentOf = (seed: number, name: StretchName): SegmentId => ({
  seed,
  code: "assigned",
  cycle: name.arm === "common" ? -1 : 0,
  ...name,
});

export interface Stretches {
  keep<Result>(
    of: { readonly seed: number; readonly cultures: Cultures },
    name: StretchName,
    work: (hear: Hear) => Promise<Result>,
  ): Promise<Result>;
}

/** `spool`: null where the recording is whole. */
export function stretchesIn(journal: Journal, spool: string | null): Stretches {
  return {
    async keep({ seed, cultures }, name, work) {
      const recorder = spool === null ? null : new Recorder();
      const pairs: number[] = [];
      const [said, read]: [number[], number[]] = [[], []];
      cultures.recorder = recorder;
      try {
        const result = await work((pair, all, alone = []) => {
          pairs.push(pair);
          said.push(...Array.from(all));
          read.push(...Array.from(alone));
        });
        if (recorder && spool !== null) {
          const stretch = recorder.finish(0, cultures.frameOf(0));
          writeSegment(spool, { ...segmentOf(seed, name), ...stretch });
        }
        if (pairs.length > 0) {
          const heard = { pairs, said: base64(said), ...(read.length > 0 && { read: base64(read) }) };
          journal.put(HEARD, heardKey(seed, name), heard satisfies Heard);
        }
        return result;
      } finally {
        cultures.recorder = null;
      }
    },
  };
}

function base64(numbers: readonly number[]): string {
  const view = new DataView(new ArrayBuffer(4 * numbers.length));
  for (const [i, value] of numbers.entries()) view.setFloat32(4 * i, value, true);
  return Buffer.from(view.buffer).toString("base64");
}

/**
 * The arms beside the descent: the same culture, data and timing, another write. All begin from the culture as it was
 * after babbling.
 *
 * - `teacher`: the true class's pattern, by a hand that knows the answer (the upper reference);
 * - `yoked`: the descent's own pulses, replayed against another order of the series;
 * - `random`: as many pulses on random electrodes;
 * - `frozen`: the descent's own pulses, plasticity off;
 * - `sham`: no writes.
 */
import { Random } from "../math/random.ts";
import { PATTERN_SIZE, WRITE_FRAME, type Write } from "../protocol/protocol.ts";
import { randomPattern } from "./babble.ts";
import type { Arm } from "./config.ts";
import type { Datum } from "./subject.ts";

export type ControlArm = Exclude<Arm, "descent" | "positive">;

/** Arms that replay the descent's pulses, and so can only run after it. */
export const REPLAYING: readonly Arm[] = ["yoked", "frozen"];

export interface WriteSource {
  readonly seed: number;
  readonly prediction: readonly number[];
  readonly patterns: readonly (readonly number[])[];
  /** The descent's writes, `[presentations, PATTERN_SIZE]`; null if the descent was not run. */
  readonly descentChannels: Uint16Array | null;
  readonly presentations: number;
}

/** What an arm writes after presentation `index`. */
export function writesOf(
  arm: ControlArm,
  source: WriteSource,
): (index: number, datum: Datum) => Write | undefined {
  const write = (channels: readonly number[]): Write => ({
    channels,
    amplitude: 1,
    delayFrames: WRITE_FRAME,
  });
  const replay = (index: number) => {
    if (!source.descentChannels)
      throw new Error(`arm ${arm} replays the descent: run it with the arm descent`);
    return write([...source.descentChannels.subarray(index * PATTERN_SIZE, (index + 1) * PATTERN_SIZE)]);
  };
  switch (arm) {
    case "teacher":
      return (_, datum) => write(source.patterns[datum.nextClass]);
    case "random":
      return (index) => write(randomPattern(source.prediction, Random.of(source.seed, "random arm", index)));
    case "yoked": {
      const order = Random.of(source.seed, "yoked arm").permutation(source.presentations);
      return (index) => replay(order[index]);
    }
    case "frozen":
      return (index) => replay(index);
    case "sham":
      return () => undefined;
  }
}

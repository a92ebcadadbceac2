/**
 * The loop closed: each window's write follows the feature as it was in the window before, to hold it at a level. Beside it the same
 * amplitudes in another order (yoked), and their mean all the time (open), on the same culture from the same moment.
 */
import type { Random } from "../../math/random.ts";
import type { Pattern, Rig } from "./rig.ts";
import type { Gauge } from "./scale.ts";

export interface LoopOptions {
  readonly feature: number;
  readonly pattern: Pattern;
  /** In standard deviations above nothing. */
  readonly level: number;
  readonly windows: number;
  readonly random: Random;
}

export interface LoopResult {
  readonly feature: number;
  readonly level: number;
  /** Root mean square distance of the feature, averaged over blocks of windows, from the level. */
  readonly closed: number;
  readonly yoked: number;
  readonly open: number;
  readonly none: number;
  /** Mean of the feature under each. */
  readonly means: Readonly<Record<"closed" | "yoked" | "open" | "none", number>>;
}

const GAIN = 0.08;
/** A write every so many windows, as the gate's budget of each electrode allows; blocks over which the feature is averaged. */
const EVERY = 3;
const BLOCK = 8;

export async function closeLoop(rig: Rig, gauge: Gauge, options: LoopOptions): Promise<LoopResult> {
  const { feature, pattern, level, windows, random } = options;
  const simulated = rig.device.simulated!;
  const before = simulated.snapshot();
  const out = new Float32Array(rig.width);
  const rest = new Float32Array(rig.width);
  const run = async (next: (t: number, last: number) => number) => {
    simulated.restore(before);
    const values: number[] = [];
    const amplitudes: number[] = [];
    let last = 0;
    for (let t = 0; t < windows; t++) {
      const amplitude = Math.max(0, Math.min(1, next(t, last)));
      await rig.present(amplitude < LEAST ? null : pattern.map((value) => value * amplitude), out);
      last = gauge.measure(out)[feature];
      values.push(last);
      amplitudes.push(amplitude);
      for (let r = 1; r < EVERY; r++) await rig.present(null, rest);
    }
    return { values, amplitudes };
  };
  let amplitude = 0.5;
  const closed = await run(
    (t, last) => (amplitude = clamp(t === 0 ? amplitude : amplitude + GAIN * (level - last))),
  );
  const order = random.permutation(windows);
  const yoked = await run((t) => closed.amplitudes[order[t]]);
  const mean = closed.amplitudes.reduce((sum, a) => sum + a / windows, 0);
  const open = await run(() => mean);
  const none = await run(() => 0);
  simulated.restore(before);
  const all = { closed, yoked, open, none };
  const error = ({ values }: { values: number[] }) => {
    const blocks = Array.from({ length: Math.floor(windows / BLOCK) }, (_, b) =>
      values.slice(b * BLOCK, (b + 1) * BLOCK).reduce((sum, v) => sum + v / BLOCK, 0),
    );
    return Math.sqrt(blocks.reduce((sum, v) => sum + (v - level) ** 2 / blocks.length, 0));
  };
  const meanOf = ({ values }: { values: number[] }) => values.reduce((sum, v) => sum + v / windows, 0);
  return {
    ...{ feature, level },
    ...{ closed: error(closed), yoked: error(yoked), open: error(open), none: error(none) },
    means: {
      closed: meanOf(all.closed),
      yoked: meanOf(all.yoked),
      open: meanOf(all.open),
      none: meanOf(all.none),
    },
  };
}

const LEAST = 0.05;
const clamp = (value: number) => Math.max(0, Math.min(1, value));

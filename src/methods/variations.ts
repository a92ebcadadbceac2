/**
 * Arms that mean the same in every method that has them: the same cultures, data and timing, another write. All begin from the
 * cultures as they were after babbling.
 */
import { Random } from "../math/random.ts";
import type { Write } from "../protocol/protocol.ts";
import { randomPattern } from "../session/babble.ts";
import type { Moment } from "../session/walk.ts";
import type { Training } from "./contract.ts";
import type { Variation } from "./variation-names.ts";

/** What of a training they need. */
export type Replayable = Pick<
  Training<unknown, unknown>,
  "plan" | "seed" | "cycle" | "cultures" | "descent"
> & { readonly beginning: Pick<Training<unknown, unknown>["beginning"], "patterns"> };

/** What a variation writes in each presentation of a cycle. */
export function variationWrites(
  arm: Variation,
  training: Replayable,
): (moment: Moment) => readonly (Write | null)[] {
  const { plan, seed, cycle, cultures, beginning, descent } = training;
  const { layouts } = cultures;
  const first = cycle * plan.presentations;
  const write = (channels: readonly number[], brain: number): Write => ({
    channels,
    amplitude: 1,
    delayFrames: layouts[brain].frames.write,
  });
  const replay = (index: number): readonly (Write | null)[] => {
    const written = descent[Math.floor(index / plan.presentations)]?.writes;
    if (!written) throw new Error(`arm ${arm} replays the descent: run it with the arm descent`);
    return written[index % plan.presentations];
  };
  switch (arm) {
    case "teacher":
      return ({ targets }) =>
        beginning.patterns.map((patterns, brain) =>
          targets[brain] < 0 ? null : write(patterns[targets[brain]], brain),
        );
    case "random":
      return ({ index }) => {
        const random = Random.of(seed, "random arm", first + index);
        if (descent.length === 0)
          return layouts.map((layout, brain) => write(randomPattern(layout, random), brain));
        return replay(first + index).map((written, brain) =>
          written
            ? { ...written, channels: randomPattern(layouts[brain], random, written.channels.length) }
            : null,
        );
      };
    case "yoked": {
      const order = Random.of(seed, "yoked arm").permutation(plan.cycles * plan.presentations);
      return ({ index }) => replay(order[first + index]);
    }
    case "frozen":
      return ({ index }) => replay(first + index);
    case "sham":
      return () => layouts.map(() => null);
  }
}

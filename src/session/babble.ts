/**
 * Babbling: data and prediction-zone patterns presented in random order and independent of each other and of other brains, so
 * that the emulator and the bridge meet every state without anything being said about what follows what.
 *
 * Plasticity is low meanwhile: babbling at the full rate writes random pairs into the synapses, after which nobody can teach the
 * culture anything. Legend: R presentations, N brains.
 */
import { NOTHING, STRANGE, type States } from "../emulator/contract.ts";
import type { Random } from "../math/random.ts";
import type { Layout } from "../protocol/layout.ts";
import type { Datum, Write } from "../protocol/protocol.ts";
import type { Task } from "../tasks/contract.ts";
import type { Cultures } from "./cultures.ts";
import { StateLog } from "./walk.ts";

export interface BabbleOptions {
  readonly task: Pick<Task, "babble">;
  /** `[N]` named patterns of prediction channels. */
  readonly patterns: readonly (readonly (readonly number[])[])[];
  /** Share of writes that use a fresh random pattern instead of a named one. */
  readonly strangeShare: number;
  readonly steps: number;
  readonly plasticity: number;
}

/** Share of babbled presentations that are written to. */
const WRITE_SHARE = 0.7;

export interface BabbledPatterns {
  readonly states: States;
  /** `[R, N]` index of the pattern written, `NOTHING` or `STRANGE`. */
  readonly patternOf: Int32Array;
}

export async function babble(
  cultures: Cultures,
  options: BabbleOptions,
  random: Random,
): Promise<BabbledPatterns> {
  const { task, patterns, strangeShare, steps, plasticity } = options;
  const { layouts } = cultures;
  const log = new StateLog(cultures, steps);
  const patternOf: number[] = [];
  for (let step = 0; step < steps; step++) {
    const data: Datum[] = [];
    const writes: (Write | null)[] = [];
    const chosen: number[] = [];
    for (const [brain, layout] of layouts.entries()) {
      data.push(task.babble(random, brain));
      if (random.uniform() >= WRITE_SHARE) {
        writes.push(null);
        chosen.push(NOTHING);
        continue;
      }
      const pattern = random.uniform() < strangeShare ? STRANGE : random.integer(patterns[brain].length);
      chosen.push(pattern);
      writes.push({
        channels: pattern === STRANGE ? randomPattern(layout, random) : patterns[brain][pattern],
        amplitude: 0.5 + 0.5 * random.uniform(),
        delayFrames: layout.frames.babbleWrites[random.integer(layout.frames.babbleWrites.length)],
      });
    }
    const notes = chosen.map((pattern) => ({ pattern }));
    const presented = await cultures.present({ data, writes, plasticity, notes });
    const shares = layouts.map(() => random.uniform());
    log.add(presented.states(shares), data, writes);
    patternOf.push(...chosen);
  }
  return { states: log.states, patternOf: Int32Array.from(patternOf) };
}

/** Different channels of the prediction zone: `size` of them, as many as a class has if not given. */
export function randomPattern(
  { roles, protocol }: Layout,
  random: Random,
  size = protocol.patternSize,
): number[] {
  return random
    .permutation(roles.prediction.length)
    .slice(0, size)
    .map((i) => roles.prediction[i]);
}

/**
 * Babbling of a whole vat: every brain is given data and patterns in random order, independent of each other and of the
 * other brains, so that emulator and bridge meet every state and learn nothing of what follows what.
 */

import type { VatStates } from "../../emulator/many/models.ts";
import type { Random } from "../../math/random.ts";
import { PATTERN, type RoleWrite } from "../../protocol/body.ts";
import { BABBLE_WRITE_FRAMES, LOW_PLASTICITY } from "../../protocol/protocol.ts";
import { StepLog, stepVat, type Vat } from "./living.ts";

const WRITE_SHARE = 0.7;
/** Share of writes that are no class's pattern. */
const STRANGE_SHARE = 0.2;

export interface Babbled {
  readonly states: VatStates;
  /** `[R, N]` the class written, -1 for nothing, -2 for a pattern of no class. */
  readonly classes: Int32Array;
}

export async function babbleVat(vat: Vat, steps: number, random: Random): Promise<Babbled> {
  const { bodies, task } = vat;
  const log = new StepLog();
  const classes: number[] = [];
  for (let step = 0; step < steps; step++) {
    const given = bodies.map((_, brain) => task.babble(random, brain));
    const shares = bodies.map(() => random.uniform());
    const writes = bodies.map(({ patterns, prediction }): RoleWrite | null => {
      if (random.uniform() >= WRITE_SHARE) {
        classes.push(-1);
        return null;
      }
      const strange = random.uniform() < STRANGE_SHARE;
      const k = random.integer(patterns.length);
      classes.push(strange ? -2 : k);
      return {
        roles: strange ? randomRoles(prediction, random) : patterns[k],
        amplitude: 0.5 + 0.5 * random.uniform(),
        delayFrames: BABBLE_WRITE_FRAMES[random.integer(BABBLE_WRITE_FRAMES.length)],
      };
    });
    const { states } = await stepVat(vat, given, writes, LOW_PLASTICITY, shares);
    log.add(states, given, writes);
  }
  return { states: log.finish(), classes: Int32Array.from(classes) };
}

export function randomRoles(prediction: readonly number[], random: Random): number[] {
  return random
    .permutation(prediction.length)
    .slice(0, PATTERN)
    .map((i) => prediction[i]);
}

/** Who writes what in each arm. All begin from the brains as they were after babbling; all but `sham` send as many pulses. */

import { decodeWrite } from "../../device/stimulation.ts";
import type { VatItem } from "../../emulator/many/descent.ts";
import type { VatPrograms } from "../../emulator/many/programs.ts";
import type { Random } from "../../math/random.ts";
import { type Body, PATTERN, type RoleWrite } from "../../protocol/body.ts";
import { WRITE_FRAME } from "../../protocol/protocol.ts";
import { PLACES } from "../../tasks/worlds/contract.ts";
import { randomRoles } from "./babbling.ts";
import { type LiveOptions, placesOf } from "./living.ts";

export type WriteFor = NonNullable<LiveOptions["writes"]>;

const writeOf = (roles: readonly number[]): RoleWrite => ({ roles, amplitude: 1, delayFrames: WRITE_FRAME });

/** What the descent did at each step. */
export interface DescentLog {
  /** Roles written, `[R, N, PATTERN]`. */
  readonly roles: number[];
  /** Cross entropy of the joint emulator while descending (nats). */
  readonly crossEntropy: number[];
  /** Share of the right pattern's electrodes that were written, mean over brains. */
  readonly overlap: number[];
}

/** Writes chosen by gradient descent on the joint emulator: one gradient, one write for each brain. */
export function descentWrites(
  { shape, descent }: VatPrograms,
  bodies: readonly Body[],
  items: VatItem[],
  random: Random,
  log: DescentLog,
): WriteFor {
  const { brains: N, latents: Z, channels } = shape;
  const window = shape.bins * channels;
  return async (_, given, world, previous) => {
    const data = placesOf(given);
    const context = new Float32Array(N * (Z + PLACES));
    for (let n = 0; n < N; n++) {
      context.set(previous.subarray(n * Z, (n + 1) * Z), n * (Z + PLACES));
      context.set(data.subarray(n * PLACES, (n + 1) * PLACES), n * (Z + PLACES) + Z);
    }
    const targets = world.targets();
    items.push({ context, targets });
    log.crossEntropy.push(await descent.descend(items, random));
    const { intended, alone } = await descent.propose(context, random);
    let overlap = 0;
    const writes = bodies.map(({ prediction, patterns }, n) => {
      const rows = (of: Float32Array) => of.subarray(n * window, (n + 1) * window);
      const roles = decodeWrite(rows(intended), rows(alone), channels, prediction, PATTERN);
      log.roles.push(...roles);
      const right = patterns[targets[n]] ?? [];
      overlap += roles.filter((role) => right.includes(role)).length / PATTERN / N;
      return writeOf(roles);
    });
    log.overlap.push(overlap);
    return writes;
  };
}

/** The right class's pattern, by a hand that knows the answer. */
export function teacherWrites(bodies: readonly Body[]): WriteFor {
  return (_, __, world) => {
    const targets = world.targets();
    return bodies.map(({ patterns }, n) => writeOf(patterns[targets[n]]));
  };
}

export function randomWrites(bodies: readonly Body[], random: Random): WriteFor {
  return () => bodies.map(({ prediction }) => writeOf(randomRoles(prediction, random)));
}

/** The descent's own pulses: `order[step]` says whose step is replayed. */
export function replayedWrites(
  bodies: readonly Body[],
  roles: ArrayLike<number>,
  order: (step: number) => number,
): WriteFor {
  return (step) =>
    bodies.map((_, n) => {
      const from = (order(step) * bodies.length + n) * PATTERN;
      return writeOf(Array.from({ length: PATTERN }, (_, i) => roles[from + i]));
    });
}

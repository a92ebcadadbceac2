/**
 * Cultures in worker threads. A culture stays in its thread; what it does depends on its snapshot and plans alone, so
 * results are the same to the bit however many threads there are. Spikes come back through shared memory (shared.ts).
 */
import { availableParallelism } from "node:os";
import { abilityFor } from "../commands.ts";
import type { Tissue } from "../contract.ts";
import type { TissueProfile } from "../profile.ts";
import { StopFlag } from "../stop-flag.ts";
import { assertAble, assertPlan } from "../unable.ts";
import { CultureThread, type OfDish } from "./thread-client.ts";

/**
 * `stop` turns off the gates of its cultures at once, whatever a thread is doing. `dish`: the one culture is a dish, whose link is
 * kept alive by its thread while this one computes.
 */
export function threadTissue(threads = availableParallelism(), stop = new StopFlag(), dish?: OfDish): Tissue {
  let pool: CultureThread[] = [];
  let closed = false;
  const assertOpen = () => {
    if (closed) throw new Error("vat: it is closed and stimulates nothing any more");
  };
  const threadOf = (brain: number): CultureThread => {
    const thread = pool.find((one) => one.holds(brain));
    if (!thread) throw new RangeError(`vat: no brain ${brain} is held here`);
    return thread;
  };
  const profile = (brain: number): TissueProfile => threadOf(brain).profile(brain);
  /** Asks every thread that holds some of `brains`; the answers come in the order of `brains`. */
  const each = async <Item>(
    brains: readonly number[],
    ask: (thread: CultureThread, indices: readonly number[]) => Promise<readonly Item[]>,
  ): Promise<Item[]> => {
    assertOpen();
    for (const brain of brains) threadOf(brain);
    const out: Item[] = [];
    await Promise.all(
      pool.map(async (thread) => {
        const indices = [...brains.keys()].filter((i) => thread.holds(brains[i]));
        if (indices.length === 0) return;
        const items = await ask(thread, indices);
        indices.forEach((i, k) => {
          out[i] = items[k];
        });
      }),
    );
    return out;
  };

  return {
    async open(specs, onGrown) {
      const count = Math.max(1, Math.min(threads, specs.length));
      pool = Array.from(
        { length: count },
        (_, t) =>
          new CultureThread(
            specs.filter((_, i) => i % count === t),
            stop.buffer,
            dish,
          ),
      );
      await Promise.all(pool.map((thread) => thread.open(onGrown)));
    },
    profile,
    async step(step, plans) {
      assertOpen();
      for (const plan of plans) assertPlan(plan, profile(plan.brain));
      return each(
        plans.map(({ brain }) => brain),
        (thread, indices) =>
          thread.step(
            step,
            indices.map((i) => plans[i]),
          ),
      );
    },
    async perform(brain, command) {
      assertOpen();
      assertAble(abilityFor(command), brain, profile(brain));
      return threadOf(brain).perform(brain, command);
    },
    snapshot: (brains) => each(brains, (thread, indices) => thread.snapshot(indices.map((i) => brains[i]))),
    async restore(step, brains, snapshots) {
      await each(brains, async (thread, indices) => {
        await thread.restore(
          step,
          indices.map((i) => brains[i]),
          indices.map((i) => snapshots[i]),
        );
        return indices;
      });
    },
    async close() {
      closed = true;
      for (const thread of pool.splice(0)) await thread.close();
    },
  };
}

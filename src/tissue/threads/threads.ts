/**
 * Holds brains in worker threads. A brain stays in its thread; what it does depends on its snapshot and plans alone, so
 * results are the same to the bit however many threads there are. Spikes come back through shared memory (shared.ts).
 */
import { availableParallelism } from "node:os";
import { RunControl } from "../../experiment/control/control.ts";
import type { BrainHolder } from "../contract.ts";
import { BrainThread } from "./thread-client.ts";

/** `control` turns off the gates of its brains at once, whatever a thread is doing. */
export function threadHolder(threads = availableParallelism(), control = new RunControl()): BrainHolder {
  let pool: BrainThread[] = [];
  let closed = false;
  /** Asks every thread that holds some of `brains`; the answers come in the order of `brains`. */
  const each = async <Item>(
    brains: readonly number[],
    ask: (thread: BrainThread, indices: readonly number[]) => Promise<readonly Item[]>,
  ): Promise<Item[]> => {
    if (closed) throw new Error("vat: the holder is closed and stimulates nothing any more");
    const lost = brains.find((brain) => !pool.some((thread) => thread.holds(brain)));
    if (lost !== undefined) throw new RangeError(`vat: no brain ${lost} is held here`);
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
          new BrainThread(
            specs.filter((_, i) => i % count === t),
            control.buffer,
          ),
      );
      await Promise.all(pool.map((thread) => thread.open(onGrown)));
    },
    step: (step, plans) =>
      each(
        plans.map(({ brain }) => brain),
        (thread, indices) =>
          thread.step(
            step,
            indices.map((i) => plans[i]),
          ),
      ),
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

import fc from "fast-check";
import { expect, test } from "vitest";
import { RefusedError } from "./refused.ts";
import { Slot } from "./slot.ts";

class Going {
  isStopped = false;
  stop() {
    this.isStopped = true;
  }
}

const acts = fc.array(
  fc.record({
    act: fc.constantFrom("start", "start", "start", "stop", "close"),
    /** In the same breath as the one before, or when the scheduler says. */
    later: fc.boolean(),
    fails: fc.boolean(),
  }),
  { maxLength: 12 },
);

test("in whatever order things come to pass: one at a time, a stop reaches whatever was asked for before it, close waits", async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), acts, async (scheduler, asked) => {
      const slot = new Slot<Going>();
      const going = new Set<Going>();
      /** Starts that were neither refused nor have failed or ended. */
      const open = new Set<{ stopped: boolean }>();
      const faults: string[] = [];
      let isClosing = false;

      const start = (fails: boolean) => {
        const state = { stopped: false };
        const mayBegin = !isClosing && open.size === 0;
        let begins = false;
        const made = slot.hold("run", async (free) => {
          begins = true;
          if (!mayBegin) faults.push("began beside another, or after the end");
          await scheduler.schedule(Promise.resolve(), "made");
          if (fails) throw new Error("no such series");
          const run = new Going();
          going.add(run);
          if (going.size > 1) faults.push("two at once");
          void scheduler.schedule(Promise.resolve(), "ended").then(() => {
            if (state.stopped && !run.isStopped) faults.push("a stop did not reach a run");
            going.delete(run);
            open.delete(state);
            free();
          });
          return run;
        });
        if (mayBegin) open.add(state);
        return made.then(
          () => {},
          (error: Error) => {
            open.delete(state);
            if (error instanceof RefusedError === begins || begins !== mayBegin)
              faults.push(`refused wrongly: ${error.message}`);
          },
        );
      };
      const stop = () => {
        for (const state of open) state.stopped = true;
      };
      const perform = async ({ act, fails }: { readonly act: string; readonly fails: boolean }) => {
        if (act === "start") return start(fails);
        stop();
        if (act === "stop") return slot.stop();
        isClosing = true;
        await slot.close();
        if (open.size + going.size > 0) faults.push("closed before all had ended");
      };
      const all = asked.map((one) =>
        one.later ? scheduler.schedule(Promise.resolve(), one.act).then(() => perform(one)) : perform(one),
      );
      await scheduler.waitFor(Promise.all(all));
      await scheduler.waitFor(slot.ended());
      expect(faults).toEqual([]);
      expect(open.size + going.size).toBe(0);
    }),
    { numRuns: 500 },
  );
});

/** Cultures in this thread, stepped one after the other. */

import type { StepResult, Tissue } from "./contract.ts";
import { HeldCulture, type OnSpikes } from "./held-culture.ts";
import type { StopFlag } from "./stop-flag.ts";
import { assertPlan } from "./unable.ts";

/** `stop` turns off their gates; `onSpikes` sees every spike of their cells. */
export function localTissue(stop?: StopFlag, onSpikes?: OnSpikes): Tissue {
  const cultures = new Map<number, HeldCulture>();
  const cultureOf = (index: number): HeldCulture => {
    const culture = cultures.get(index);
    if (!culture) throw new RangeError(`vat: no brain ${index} is held here`);
    return culture;
  };
  let queue: Promise<unknown> = Promise.resolve();
  const inTurn = <Answer>(work: () => Answer | Promise<Answer>): Promise<Answer> => {
    const done = queue.then(work);
    queue = done.catch(() => undefined);
    return done;
  };
  return {
    async open(specs, onGrown) {
      for (const spec of specs) {
        cultures.set(spec.brain, await HeldCulture.grow(spec, stop, onSpikes));
        onGrown?.(spec.brain);
      }
    },
    profile: (index) => cultureOf(index).profile,
    step: (step, plans) =>
      inTurn(async () => {
        for (const plan of plans) assertPlan(plan, cultureOf(plan.brain).profile);
        const results: StepResult[] = [];
        for (const plan of plans) results.push(await cultureOf(plan.brain).run(step, plan));
        return results;
      }),
    perform: (index, command) => inTurn(() => cultureOf(index).perform(command)),
    snapshot: (indices) => inTurn(() => indices.map((index) => cultureOf(index).snapshot())),
    restore: (step, indices, snapshots) =>
      inTurn(() => {
        indices.forEach((index, i) => {
          cultureOf(index).restore(step, snapshots[i]);
        });
      }),
    async close() {
      for (const culture of cultures.values()) await culture.close();
    },
  };
}

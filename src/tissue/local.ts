/** Holds brains in this thread, one after the other. */
import type { RunControl } from "../experiment/control/control.ts";
import { Brain } from "./brain.ts";
import type { BrainHolder, StepResult } from "./contract.ts";

/** `control` turns off the gates of its brains. */
export function plainHolder(control?: RunControl): BrainHolder {
  const brains = new Map<number, Brain>();
  const brainOf = (index: number): Brain => {
    const brain = brains.get(index);
    if (!brain) throw new RangeError(`vat: no brain ${index} is held here`);
    return brain;
  };
  return {
    async open(specs, onGrown) {
      for (const spec of specs) {
        brains.set(spec.brain, await Brain.grow(spec, control));
        onGrown?.(spec.brain);
      }
    },
    async step(step, plans) {
      const results: StepResult[] = [];
      for (const plan of plans) results.push(await brainOf(plan.brain).run(step, plan));
      return results;
    },
    async snapshot(indices) {
      return indices.map((index) => brainOf(index).snapshot());
    },
    async restore(step, indices, snapshots) {
      indices.forEach((index, i) => {
        brainOf(index).restore(step, snapshots[i]);
      });
    },
    async close() {
      for (const brain of brains.values()) await brain.close();
    },
  };
}

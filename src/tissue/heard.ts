/** Tissue that is stepped by the thread that hears stops: no step begins before it has heard what came while it was busy. */
import type { Tissue } from "./contract.ts";
import type { StopFlag } from "./stop-flag.ts";
import { Stopped } from "./stopped.ts";
import { wrapTissue } from "./wrap.ts";

/** `tissue`, whose steps throw `Stopped` once a stop has come, be it in a message or a signal that nobody has read yet. */
export function heardTissue(tissue: Tissue, stop: StopFlag): Tissue {
  return wrapTissue(tissue, {
    step: async (step, plans) => {
      await turned();
      if (stop.isStopped) throw new Stopped();
      return tissue.step(step, plans);
    },
  });
}

/** Between two immediates the event loop takes in all that has come. */
function turned(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(() => setImmediate(resolve));
  });
}

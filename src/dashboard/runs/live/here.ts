/** An experiment whose cultures step under this process: what is seen of it here, and how its tissue is held. */
import { setTimeout as sleep } from "node:timers/promises";
import type { RunControl } from "../../../experiment/control/control.ts";
import type { Observer } from "../../../experiment/job/observer.ts";
import type { Tissue } from "../../../tissue/contract.ts";
import { Stopped } from "../../../tissue/stopped.ts";
import { wrapTissue } from "../../../tissue/wrap.ts";
import type { Feed } from "../../feed.ts";
import type { RunState } from "./state.ts";

const PAUSE_MS = 50;

/** What a run is told through, and what tells the run. */
export interface Told {
  readonly feed: Feed;
  readonly state: RunState;
  readonly control: RunControl;
}

export interface SeenHere {
  /** `tissue`, watched at its door. */
  watch(tissue: Tissue): Tissue;
  readonly observer: Observer;
  grown(brain: number): void;
  /** The gates have been told to stop, and nothing steps any more. */
  stopped(): void;
}

/** `tissue`, held while the run is paused: no plan passes once it is to stop. `onHeld` is called when one is held. */
export function holdable(tissue: Tissue, control: RunControl, onHeld: () => void): Tissue {
  return wrapTissue(tissue, {
    step: async (step, plans) => {
      if (control.isPaused && !control.isStopped) onHeld();
      while (control.isPaused && !control.isStopped) await sleep(PAUSE_MS);
      if (control.isStopped) throw new Stopped();
      return tissue.step(step, plans);
    },
  });
}

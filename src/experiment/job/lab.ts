/** Where one seed and code are worked on: the task, the cultures, the emulator, what is kept, and who watches. */

import type { Emulator } from "../../emulator/contract.ts";
import type { Method } from "../../methods/contract.ts";
import type { Cultures } from "../../session/cultures.ts";
import type { Evoked } from "../../session/evoked.ts";
import type { Code, Plan } from "../../session/plan.ts";
import type { Task } from "../../tasks/contract.ts";
import type { Checkpoints } from "../checkpoints/checkpoint.ts";
import type { Tuning } from "../control/tuning.ts";
import type { JournalEntry } from "../journal/entries.ts";
import type { Observer } from "./observer.ts";

/** What keeps and records a stretch of work. */
export type Desk = Pick<
  Lab<unknown, unknown>,
  "plan" | "seed" | "code" | "cultures" | "checkpoints" | "spool" | "observer" | "log"
>;

export interface Lab<Models, Improved> {
  readonly plan: Plan;
  readonly method: Method;
  readonly seed: number;
  readonly code: Code;
  readonly task: Task;
  readonly cultures: Cultures;
  readonly emulator: Emulator<Models, Improved>;
  /** Of the twin that is not connected. */
  readonly twin: () => Promise<Emulator<Models, Improved>>;
  readonly checkpoints: Checkpoints;
  /** Where recorded stretches go until they are in recording.nwb; null where nothing is recorded. */
  readonly spool: string | null;
  /** Adds to the journal. */
  readonly log: (entry: JournalEntry) => void;
  /** What holds for a cycle of training, the same for all arms: as it was when the first of them began it. */
  readonly tuned: (cycle: number) => Promise<Tuning>;
  readonly observer: Observer;
  /** What is to be known of how this lab was set up. */
  readonly notes: readonly string[];
  /** What a volley evoked before anything was taught, of a dish that was looked at. */
  readonly evoked: Evoked | null;
  /** To be asked now and then where no step of tissue is taken: true when the run is to stop. Waits while it is paused. */
  readonly pause: () => boolean;
  /** Keeps what was learned. */
  readonly keep: (name: string, models: Models, improved: Improved) => Promise<void>;
}

/**
 * The place for what goes on in a process, one run at a time. It is taken before anything is waited for, so that of several who ask
 * in one breath one gets it; and a stop reaches a run also while it is being made.
 */
import { RefusedError } from "./refused.ts";

export interface Stoppable {
  /** `atMs`: when it was asked for, by the clock of who asked. */
  stop(atMs?: number): void;
}

interface Held<Run> {
  readonly name: string;
  readonly run: Promise<Run>;
  stop(atMs?: number): void;
  /** Settles when the slot is free again. */
  readonly freed: Promise<void>;
}

export class Slot<Run extends Stoppable> {
  private held: Held<Run> | null = null;
  private isClosed = false;

  /**
   * Takes the slot for the run that `make` makes, which frees it when it has ended; it is free, too, where none is made. Throws
   * `RefusedError`, without having called `make`, where it is taken.
   */
  hold(name: string, make: (free: () => void) => Promise<Run>): Promise<Run> {
    if (this.isClosed)
      return refused("expected a dashboard that stays, got one that is ending; start it again for this run");
    if (this.held) return refused(`${this.held.name} is going on: wait for it, or stop it first`);
    let made: Run | null = null;
    let asked: { readonly atMs: number | undefined } | null = null;
    let free = () => {};
    const freed = new Promise<void>((resolve) => {
      free = () => {
        if (this.held === held) this.held = null;
        resolve();
      };
    });
    // Not before the slot is taken, whatever `make` does at once.
    const run = Promise.resolve()
      .then(() => make(free))
      .then((found) => {
        made = found;
        if (asked) found.stop(asked.atMs);
        return found;
      });
    run.catch(free);
    const stop = (atMs?: number) => {
      asked ??= { atMs };
      made?.stop(atMs);
    };
    const held: Held<Run> = { name, run, stop, freed };
    this.held = held;
    return run;
  }

  /** The run of that name that has the slot, perhaps still being made. */
  of(name: string): Promise<Run> | null {
    return this.held?.name === name ? this.held.run : null;
  }

  stop(atMs?: number): void {
    this.held?.stop(atMs);
  }

  /** Settles when nothing goes on. */
  async ended(): Promise<void> {
    while (this.held) await this.held.freed;
  }

  /** Stops what goes on, lets nothing begin any more, and waits until it has ended. */
  close(): Promise<void> {
    this.isClosed = true;
    this.stop();
    return this.ended();
  }
}

function refused(message: string): Promise<never> {
  return Promise.reject(new RefusedError(message));
}

/** A culture as its coordinator knows it: where it is held, where it stands, and how to bring it there again. */
import type { CultureSpec, StepPlan, StepResult } from "../../contract.ts";
import type { TissueProfile } from "../../profile.ts";

export interface Place {
  readonly host: string;
  readonly session: string;
  /** Under which the host holds the culture. */
  readonly token: number;
}

export class Seat {
  /** The step that comes next. */
  next = 0;
  last: { readonly step: number; readonly result: Promise<StepResult> } | undefined;
  /** The step being done. */
  doing: { readonly step: number; readonly plan: StepPlan } | undefined;
  /** Undefined while nobody holds it. */
  place: Place | undefined;
  /** Of whoever holds it, or held it last. */
  profile: TissueProfile | undefined;
  /** Its own clock after the last step. */
  clock = 0;
  /** The session of the host that should have it again. */
  home: string | undefined;
  /** Resolves when the plan of the last step is in the log. */
  logging: Promise<void> = Promise.resolve();
  /** Being given to a host now. */
  placing: Promise<void> | undefined;
  /** Where it begins when it is brought up again; null: by growing it. */
  snapshot: { readonly object: string; readonly step: number } | null = null;
  /** Where its plans since stand in the log. */
  private log: { readonly step: number; readonly sequence: number }[] = [];

  constructor(
    readonly spec: CultureSpec,
    /** The host of the dish that it is; undefined: simulated, at home anywhere. */
    readonly dish: string | undefined,
  ) {}

  get brain(): number {
    return this.spec.brain;
  }

  logged(step: number, sequence: number): void {
    if (this.dish !== undefined) return; // never repeated
    this.log.push({ step, sequence });
  }

  /** The log's messages that bring the culture from its snapshot to before `step`. */
  replayTo(step: number): number[] {
    return this.log.filter((entry) => entry.step < step).map(({ sequence }) => sequence);
  }

  /** Begins from a later snapshot from now on. */
  advance(snapshot: { readonly object: string; readonly step: number }): void {
    this.snapshot = snapshot;
    this.log = this.log.filter(({ step }) => step >= snapshot.step);
  }

  /** Goes back to a snapshot, whatever was done since; the next step is `step`. */
  reset(step: number, snapshot: { readonly object: string; readonly step: number } | null): void {
    this.snapshot = snapshot;
    this.log = [];
    this.next = step;
    this.last = undefined;
  }

  /** The step that it is to be brought before. */
  get target(): number {
    return this.doing?.step ?? this.next;
  }

  /** The earliest message of the log that may still be needed. */
  get oldest(): number {
    return this.log[0]?.sequence ?? Number.POSITIVE_INFINITY;
  }
}

/**
 * The page's experiment: a dish that is taught, its untaught twin, and twins of other seeds. All are given the same deeds; nothing is
 * written to the twins. What each played right is counted from what it did in this tab.
 */
import { type Deed, type Tune, withDeed } from "../deeds.ts";
import { type Heard, NOTES } from "../dish.ts";
import type { Tell } from "./messages.ts";
import { Tank } from "./tank.ts";

/** Untaught twins, the shown one (of the same seed) among them: one alone may be right by luck. */
export const TWINS = 4;

export interface Score {
  readonly right: number;
  readonly notes: number;
}

/** What was played alone, last: the taught dish's score, and those of the twins that have played it. */
export interface Played {
  readonly index: number;
  readonly deed: Extract<Deed, { kind: "play" }>;
  readonly taught: Score;
  readonly twins: readonly Score[];
  readonly heard: readonly Heard[];
  readonly heardByTwin: readonly Heard[];
}

export interface LabEvents {
  /** Whenever something that the page shows has changed. */
  changed(): void;
  /** From dish 0 (taught) and 1 (its twin), to be drawn. */
  told(dish: number, tell: Tell): void;
}

export class Lab {
  readonly deeds: Deed[] = [];
  /** Deeds as the link has them. */
  linked: Deed[] = [];
  readonly heard: [Heard[], Heard[]] = [[], []];
  tune: Tune = Array.from({ length: NOTES }, (_, i) => i);
  isGrown = false;
  isFrozen = false;
  taughtNotes = 0;
  /** Of a deed that takes long, 0 to 1. */
  progress: number | null = null;
  failure: string | null = null;
  refusal: string | null = null;
  /** FNV-1a of every strength of the taught dish, after the last deed. */
  bits = "";
  private readonly tanks: Tank[] = [];
  /** `[deed][dish]` */
  private readonly scores: Score[][] = [];

  constructor(
    readonly seed: number,
    private readonly events: LabEvents,
  ) {
    this.open(0, seed);
  }

  /** Whether the shown dishes are at work. */
  get isBusy(): boolean {
    return this.tanks.slice(0, 2).some((tank) => !tank.isIdle);
  }

  /** `isPaced`: at life's own speed, to be seen and heard. */
  perform(deed: Deed, isPaced: boolean): void {
    this.deeds.push(deed);
    this.linked = withDeed(this.linked, deed);
    this.scores.push([]);
    if (deed.kind === "teach") this.taughtNotes += deed.notes;
    if (deed.kind === "freeze") this.isFrozen = deed.isFrozen;
    if (deed.kind === "tune") {
      this.tune = deed.tune;
      this.taughtNotes = 0;
    }
    if (deed.kind === "play") for (const list of this.heard) list.length = 0;
    for (const tank of this.tanks) tank.perform(deed, isPaced && tank.options.isShown);
    this.events.changed();
  }

  askRefusal(): void {
    this.tanks[0]?.askRefusal();
  }

  close(): void {
    for (const tank of this.tanks) tank.close();
  }

  /** The last play of the taught dish that has begun. */
  get played(): Played | null {
    const index = this.deeds.findLastIndex(
      ({ kind }, i) => kind === "play" && this.scores[i][0] !== undefined,
    );
    const deed = this.deeds[index];
    if (deed?.kind !== "play") return null;
    const [taught, ...twins] = this.scores[index];
    const whole = twins.filter((score) => score?.notes === deed.notes);
    return { index, deed, taught: taught!, twins: whole, heard: this.heard[0], heardByTwin: this.heard[1] };
  }

  private open(dish: number, seed: number): void {
    const tank = new Tank({ seed, isTaught: dish === 0, isShown: dish < 2 }, (tell) => this.hear(dish, tell));
    this.tanks[dish] = tank;
    for (const deed of this.deeds) tank.perform(deed, false);
  }

  private hear(dish: number, tell: Tell): void {
    if (dish < 2) this.events.told(dish, tell);
    switch (tell.kind) {
      case "grown":
        if (dish === 0) this.isGrown = true;
        // One after the other, so that the first has the processor to itself.
        if (dish + 1 < TWINS + 1) this.open(dish + 1, dish === 0 ? this.seed : this.seed + dish);
        break;
      case "heard": {
        const scores = this.scores[tell.index];
        const { right, notes } = scores[dish] ?? { right: 0, notes: 0 };
        const { said, next } = tell.heard;
        if (this.deeds[tell.index].kind === "play")
          scores[dish] = { right: right + (said === next ? 1 : 0), notes: notes + 1 };
        if (dish < 2) this.heard[dish as 0 | 1].push(tell.heard);
        break;
      }
      case "progress":
        if (dish === 0) this.progress = tell.share;
        break;
      case "done":
        if (dish === 0) {
          this.progress = null;
          this.bits = tell.bits;
        }
        break;
      case "refused":
        this.refusal = tell.message;
        break;
      case "failed":
        this.failure = tell.message;
    }
    this.events.changed();
  }
}

/** A vat and its untaught twin that hear the tune together, as the page holds them; what each had right is counted from what it said. */
import { type Asked, keptBy, type Mind, type PlayedOn, scoreOf } from "../../choir.ts";
import type { Tune } from "../../deeds.ts";
import type { VatSize, VatTell } from "./messages.ts";
import { vatSeed } from "./sizes.ts";
import { VatTank } from "./vat-tank.ts";

export interface ChoirPoint {
  /** Shares of the questions: one brain's (mean), all together, and the twin's together. */
  readonly alone: number;
  readonly together: number;
  readonly twin: number;
}

/** What a vat and its untaught twin played on, and the share of notes that follow the tune in each. */
export interface ChoirPlay {
  readonly played: PlayedOn;
  readonly kept: readonly (readonly boolean[])[];
  readonly share: number;
  readonly twin: number;
}

export class ChoirRun {
  /** Brains that are grown, of both vats. */
  grown = 0;
  /** What was right after each round of teaching, the first before any. */
  readonly curve: ChoirPoint[] = [];
  asked: Asked | null = null;
  /** The first so many brains are heard. */
  voters: number;
  failure: string | null = null;
  /** As what they play on; null until the reader asks. */
  mind: Mind | null = null;
  /** What was played after the last round; null before it was. */
  plays: Readonly<Record<Mind, ChoirPlay>> | null = null;
  /** Rounds of teaching that were asked for. */
  private rounds: number;
  private readonly tanks: readonly VatTank[];
  private readonly answers: (Asked | null)[] = [null, null];
  private readonly played: (Readonly<Record<Mind, PlayedOn>> | null)[] = [null, null];

  constructor(
    readonly size: VatSize,
    private readonly world: {
      readonly seed: number;
      readonly tune: Tune;
      readonly rounds?: number;
      readonly mind?: Mind | undefined;
    },
    private readonly changed: () => void,
  ) {
    this.voters = size.brains;
    this.rounds = world.rounds ?? 0;
    this.mind = world.mind ?? null;
    this.tanks = [0, 1].map((vat) => new VatTank((tell) => this.hear(vat, tell)));
    for (const [vat, tank] of this.tanks.entries())
      tank.ask({
        ...{ kind: "grow-choir", ...size, seed: vatSeed(world.seed) },
        ...{ tune: world.tune, isTaught: vat === 0 },
      });
  }

  get isBusy(): boolean {
    return this.isTeaching || (this.failure === null && this.isPlaying);
  }

  get isTeaching(): boolean {
    return this.failure === null && this.roundsDone < this.rounds;
  }

  private get isPlaying(): boolean {
    return this.mind !== null && this.plays === null;
  }

  /** Rounds of teaching that both vats have been asked after; -1 before they are grown. */
  get roundsDone(): number {
    return this.curve.length - 1;
  }

  teach(): void {
    this.rounds++;
    this.askRound();
    this.changed();
  }

  /** Lets them play on, if they have not since the last round: both ways, to be compared. */
  playAs(mind: Mind): void {
    const isNew = this.mind === null;
    this.mind = mind;
    if (isNew) this.askPlay();
    this.changed();
  }

  close(): void {
    for (const tank of this.tanks) tank.close();
  }

  private askRound(): void {
    this.answers.fill(null);
    this.plays = null;
    for (const tank of this.tanks) tank.ask({ kind: "teach-choir" });
  }

  private askPlay(): void {
    this.played.fill(null);
    for (const tank of this.tanks) tank.ask({ kind: "play-choir" });
  }

  private hear(vat: number, tell: VatTell): void {
    if (tell.kind === "brain-grown") this.grown++;
    else if (tell.kind === "failed") this.failure = tell.message;
    else if (tell.kind === "grow-choir" || tell.kind === "teach-choir") {
      this.answers[vat] = tell.asked;
      const [taught, twin] = this.answers;
      if (taught && twin) this.score(taught, twin);
    } else if (tell.kind === "play-choir") {
      this.played[vat] = tell.played;
      const [taught, twin] = this.played;
      if (taught && twin) this.plays = { one: this.play("one"), many: this.play("many") };
    }
    this.changed();
  }

  private score(taught: Asked, twin: Asked): void {
    const { brains } = this.size;
    this.asked = taught;
    const { alone, together } = scoreOf(taught, brains);
    this.curve.push({
      alone: alone.reduce((sum, right) => sum + right, 0) / brains,
      together: shareOf(together),
      twin: shareOf(scoreOf(twin, brains).together),
    });
    if (this.roundsDone < this.rounds) this.askRound();
    else if (this.mind !== null) this.askPlay();
  }

  private play(mind: Mind): ChoirPlay {
    const [played, twin] = this.played.map((each) => each![mind]) as [PlayedOn, PlayedOn];
    const kept = keptBy(played, this.world.tune);
    return { played, kept, share: shareOf(kept.flat()), twin: shareOf(keptBy(twin, this.world.tune).flat()) };
  }
}

const shareOf = (right: readonly boolean[]) => right.filter(Boolean).length / right.length;

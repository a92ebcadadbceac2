/** A vat and its untaught twin that hear the tune together, as the page holds them; what each had right is counted from what it said. */
import { type Asked, scoreOf } from "../../choir.ts";
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

export class ChoirRun {
  /** Brains that are grown, of both vats. */
  grown = 0;
  /** What was right after each round of teaching, the first before any. */
  readonly curve: ChoirPoint[] = [];
  asked: Asked | null = null;
  /** The first so many brains are heard. */
  voters: number;
  failure: string | null = null;
  /** Rounds of teaching that were asked for. */
  private rounds: number;
  private readonly tanks: readonly VatTank[];
  private readonly answers: (Asked | null)[] = [null, null];

  constructor(
    readonly size: VatSize,
    world: { readonly seed: number; readonly tune: Tune; readonly rounds?: number },
    private readonly changed: () => void,
  ) {
    this.voters = size.brains;
    this.rounds = world.rounds ?? 0;
    this.tanks = [0, 1].map((vat) => new VatTank((tell) => this.hear(vat, tell)));
    for (const [vat, tank] of this.tanks.entries())
      tank.ask({
        ...{ kind: "grow-choir", ...size, seed: vatSeed(world.seed) },
        ...{ tune: world.tune, isTaught: vat === 0 },
      });
  }

  get isBusy(): boolean {
    return this.failure === null && this.roundsDone < this.rounds;
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

  close(): void {
    for (const tank of this.tanks) tank.close();
  }

  private askRound(): void {
    this.answers.fill(null);
    for (const tank of this.tanks) tank.ask({ kind: "teach-choir" });
  }

  private hear(vat: number, tell: VatTell): void {
    if (tell.kind === "brain-grown") this.grown++;
    else if (tell.kind === "failed") this.failure = tell.message;
    else if (tell.kind === "grow-choir" || tell.kind === "teach-choir") {
      this.answers[vat] = tell.asked;
      const [taught, twin] = this.answers;
      if (taught && twin) this.score(taught, twin);
    }
    this.changed();
  }

  private score(taught: Asked, twin: Asked): void {
    const { brains } = this.size;
    this.asked = taught;
    const { alone, together } = scoreOf(taught, brains);
    const share = (right: readonly boolean[]) => right.filter(Boolean).length / right.length;
    this.curve.push({
      alone: alone.reduce((sum, right) => sum + right, 0) / brains,
      together: share(together),
      twin: share(scoreOf(twin, brains).together),
    });
    if (this.isBusy) this.askRound();
  }
}

/**
 * Pong against a vat, as the page holds it: sixteen brains learn while the court is drawn, are probed against the wall beside their
 * untaught twin, and then play a person in the time of their own lives, a step of 100 ms after the other.
 */
import { Random } from "../../../math/random.ts";
import { HALF_PADDLE } from "../../../tasks/pong/pong-game.ts";
import { beginDuel, type Duel, playDuel, WINNING_POINTS } from "../../duel.ts";
import type { Court } from "../../pong.ts";
import type { VatTell } from "./messages.ts";
import { VAT_SIZES, vatSeed } from "./sizes.ts";
import { VatTank } from "./vat-tank.ts";

export interface AloneCount {
  readonly hits: number;
  readonly misses: number;
}

/** A step of the game, 100 ms of a brain's life. */
export const STEP_MS = 100;
/** The person's paddle is as fast as the vat's: a tenth of the court's height a step. */
const SPEED_PER_MS = 0.1 / STEP_MS;

export class DuelRun {
  stage: "growing" | "ready" | "learning" | "probing" | "playing" = "growing";
  readonly size = VAT_SIZES[0];
  grown = 0;
  lessons = 0;
  /** Balls returned and missed alone against the wall after the last lesson, by the vat and by its untaught twin. */
  alone: [AloneCount | null, AloneCount | null] = [null, null];
  duel: Duel | null = null;
  failure: string | null = null;
  /** What is drawn: the last two steps of the game, and when the later one came. */
  court: Court | null = null;
  courtBefore: Court | null = null;
  courtAtMs = 0;
  votes: Float64Array | null = null;
  isSplit = false;
  personY = 0.5;
  private targetY = 0.5;
  private drawnAtMs = 0;
  private askedAtMs = 0;
  private random: Random;
  private readonly tanks: readonly VatTank[];

  constructor(
    seed: number,
    private readonly changed: () => void,
  ) {
    this.random = Random.of(seed, "duel");
    this.tanks = [0, 1].map((vat) => new VatTank((tell) => this.hear(vat, tell)));
    for (const [vat, tank] of this.tanks.entries())
      tank.ask({ kind: "grow-pong", ...this.size, seed: vatSeed(seed), isTaught: vat === 0 });
  }

  /** A lesson for both vats, written to one of them, and then both alone against the wall. */
  teach(): void {
    this.stage = "learning";
    this.isSplit = false;
    this.lessons++;
    this.alone = [null, null];
    for (const tank of this.tanks)
      for (const isLesson of [true, false]) tank.ask({ kind: "play-pong", isLesson });
    this.changed();
  }

  /** A duel, to so many points. */
  play(): void {
    this.stage = "playing";
    this.isSplit = true;
    this.duel = beginDuel(this.random);
    this.see(this.duel.game);
    this.askMove();
    this.changed();
  }

  /** `y` from 0 (bottom) to 1, where the person's paddle is to go. */
  aim(y: number): void {
    this.targetY = Math.min(1 - HALF_PADDLE, Math.max(HALF_PADDLE, y));
  }

  /** By a key: a third of a paddle. */
  nudge(by: 1 | -1): void {
    this.aim(this.targetY + by * 0.1);
  }

  /** Moves the person's paddle up to now. */
  tick(nowMs: number): void {
    const most = SPEED_PER_MS * Math.min(STEP_MS, nowMs - this.drawnAtMs);
    this.drawnAtMs = nowMs;
    this.personY += Math.min(most, Math.max(-most, this.targetY - this.personY));
  }

  close(): void {
    for (const tank of this.tanks) tank.close();
    this.stage = "ready";
  }

  private hear(vat: number, tell: VatTell): void {
    switch (tell.kind) {
      case "brain-grown":
        this.grown++;
        break;
      case "grow-pong":
        if (vat === 0) this.stage = "ready";
        break;
      case "pong-step":
        if (vat !== 0) return;
        this.see(tell.step.court);
        this.votes = tell.step.votes;
        return;
      case "play-pong":
        if (!tell.isLesson) this.alone[vat as 0 | 1] = { hits: tell.hits, misses: tell.misses };
        if (vat === 0) this.stage = tell.isLesson ? "probing" : "ready";
        break;
      case "move-pong":
        this.step(tell.move, tell.votes);
        return;
      case "failed":
        this.failure = tell.message;
    }
    this.changed();
  }

  private askMove(): void {
    this.askedAtMs = performance.now();
    this.tanks[0].ask({ kind: "move-pong", court: this.duel!.game });
  }

  /** Not before the step's 100 ms are over: the brains live through them. */
  private step(move: number, votes: Float64Array): void {
    setTimeout(
      () => {
        if (this.stage !== "playing") return;
        this.votes = votes;
        const { duel, event } = playDuel(this.duel!, { move, personY: this.personY }, this.random);
        this.duel = duel;
        this.see(duel.game);
        const { vat, person } = duel.points;
        if (Math.max(vat, person) >= WINNING_POINTS) this.stage = "ready";
        else this.askMove();
        if (event) this.changed();
      },
      Math.max(0, this.askedAtMs + STEP_MS - performance.now()),
    );
  }

  private see(court: Court): void {
    this.courtBefore = this.court;
    this.court = court;
    this.courtAtMs = performance.now();
  }
}

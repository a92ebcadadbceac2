/** How near what is decoded comes to the targets: cosine, and the target's rank among 50 strings. */
import { cosine } from "../text/metrics/retrieval.ts";
import type { KnownString, Lesson } from "./strings.ts";

export interface Measured {
  /** Means over presentations: of the cosine to the target, its rank (1 is the nearest of 50), the share at rank 1. */
  readonly cosine: number;
  readonly rank: number;
  readonly top1: number;
  /** By pair the mean of what was decoded `[K]`, and its cosine to the target. */
  readonly programs: readonly (readonly number[])[];
  readonly cosines: readonly number[];
}

export class Tally {
  private presentations = 0;
  private readonly sum = { cosine: 0, rank: 0, top1: 0 };
  private readonly programs: number[][];

  constructor(
    /** By pair, what is to be met. */
    private readonly targets: readonly KnownString[],
    private readonly others: Lesson["others"],
  ) {
    this.programs = targets.map(({ program }) => new Array<number>(program.length).fill(0));
  }

  add(pair: number, said: ArrayLike<number>): void {
    const own = cosine(said, this.targets[pair].program);
    const rank = 1 + this.others.filter(({ program }) => cosine(said, program) > own).length;
    this.presentations++;
    this.sum.cosine += own;
    this.sum.rank += rank;
    if (rank === 1) this.sum.top1++;
    const length = Math.hypot(...Array.from(said)) || 1;
    this.programs[pair] = this.programs[pair].map((value, k) => value + said[k] / length);
  }

  /** What is decoded counts by its direction, as the cosine has it; programs are as long as those of strings are. */
  measured(): Measured {
    const mean = (sum: number) => sum / this.presentations;
    return {
      cosine: mean(this.sum.cosine),
      rank: mean(this.sum.rank),
      top1: mean(this.sum.top1),
      programs: this.programs.map((program) => {
        const length = Math.hypot(...program) || 1;
        return program.map((value) => (value * Math.sqrt(program.length)) / length);
      }),
      cosines: this.programs.map((program, pair) => cosine(program, this.targets[pair].program)),
    };
  }
}

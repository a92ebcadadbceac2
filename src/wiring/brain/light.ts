/** Light on groups of cells: while it is on, each of their cells is kicked at random, at a rate that goes with its irradiance. */
import { Random, type RandomState } from "../../math/random.ts";
import type { Group } from "./groups.ts";

export interface Flash {
  readonly group: number;
  readonly fromStep: number;
  readonly toStep: number;
  readonly rateHz: number;
}

export interface LightState {
  readonly flashes: readonly Flash[];
  readonly random: RandomState;
  /** Of each flash, the next kick of each of its cells. */
  readonly next: readonly Float64Array[];
}

const STEPS_PER_SECOND = 10_000;

export class Light {
  /** Cells to kick in the step last asked for: the first `count`. */
  kicked = new Int32Array(256);
  count = 0;
  private flashes: { readonly flash: Flash; readonly next: Float64Array }[] = [];
  private random: Random;

  constructor(
    private readonly groups: readonly Group[],
    seed: number,
  ) {
    this.random = Random.of(seed, "light");
  }

  /** Begins a flash; its cells' first kicks are drawn at once, in the order of calls. */
  flash(flash: Flash): void {
    const { cells } = this.groups[flash.group];
    const next = Float64Array.from(cells, () => flash.fromStep - 1 + this.gap(flash.rateHz));
    this.flashes.push({ flash, next });
  }

  /** Finds the kicks of a step; steps are asked for in their order. */
  at(step: number): void {
    this.count = 0;
    if (this.flashes.length === 0) return;
    let ended = false;
    for (const { flash, next } of this.flashes) {
      if (step >= flash.toStep) {
        ended = true;
        continue;
      }
      if (step < flash.fromStep) continue;
      const { cells } = this.groups[flash.group];
      for (let i = 0; i < next.length; i++)
        if (next[i] === step) {
          this.put(cells[i]);
          next[i] = step + this.gap(flash.rateHz);
        }
    }
    if (ended) this.flashes = this.flashes.filter(({ flash }) => step < flash.toStep);
  }

  /** No flash that has not begun will begin, and those that are on go out. */
  cancel(fromStep: number): void {
    this.flashes = this.flashes.flatMap(({ flash, next }) =>
      flash.fromStep >= fromStep
        ? []
        : [{ flash: { ...flash, toStep: Math.min(flash.toStep, fromStep) }, next }],
    );
  }

  snapshot(): LightState {
    return {
      flashes: this.flashes.map(({ flash }) => flash),
      random: this.random.state(),
      next: this.flashes.map(({ next }) => next.slice()),
    };
  }

  restore({ flashes, random, next }: LightState): void {
    this.flashes = flashes.map((flash, i) => ({ flash, next: Float64Array.from(next[i]) }));
    this.random = Random.resume(random);
    this.count = 0;
  }

  /** Steps to the next kick: geometric, as one draw a step would give. */
  private gap(rateHz: number): number {
    const p = Math.min(1, rateHz / STEPS_PER_SECOND);
    if (!(p > 0)) return Number.POSITIVE_INFINITY;
    return p === 1 ? 1 : 1 + Math.floor(Math.log(this.random.uniform()) / Math.log(1 - p));
  }

  private put(cell: number): void {
    if (this.count === this.kicked.length) {
      const larger = new Int32Array(2 * this.count);
      larger.set(this.kicked);
      this.kicked = larger;
    }
    this.kicked[this.count++] = cell;
  }
}

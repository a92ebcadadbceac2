/** Presentations as the model of learning takes them. Legend: E electrodes of classes. */

/** One presentation as it was recorded. */
export interface Presented {
  readonly places: readonly number[];
  /** `[E]` spikes, outside the bin of the datum's pulse. */
  readonly counts: ArrayLike<number>;
  /** `[E]` index of the delay with which each electrode was written, -1 for not; and index of the dose. */
  readonly delays: ArrayLike<number>;
  readonly doses: ArrayLike<number>;
  /** Share of full plasticity. */
  readonly plasticity: number;
}

/** Whether any electrode was written. */
export function isWritten({ delays }: Pick<Presented, "delays">): boolean {
  for (let e = 0; e < delays.length; e++) if (delays[e] >= 0) return true;
  return false;
}

/** The same for the same places in any order. */
export function keyOf(places: readonly number[]): string {
  return [...places].sort((a, b) => a - b).join(" ");
}

/** A quantity that goes smoothly from one value to another as the culture ages: a logistic curve over days in vitro. */

export interface Ramp {
  readonly early: number;
  readonly late: number;
  /** The day on which it is half way. */
  readonly middleDay: number;
  /** From a quarter to three quarters takes 2.2 times this. */
  readonly widthDays: number;
}

export function rampAt({ early, late, middleDay, widthDays }: Ramp, day: number): number {
  return early + (late - early) / (1 + Math.exp((middleDay - day) / widthDays));
}

/** The day on which the ramp, where it rises, reaches `value`; infinite where it never does. */
export function rampDay({ early, late, middleDay, widthDays }: Ramp, value: number): number {
  const share = (value - early) / (late - early);
  if (share <= 0) return Number.NEGATIVE_INFINITY;
  return share < 1 ? middleDay + widthDays * Math.log(share / (1 - share)) : Number.POSITIVE_INFINITY;
}

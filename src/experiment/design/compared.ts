/** Arms compared over dishes and days: a mixed model of one measure, every arm against the control. */
import { fitMixed, type MixedFit } from "../../math/comparison/mixed.ts";

export interface Measured {
  readonly arm: string;
  readonly dish: string;
  readonly day: number;
  readonly value: number;
}

export interface ComparedArms {
  readonly fit: MixedFit;
  /** Weights of the mean of an arm, and of what it is ahead of the control. */
  readonly mean: (arm: string) => number[];
  readonly ahead: (arm: string) => number[];
}

/** Dishes have an intercept of their own where one has several sessions, days where there are several. */
export function compareArms(
  sessions: readonly Measured[],
  arms: readonly string[],
  control: string,
): ComparedArms {
  const others = arms.filter((arm) => arm !== control);
  const ahead = (arm: string) => [0, ...others.map((other) => Number(other === arm))];
  const dishes = sessions.map(({ dish }) => dish);
  const days = sessions.map(({ day }) => day);
  const groups = [
    ...(new Set(dishes).size < dishes.length ? [dishes] : []),
    ...(new Set(days).size > 1 ? [days] : []),
  ];
  const fit = fitMixed({
    outcomes: sessions.map(({ value }) => value),
    effects: sessions.map(({ arm }) => [1, ...ahead(arm).slice(1)]),
    groups,
  });
  return { fit, mean: (arm) => [1, ...ahead(arm).slice(1)], ahead };
}

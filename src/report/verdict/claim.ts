/** One measure of the trained tissue beside everything that it is compared with. Made once, when a report is built. */
import { type Interval, pairedDifference } from "../../math/interval.ts";
import type { Claim, Rival, Standing } from "../schema/verdict.ts";

export interface Compared {
  readonly code?: "assigned" | "free";
  readonly metric: string;
  readonly isLowerBetter?: boolean;
  readonly ours: Interval;
  /** By name. */
  readonly rivals: readonly (readonly [name: string, value: Interval])[];
}

export function claimOf({ code, metric, isLowerBetter = false, ours, rivals }: Compared): Claim {
  const found: Record<Standing, Rival[]> = { beaten: [], overlapping: [], better: [] };
  for (const [name, value] of rivals)
    found[standing(ours, value, isLowerBetter)].push(rivalOf(name, value, ours));
  const { mean, ci95, perSeed } = ours;
  return { ...(code ? { code } : {}), metric, ours: { mean, ci95, perSeed }, ...found };
}

/** Where `other` stands against `ours`. */
export function standing(ours: Interval, other: Interval, isLowerBetter: boolean): Standing {
  const [[ourLow, ourHigh], [low, high]] = [ours.ci95, other.ci95];
  if (isLowerBetter ? ourHigh < low : ourLow > high) return "beaten";
  return (isLowerBetter ? high < ourLow : low > ourHigh) ? "better" : "overlapping";
}

function rivalOf(name: string, { mean, ci95, perSeed }: Interval, ours: Interval): Rival {
  const { effectSize, ...difference } = pairedDifference(ours.perSeed, perSeed);
  return {
    name,
    mean,
    ci95,
    difference: {
      mean: difference.mean,
      ci95: difference.ci95,
      effectSize: Number.isFinite(effectSize) ? effectSize : null,
    },
  };
}

/** Where `name` stands; null for one that is not compared. */
export function standingOf(claim: Claim | undefined, name: string): Standing | null {
  const groups = ["beaten", "overlapping", "better"] as const;
  return groups.find((group) => claim?.[group].some((rival) => rival.name === name)) ?? null;
}

/** Everything compared. */
export function rivalsOf(claim: Claim | undefined): Rival[] {
  return claim ? [...claim.beaten, ...claim.overlapping, ...claim.better] : [];
}

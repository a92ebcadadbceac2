/**
 * One function judges every report: the trained tissue beside everything that it is compared with, by paired differences over
 * seeds (math/comparison/paired.ts says why by t), corrected for the number of comparisons of the whole report. Made once, when a report
 * is built.
 */
import { holm } from "../../math/comparison/holm.ts";
import { pairedDifference } from "../../math/comparison/paired.ts";
import type { Interval } from "../../math/interval.ts";
import { type Group, groupOf } from "../names.ts";
import type { Claim, Rival, Standing } from "../schema/verdict.ts";

/** Share of reports in which chance alone may tell anything apart. */
const LEVEL = 0.05;

/** A measure of the trained tissue, and of what it is compared with. */
export interface Compared {
  readonly code?: "assigned" | "free";
  readonly metric: string;
  readonly isLowerBetter?: boolean;
  readonly ours: Interval;
  /** By name. */
  readonly rivals: readonly (readonly [name: string, value: Interval])[];
}

export interface Judged {
  readonly comparisons: number;
  /** In the order of what was compared. */
  readonly claims: Claim[];
}

export function judge(compared: readonly Compared[]): Judged {
  const differences = compared.map(({ ours, rivals }) =>
    rivals.map(([, { perSeed }]) => pairedDifference(ours.perSeed, perSeed)),
  );
  const corrected = holm(differences.flat().map(({ p }) => p ?? 1));
  let next = 0;
  const claims = compared.map(({ rivals, isLowerBetter = false, ours, code, metric }, c): Claim => {
    const { mean, ci95, perSeed } = ours;
    return {
      ...(code ? { code } : {}),
      metric,
      isLowerBetter,
      ours: { mean, ci95, perSeed },
      rivals: rivals.map(([name, value], r): Rival => {
        const { p, ...difference } = differences[c][r];
        const correctedP = p === null ? null : corrected[next];
        next++;
        return {
          name,
          group: groupOf(name),
          mean: value.mean,
          ci95: value.ci95,
          difference,
          p,
          correctedP,
          standing: standing(correctedP, isLowerBetter ? -difference.mean : difference.mean),
        };
      }),
    };
  });
  return { comparisons: next, claims };
}

/** Where one stands that is `ahead` behind the trained tissue. */
function standing(correctedP: number | null, ahead: number): Standing {
  if (correctedP === null || correctedP >= LEVEL) return "open";
  return ahead > 0 ? "beaten" : "better";
}

/** Undefined for one that is not compared. */
export function rivalIn(claim: Claim | undefined, name: string): Rival | undefined {
  return claim?.rivals.find((rival) => rival.name === name);
}

export function groupIn(claim: Claim | undefined, group: Group): Rival[] {
  return claim?.rivals.filter((rival) => rival.group === group) ?? [];
}

/** Of these, the one that the trained tissue is the least ahead of. */
export function nearest(claim: Claim, rivals: readonly Rival[]): Rival | undefined {
  const ahead = ({ difference: { mean } }: Rival) => (claim.isLowerBetter ? -mean : mean);
  return [...rivals].sort((a, b) => ahead(a) - ahead(b))[0];
}

/**
 * A forest plot: the trained tissue minus each rival, with its interval, about a line of no difference. A full dot was significant
 * after correction for the number of comparisons, a ring was not.
 */
import { percent } from "../format.ts";
import { GROUP_LABELS, GROUPS } from "../names.ts";
import { colourClass } from "../page/style.ts";
import type { Claim } from "../schema/verdict.ts";
import { groupIn } from "../verdict/claim.ts";
import { marginOf, rivalLabel, unitOf } from "../verdict/margins.ts";
import { dotPlot } from "./dots.ts";
import { extentOf } from "./scale.ts";

/** `ours`: what is compared, in a word. */
export function forestPlot(claim: Claim, ours: string, width: number): string {
  const [low, high] = extentOf([
    0,
    ...claim.rivals.flatMap(({ difference }) => [...difference.ci95, ...difference.perSeed]),
  ]);
  const groups = GROUPS.map((group) => ({
    heading: GROUP_LABELS[group],
    rows: groupIn(claim, group).map((rival) => ({
      label: rivalLabel(rival),
      class: colourClass(rival.name),
      mean: rival.difference.mean,
      ci95: rival.difference.ci95,
      perSeed: rival.difference.perSeed,
      isOpen: rival.standing === "open",
      title: `${ours} minus ${rivalLabel(rival)}: ${marginOf(claim, rival)} ${unitOf(claim.metric)}`,
    })),
  }));
  return dotPlot({
    title: `${ours} minus everything that it is compared with`,
    description: groups.flatMap(({ rows }) => rows.map(({ title }) => title)).join("; "),
    groups,
    width,
    labelWidth: 168,
    xLabel: `${ours} minus it (${unitOf(claim.metric)}${claim.isLowerBetter ? ", lower is better" : ""})`,
    xDomain: high > low ? [low, high] : [low - 1, high + 1],
    ...(unitOf(claim.metric) === "points"
      ? { xFormat: (value: number) => percent(value, high - low > 0.04 ? 0 : 1) }
      : {}),
    zero: 0,
  });
}

/** Under it. */
export const FOREST_CAPTION =
  "Right of the line the trained tissue is better. Dots are mean differences, bars 95 % t intervals, faint ticks single seeds; a ring is a difference that is not significant after correction for the number of comparisons.";
